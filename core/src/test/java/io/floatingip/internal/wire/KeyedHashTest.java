package io.floatingip.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class KeyedHashTest {
    private static final byte[] HI_THERE = "Hi There".getBytes(StandardCharsets.US_ASCII);

    @Test
    void sumsTheFirstCaseOfRfc2202() {
        assertThat(HexFormat.of().formatHex(KeyedHash.md5(filled(16)).of(HI_THERE, 8)))
                .isEqualTo("9294727a3638bb1c13f48ef8158bfc9d");
    }

    @Test
    void sumsTheFirstCaseOfRfc4231() {
        assertThat(HexFormat.of().formatHex(KeyedHash.sha256(filled(20)).of(HI_THERE, 8)))
                .isEqualTo("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    }

    @Test
    void agreesWithTheJdkForEveryLengthOfKeyAndMessage() throws Exception {
        Random random = new Random(1);
        for (int length = 1; length <= 64; length++) {
            byte[] key = new byte[length];
            byte[] data = new byte[random.nextInt(300)];
            random.nextBytes(key);
            random.nextBytes(data);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            KeyedHash hash = KeyedHash.sha256(key);
            hash.of(key, length);
            assertThat(hash.of(data, data.length)).isEqualTo(mac.doFinal(data));
        }
    }

    @Test
    void refusesAKeyLongerThanABlock() {
        assertThatThrownBy(() -> KeyedHash.sha256(new byte[65]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key must have at most 64 bytes, got 65");
    }

    private static byte[] filled(int length) {
        byte[] key = new byte[length];
        Arrays.fill(key, (byte) 0x0b);
        return key;
    }
}
