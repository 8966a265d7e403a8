package io.floatingip.kernel;

import io.floatingip.lab.Frr;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ours and FRR's vrrpd behind one address, in everything both can speak; see {@link TwoRouters}. */
@Tag("kernel")
@Tag("once")
@Tag("frr")
class FrrMatrixIT {
    /** What the two speak: version 2 every second, which is its shortest interval, version 3 every 100 ms. */
    enum Dialect {
        V2(2, 1000, "10.99.0.66"),
        V3_IPV4(3, 100, "10.99.0.66"),
        V3_IPV6(3, 100, "fd99::66");

        private final int version;
        private final int intervalMillis;
        private final String address;

        Dialect(int version, int intervalMillis, String address) {
            this.version = version;
            this.intervalMillis = intervalMillis;
            this.address = address;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Execution(ExecutionMode.CONCURRENT)
    void takesTurnsWithFrr(Dialect dialect) {
        boolean ipv6 = dialect.address.contains(":");
        List<String> options =
                List.of("--version", Integer.toString(dialect.version), "--interval", dialect.intervalMillis + "ms");
        try (TwoRouters routers = new TwoRouters(
                dialect.address,
                options,
                (lan, host, ours, priority) -> new Frr(
                                52,
                                dialect.version,
                                priority,
                                dialect.intervalMillis,
                                ipv6 ? "" : dialect.address,
                                ipv6 ? dialect.address : "")
                        .start(lan, host),
                true)) {
            routers.takeTurns();
        }
    }
}
