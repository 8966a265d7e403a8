package io.floatingip.linux;

import static io.floatingip.linux.TwoHosts.address;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.floatingip.VirtualAddress;
import io.floatingip.spi.HeldAddress;
import io.floatingip.spi.Link;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AddressesIT {
    private TwoHosts hosts;
    private TwoHosts.Host host;
    private Link link;

    @BeforeEach
    void openOne() throws Exception {
        hosts = new TwoHosts();
        host = hosts.a;
        link = host.open("eth0");
    }

    @AfterEach
    void closeBoth() throws Exception {
        if (hosts != null) {
            hosts.close();
        }
    }

    @Test
    void anAddressGetsAnotherPrefixLengthAndIsThereAllTheTime() throws Exception {
        VirtualAddress narrow = VirtualAddress.parse("10.0.0.100/32");
        VirtualAddress wide = VirtualAddress.parse("10.0.0.100/24");
        host.run(() -> {
            link.addAddress(narrow, 0);
            link.addAddress(wide, 0);
        });
        assertThat(host.call(() -> link.markedAddresses())).containsExactlyInAnyOrder(narrow, wide);
        host.run(() -> link.removeAddress(narrow));
        assertThat(host.call(() -> link.markedAddresses())).containsExactly(wide);
        assertThat(host.ip("route show table local")).contains("local 10.0.0.100 dev eth0");
    }

    @Test
    void addressIsThereAtOnceMarkedAndKnownAsOurs() throws Exception {
        VirtualAddress ipv4 = VirtualAddress.parse("10.0.0.100/24").label("eth0:ha");
        VirtualAddress ipv6 = VirtualAddress.parse("fd00::100");
        host.run(() -> {
            link.addAddress(ipv4, 0);
            link.addAddress(ipv6, 0);
        });
        assertThat(host.ip("-4 -o addr show dev eth0")).contains("10.0.0.100/24 scope global secondary eth0:ha");
        assertThat(host.ip("-6 -d addr show dev eth0"))
                .contains("fd00::100/128 scope global nodad deprecated")
                .contains("valid_lft forever preferred_lft 0sec");
        assertThat(host.call(() -> link.markedAddresses())).containsExactly(ipv4, ipv6);
        assertThat(host.call(() -> link.addresses()))
                .containsExactlyInAnyOrder(
                        address("10.0.0.1"), address("10.0.0.100"), address("fd00::100"), address("fe80::a"));
        assertThat(host.call(() -> host.network().holder(address("10.0.0.100"))))
                .isEqualTo(Optional.of(new HeldAddress("eth0", 24, true)));
        assertThat(host.call(() -> host.network().holder(address("10.0.0.1"))))
                .isEqualTo(Optional.of(new HeldAddress("eth0", 24, false)));
        assertThat(host.call(() -> host.network().holder(address("10.0.0.7")))).isEmpty();
    }

    @Test
    void ownAddressesAndTheirRemovalAreNoNews() throws Exception {
        VirtualAddress virtual = VirtualAddress.parse("10.0.0.100/24");
        VirtualAddress linkLocal = VirtualAddress.parse("fe80::100");
        host.drain();
        int before = host.heard.linkChanges;
        host.run(() -> {
            link.addAddress(virtual, 0);
            link.addAddress(linkLocal, 0);
            link.addAddress(virtual, 10);
            link.removeAddress(virtual);
            link.removeAddress(linkLocal);
        });
        host.drain();
        assertThat(host.heard.removals).isZero();
        assertThat(host.heard.linkChanges).isEqualTo(before);
        assertThat(link.info().ipv4()).extracting(a -> a.getHostAddress()).containsExactly("10.0.0.1");
        assertThat(link.info().ipv6LinkLocal())
                .extracting(a -> a.getHostAddress())
                .containsExactly("fe80:0:0:0:0:0:0:a");
    }

    @Test
    void removalByOthersAndExpiryAreReported() throws Exception {
        host.run(() -> {
            link.addAddress(VirtualAddress.parse("10.0.0.100/24"), 0);
            link.addAddress(VirtualAddress.parse("10.0.0.101/24"), 0);
        });
        host.drain();
        host.ip("addr del 10.0.0.100/24 dev eth0");
        host.until(() -> host.heard.removals == 1);
        assertThat(host.call(() -> link.addresses())).doesNotContain(address("10.0.0.100"));
        host.run(() -> link.addAddress(VirtualAddress.parse("10.0.0.101/24"), 1));
        host.until(() -> host.heard.removals == 2);
        assertThat(host.call(() -> link.addresses())).doesNotContain(address("10.0.0.101"));
    }

    @Test
    void renewalBringsBackWhatExpiredAndKeepsWhatIsThere() throws Exception {
        VirtualAddress virtual = VirtualAddress.parse("fd00::100");
        host.run(() -> link.addAddress(virtual, 1));
        assertThat(host.ip("-6 addr show dev eth0")).contains("valid_lft 1sec");
        host.until(() -> host.heard.removals == 1);
        host.run(() -> link.addAddress(virtual, 30));
        host.run(() -> link.addAddress(virtual, 60));
        assertThat(host.ip("-6 addr show dev eth0")).containsPattern("valid_lft (60|59)sec");
    }

    @Test
    void addressSomebodyElsePutThereIsNeitherTakenNorRemoved() throws Exception {
        host.ip("addr add 10.0.0.100/24 dev eth0");
        host.ip("addr add fd00::100/64 dev eth0 nodad");
        for (String text : List.of("10.0.0.100/24", "10.0.0.100/32", "fd00::100/64", "fd00::100/128")) {
            assertThatThrownBy(() -> host.run(() -> link.addAddress(VirtualAddress.parse(text), 3)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("already there, not put there by this library");
        }
        assertThatThrownBy(() -> host.run(() -> link.removeAddress(VirtualAddress.parse("10.0.0.100/24"))))
                .hasMessageContaining("left alone");
        assertThat(host.ip("addr show dev eth0"))
                .contains("inet 10.0.0.100/24 scope global secondary eth0\n       valid_lft forever");
    }

    @Test
    void leftoverOfAnEarlierProcessIsTakenOverOrRemoved() throws Exception {
        TwoHosts.Host second = hosts.b;
        // Another link of another network object knows nothing of what the first one did.
        Link before = second.open("eth0");
        second.run(() -> {
            before.addAddress(VirtualAddress.parse("10.0.0.100/24"), 0);
            before.addAddress(VirtualAddress.parse("10.0.0.101/32"), 0);
            before.close();
        });
        Link after = second.open("eth0");
        second.run(() -> {
            after.addAddress(VirtualAddress.parse("10.0.0.100/24"), 30);
            after.removeAddress(VirtualAddress.parse("10.0.0.101/32"));
        });
        assertThat(second.ip("addr show dev eth0"))
                .containsPattern("10.0.0.100/24 .*\n +valid_lft (30|29)sec")
                .doesNotContain("10.0.0.101");
    }

    @Test
    void removingTheFirstAddressOfASubnetLeavesTheOthers() throws Exception {
        assertThat(host.sh("sysctl -n net.ipv4.conf.eth0.promote_secondaries net.ipv4.conf.all.promote_secondaries"))
                .isEqualTo("0\n0\n");
        VirtualAddress first = VirtualAddress.parse("192.0.2.1/24");
        VirtualAddress second = VirtualAddress.parse("192.0.2.2/24");
        host.run(() -> {
            link.addAddress(first, 0);
            link.addAddress(second, 0);
            link.removeAddress(first);
        });
        assertThat(host.call(() -> link.markedAddresses())).containsExactly(second);
        assertThat(host.sh("sysctl -n net.ipv4.conf.eth0.promote_secondaries")).isEqualTo("0\n");
        host.drain();
        assertThat(host.heard.removals).isZero();
    }

    @Test
    void removingWhatIsGoneIsSuccess() throws Exception {
        VirtualAddress virtual = VirtualAddress.parse("10.0.0.100/24");
        host.run(() -> link.removeAddress(virtual));
        host.run(() -> link.addAddress(virtual, 0));
        host.ip("addr del 10.0.0.100/24 dev eth0");
        host.run(() -> link.removeAddress(virtual));
        host.run(() -> link.addAddress(virtual, 0));
        host.ip("link del eth0");
        host.run(() -> link.removeAddress(virtual));
        host.drain();
        host.run(() -> link.removeAddress(virtual));
    }

    @Test
    void switchedOffIpv6SaysSo() throws Exception {
        host.sh("sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1");
        assertThatThrownBy(() -> host.run(() -> link.addAddress(VirtualAddress.parse("fd00::100"), 0)))
                .hasMessageContaining("IPv6 is disabled");
    }

    @Test
    void newsLostInAFloodAreMadeUpFor() throws Exception {
        host.drain();
        StringBuilder batch = new StringBuilder();
        for (int i = 0; i < 30_000; i++) {
            batch.append(i % 2 == 0 ? "addr add" : "addr del").append(" 10.9.9.9/32 dev eth0\n");
        }
        batch.append("addr add 10.7.7.7/32 dev eth0\n");
        Path file = Files.createTempFile("fipnative", ".batch");
        try {
            Files.writeString(file, batch);
            host.ip("-batch " + file);
        } finally {
            Files.delete(file);
        }
        host.drain();
        assertThat(link.info().ipv4()).extracting(a -> a.getHostAddress()).containsExactly("10.0.0.1", "10.7.7.7");
        assertThat(host.heard.removals).isPositive();
    }

    @Test
    void renewalIsOneRoundTrip() throws Exception {
        VirtualAddress virtual = VirtualAddress.parse("10.0.0.100/24");
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] cost = host.call(() -> {
            for (int i = 0; i < 3_000; i++) {
                link.addAddress(virtual, 30);
                host.network().drain(host.heard);
            }
            long bytes = threads.getCurrentThreadAllocatedBytes();
            long start = System.nanoTime();
            for (int i = 0; i < 1_000; i++) {
                link.addAddress(virtual, 30);
            }
            long nanos = System.nanoTime() - start;
            long renewed = threads.getCurrentThreadAllocatedBytes() - bytes;
            host.network().drain(host.heard);
            return new long[] {nanos / 1_000, renewed / 1_000, threads.getCurrentThreadAllocatedBytes() - bytes};
        });
        System.out.println(
                "renewal: " + cost[0] + " ns, " + cost[1] + " bytes; with its echo " + cost[2] / 1_000 + " bytes");
        assertThat(cost[1]).isLessThan(500);
    }
}
