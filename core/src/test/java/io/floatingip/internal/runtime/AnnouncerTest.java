package io.floatingip.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.spi.Link;
import io.floatingip.spi.LinkSpec;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnouncerTest {
    private static final long MILLI = 1_000_000L;
    private static final long NOW = Long.MAX_VALUE - 3 * MILLI; // the clock wraps during these tests

    private final Announcer announcer = new Announcer();
    private final LinkUse eth0 = use("eth0");
    private final LinkUse eth1 = use("eth1");
    private final List<String> sent = new ArrayList<>();
    private final Announcer.Owner owner = (use, address) -> sent.add(name(use) + " " + address.getHostAddress());
    private final Announcer.Owner other = (use, address) -> sent.add("other " + address.getHostAddress());

    /** The announcer only tells links apart. */
    private static LinkUse use(String name) {
        Link untouched = (Link) Proxy.newProxyInstance(
                AnnouncerTest.class.getClassLoader(), new Class<?>[] {Link.class}, (proxy, method, arguments) -> {
                    throw new AssertionError(method);
                });
        return new LinkUse(new LinkSpec.Interface(name), untouched);
    }

    private static String name(LinkUse use) {
        return ((LinkSpec.Interface) use.spec()).name();
    }

    private static InetAddress ip(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, (byte) (last >> 8), (byte) last});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void nothingQueuedIsNeverDue() {
        assertThat(announcer.work(NOW)).isEqualTo(Long.MAX_VALUE);
        announcer.announce(owner, eth0, ip(1), 0, NOW);
        announcer.work(NOW);
        assertThat(announcer.work(NOW)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void withoutAPaceAllGoAtOnceInOrder() {
        for (int i = 1; i <= 3; i++) {
            announcer.announce(owner, eth0, ip(i), 0, NOW);
        }
        assertThat(announcer.work(NOW)).isEqualTo(Long.MAX_VALUE);
        assertThat(sent).containsExactly("eth0 10.0.0.1", "eth0 10.0.0.2", "eth0 10.0.0.3");
    }

    @Test
    void hundredsGoInSlicesSoThatAdvertsComeBetween() {
        for (int i = 0; i < 150; i++) {
            announcer.announce(owner, eth0, ip(i), 0, NOW);
        }
        assertThat(announcer.work(NOW)).isZero();
        assertThat(announcer.work(NOW)).as("in the same turn").isZero();
        assertThat(sent).hasSize(64);
        announcer.beginTurn();
        assertThat(announcer.work(NOW)).isZero();
        announcer.beginTurn();
        assertThat(announcer.work(NOW)).isEqualTo(Long.MAX_VALUE);
        assertThat(sent).hasSize(150).doesNotHaveDuplicates();
    }

    @Test
    void eachLinkHasItsPace() {
        for (int i = 1; i <= 3; i++) {
            announcer.announce(owner, eth0, ip(i), 5 * MILLI, NOW);
        }
        announcer.announce(owner, eth1, ip(9), 5 * MILLI, NOW);
        assertThat(announcer.work(NOW)).isEqualTo(5 * MILLI);
        assertThat(sent).containsExactlyInAnyOrder("eth0 10.0.0.1", "eth1 10.0.0.9");

        assertThat(announcer.work(NOW + 5 * MILLI - 1)).isEqualTo(1);
        assertThat(sent).hasSize(2);
        assertThat(announcer.work(NOW + 5 * MILLI)).isEqualTo(5 * MILLI);
        assertThat(announcer.work(NOW + 12 * MILLI)).isEqualTo(Long.MAX_VALUE);
        assertThat(sent).endsWith("eth0 10.0.0.2", "eth0 10.0.0.3");
    }

    @Test
    void thePaceHoldsAcrossBursts() {
        announcer.announce(owner, eth0, ip(1), 5 * MILLI, NOW);
        announcer.work(NOW);
        announcer.announce(owner, eth0, ip(2), 5 * MILLI, NOW + MILLI);
        assertThat(announcer.work(NOW + MILLI)).isEqualTo(4 * MILLI);
        assertThat(sent).containsExactly("eth0 10.0.0.1");
    }

    @Test
    void aRouterThatIsNotMasterAnyMoreIsForgottenAndOthersAreNot() {
        announcer.announce(owner, eth0, ip(1), 0, NOW);
        announcer.announce(other, eth0, ip(2), 0, NOW);
        announcer.announce(owner, eth1, ip(1), 0, NOW);
        announcer.forget(owner);
        assertThat(announcer.work(NOW)).isEqualTo(Long.MAX_VALUE);
        assertThat(sent).containsExactly("other 10.0.0.2");
    }

    @Test
    void aLinkThatIsClosedIsForgotten() {
        announcer.announce(owner, eth0, ip(1), 0, NOW);
        announcer.announce(owner, eth1, ip(1), 0, NOW);
        announcer.forget(eth0);
        announcer.work(NOW);
        assertThat(sent).containsExactly("eth1 10.0.0.1");
    }
}
