package io.floatingip.internal.wire;

import static io.floatingip.internal.wire.ProfileBuilder.ip;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.floatingip.Authentication;
import io.floatingip.internal.wire.Decoded.Accepted;
import io.floatingip.internal.wire.WireProfile.TtlBounds;
import io.floatingip.spi.Packet;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** The steady state makes no garbage: measured as bytes allocated by this thread. */
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CALLS = 2000;
    private static final InetAddress NODE = ip("192.0.2.251");
    private static final InetAddress PEER = ip("192.0.2.252");
    private static final InetAddress OTHER_PEER = ip("192.0.2.253");

    private final ByteBuffer out = ByteBuffer.allocateDirect(AdvertCodec.PACKET_BYTES_MAX);

    @Test
    void repeatedAdvertsOfEveryKind() {
        assertNoGarbageToSend(ProfileBuilder.v2());
        assertNoGarbageToSend(ProfileBuilder.v2().authentication(Authentication.password("secret42")));
        assertNoGarbageToSend(ProfileBuilder.v2().authentication(Authentication.authenticationHeader("secret42")));
        assertNoGarbageToSend(ProfileBuilder.v3());
        assertNoGarbageToSend(ProfileBuilder.v3().authentication(hmac()));
    }

    @Test
    void repeatedAdvertsOverIpv6() {
        for (Authentication authentication : new Authentication[] {Authentication.none(), hmac()}) {
            ProfileBuilder profile = ProfileBuilder.v3Ipv6().authentication(authentication);
            AdvertCodec codec = profile.codec();
            Advert advert = profile.advert(100);
            InetAddress source = ip("fe80::c8");
            InetAddress group = ip("ff02::12");
            assertThat(allocatedBy(now -> codec.encode(advert, source, group, now, out)))
                    .isZero();
        }
    }

    @Test
    void copiesForSeveralPeers() {
        for (Authentication authentication :
                new Authentication[] {Authentication.authenticationHeader("secret42"), Authentication.none(), hmac()}) {
            ProfileBuilder profile = ProfileBuilder.v2()
                    .authentication(authentication)
                    .unicast("192.0.2.251", Map.of(PEER, TtlBounds.ANY, OTHER_PEER, TtlBounds.ANY));
            AdvertCodec codec = profile.codec();
            Advert advert = profile.advert(100);
            assertThat(allocatedBy(now -> {
                        codec.encode(advert, NODE, PEER, now, out);
                        codec.encode(advert, NODE, OTHER_PEER, now, out);
                    }))
                    .isZero();
        }
    }

    @Test
    void anEqualAdvertThatIsAnotherObject() {
        AdvertCodec codec = ProfileBuilder.v3().codec();
        Advert[] equal = new Advert[] {
            ProfileBuilder.v3().advert(100), ProfileBuilder.v3().advert(100)
        };
        InetAddress group = ip("224.0.0.18");
        InetAddress[] nodes = {NODE, ip("192.0.2.251")};
        assertThat(allocatedBy(now -> codec.encode(equal[(int) (now & 1)], nodes[(int) (now & 1)], group, now, out)))
                .isZero();
    }

    @Test
    void attributingAndRecognizingARepetition() {
        for (ProfileBuilder profile : new ProfileBuilder[] {ProfileBuilder.v2(), ProfileBuilder.v3()}) {
            AdvertCodec codec = profile.codec();
            codec.encode(profile.advert(100), NODE, ip("224.0.0.18"), 0, out);
            Packet packet = new Packet().setIpv4(out, 0);
            assertThat(codec.decode(packet, PEER, 0)).isInstanceOf(Accepted.class);
            long[] repetitions = {0};
            assertThat(allocatedBy(now -> {
                        if (AdvertCodec.virtualRouterId(packet) == 10 && codec.repeatsLastAccepted(packet)) {
                            repetitions[0]++;
                        }
                    }))
                    .isZero();
            assertThat(repetitions[0]).isPositive().isEqualTo(calls);
        }
    }

    private long calls;

    private void assertNoGarbageToSend(ProfileBuilder profile) {
        AdvertCodec codec = profile.codec();
        Advert advert = profile.advert(100);
        InetAddress group = ip("224.0.0.18");
        assertThat(allocatedBy(now -> codec.encode(advert, NODE, group, now, out)))
                .isZero();
    }

    /** The least of a few rounds: the JVM itself may allocate in one, for a compiled method or a resolved call. */
    private long allocatedBy(LongConsumer turn) {
        long least = Long.MAX_VALUE;
        calls = 0;
        for (int round = 0; round < 5; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                turn.accept(calls++);
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private static Authentication hmac() {
        return Authentication.hmac().key(1, new byte[32]).build();
    }
}
