package io.floatingip.kernel;

import io.floatingip.lab.Host;
import io.floatingip.lab.Keepalived;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Running;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ours and keepalived behind one address, in everything both can speak; see {@link TwoRouters}. */
@Tag("kernel")
@Tag("once")
@Tag("keepalived")
class KeepalivedMatrixIT {
    private static final String IPV4 = "10.99.0.66";
    private static final String IPV6 = "fd99::66";
    private static final String SECRET = "swordfish";

    /** What the two speak: version 2 every second, which is its shortest interval, version 3 every 100 ms. */
    enum Dialect {
        V2(2, IPV4, List.of(), List.of()),
        V2_PASS(2, IPV4, List.of("--password", SECRET), authentication("PASS")),
        V2_AH(2, IPV4, List.of("--auth-header", SECRET), authentication("AH")),
        V3_IPV4(3, IPV4, List.of(), List.of()),
        V3_IPV6(3, IPV6, List.of(), List.of()),
        V3_UNICAST_IPV4(
                3,
                IPV4,
                List.of("--unicast-peer", "THEIRS"),
                List.of("unicast_src_ip THEIRS", "unicast_peer {", "OURS", "}")),
        V3_UNICAST_IPV6(
                3,
                IPV6,
                List.of("--source", "OURS", "--unicast-peer", "THEIRS@255-255"),
                List.of("unicast_ttl 255", "unicast_src_ip THEIRS", "unicast_peer {", "OURS", "}")),
        V3_VIRTUAL_MAC_IPV4(3, IPV4, List.of("--virtual-mac", "on"), List.of("use_vmac")),
        V3_VIRTUAL_MAC_IPV6(3, IPV6, List.of("--virtual-mac", "on"), List.of("use_vmac")),
        V3_VIRTUAL_MAC_THEIRS(3, IPV4, List.of(), List.of("use_vmac"));

        private final int version;
        private final String address;
        private final List<String> options;
        private final List<String> lines;

        Dialect(int version, String address, List<String> options, List<String> lines) {
            this.version = version;
            this.address = address;
            this.options = options;
            this.lines = lines;
        }

        private static List<String> authentication(String type) {
            return List.of("authentication {", "auth_type " + type, "auth_pass " + SECRET, "}");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Execution(ExecutionMode.CONCURRENT)
    void takesTurnsWithKeepalived(Dialect dialect) {
        List<String> options = new ArrayList<>(dialect.options);
        options.addAll(List.of("--version", Integer.toString(dialect.version)));
        options.addAll(List.of("--interval", dialect.version == 2 ? "1s" : "100ms"));
        try (TwoRouters routers = new TwoRouters(
                dialect.address,
                options,
                (lan, host, ours, priority) -> keepalived(dialect, lan, host, ours, priority),
                false)) {
            routers.takeTurns();
        }
    }

    private static Running keepalived(Dialect dialect, Lan lan, Host host, Host ours, int priority) {
        boolean ipv6 = dialect.address.contains(":");
        List<String> lines = dialect.lines.stream()
                .map(line -> line.replace("OURS", ipv6 ? ours.ipv6() : ours.ipv4())
                        .replace("THEIRS", ipv6 ? host.ipv6() : host.ipv4()))
                .toList();
        return new Keepalived(
                        52,
                        dialect.version,
                        priority,
                        dialect.version == 2 ? "1" : "0.1",
                        List.of(dialect.address + (ipv6 ? "/128" : "/32")),
                        lines)
                .start(lan, host);
    }
}
