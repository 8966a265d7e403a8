package io.floatingip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AuthenticationTest {
    private static final String SECRET = "correct-horse-battery-staple-4711";

    @Test
    void secretsAreNeverPrinted() {
        Authentication.Hmac hmac = Authentication.hmac()
                .key(1, SECRET.getBytes(StandardCharsets.UTF_8))
                .key(9, new byte[32])
                .activeKey(9)
                .build();
        assertThat(hmac).hasToString("hmac(keys [1, 9], active 9, ENFORCE)");
        assertThat(Authentication.password(SECRET)).hasToString("password");
        assertThat(Authentication.authenticationHeader(SECRET)).hasToString("authentication header");
    }

    @Test
    void secretsAreNeverInTheMessageOfARefusal() {
        assertThatThrownBy(() -> Authentication.hmac().key(1, "hunter2".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key 1 must have 32 to 64 bytes, got 7");
    }

    @Test
    void aSecretCannotBeChangedFromOutside() {
        byte[] key = SECRET.getBytes(StandardCharsets.UTF_8);
        byte[] original = key.clone();
        Authentication.Hmac hmac = Authentication.hmac().key(1, key).build();
        Arrays.fill(key, (byte) 0);
        Arrays.fill(hmac.key(1).orElseThrow(), (byte) 0);
        assertThat(hmac.key(1)).contains(original);

        Authentication.Password password = (Authentication.Password) Authentication.password("hunter2");
        Arrays.fill(password.secret(), (byte) 0);
        assertThat(password.secret()).isEqualTo("hunter2".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theLowestKeySignsUnlessAnotherIsChosen() {
        Authentication.Hmac hmac =
                Authentication.hmac().key(7, new byte[32]).key(3, new byte[64]).build();
        assertThat(hmac.activeKey()).isEqualTo(3);
        assertThat(hmac.keyIds()).containsExactly(3, 7);
        assertThat(hmac.key(4)).isEmpty();
        assertThat(hmac.timeWindow()).isEmpty();
        assertThat(hmac.antiReplay()).isEqualTo(Authentication.Hmac.AntiReplay.TIME);
        assertThat(hmac.mode()).isEqualTo(Authentication.Hmac.Mode.ENFORCE);
    }

    @Test
    void whatCannotWorkIsRefused() {
        Authentication.Hmac.Builder one = Authentication.hmac().key(1, new byte[32]);
        assertThatThrownBy(() -> Authentication.password("")).hasMessage("the password must not be empty");
        assertThatThrownBy(() -> Authentication.authenticationHeader("")).hasMessage("the password must not be empty");
        assertThatThrownBy(() -> one.key(0, new byte[32])).hasMessage("key id must be 1 to 255, got 0");
        assertThatThrownBy(() -> one.key(256, new byte[32])).hasMessage("key id must be 1 to 255, got 256");
        assertThatThrownBy(() -> one.key(2, new byte[65])).hasMessage("key 2 must have 32 to 64 bytes, got 65");
        assertThatThrownBy(() -> one.timeWindow(Duration.ofMillis(999)))
                .hasMessage("time window must be 1 s to 300 s, got PT0.999S");
        assertThatThrownBy(() -> one.timeWindow(Duration.ofSeconds(301))).hasMessageContaining("got PT5M1S");
        assertThatThrownBy(() -> Authentication.hmac().build()).hasMessage("hmac needs at least one key");
        assertThatThrownBy(() -> one.activeKey(2).build())
                .hasMessage("the active key must be one of the keys [1], got 2");
    }
}
