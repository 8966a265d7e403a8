package io.floatingip.kernel;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.health.HealthChecks;
import io.floatingip.health.HealthPolicy;
import io.floatingip.health.HealthStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A process of its own: a master that advertises every 100 ms and makes a thousand TCP connections a second to see whether it should. */
public final class HealthLoad {
    private static final int CHECKS = 1000;

    private HealthLoad() {}

    /** Arguments: how many seconds. Prints "steady", then "runs N failures N threads before N after N". */
    public static void main(String[] arguments) throws Exception {
        ServerSocket server = new ServerSocket(0, 4096, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(() -> accept(server), "acceptor");
        acceptor.setDaemon(true);
        acceptor.start();
        FloatingIpConfig.Builder config = FloatingIpConfig.builder()
                .networkInterface("eth0")
                .virtualRouterId(52)
                .address("10.99.0.66/32")
                .advertInterval(Duration.ofMillis(100));
        for (int i = 0; i < CHECKS; i++) {
            config.check("check " + i, HealthChecks.tcp("127.0.0.1", server.getLocalPort()), HealthPolicy.weight(1));
        }
        try (FloatingIp joined = FloatingIp.join(config.build())) {
            // The first second does not count: everything is loaded and compiled in it.
            TimeUnit.SECONDS.sleep(5);
            int threadsBefore = Thread.activeCount();
            long runsBefore = runs(joined);
            System.out.println("steady");
            TimeUnit.SECONDS.sleep(Long.parseLong(arguments[0]));
            long failures = joined.status().health().stream()
                    .mapToLong(HealthStatus::failures)
                    .sum();
            System.out.println("runs " + (runs(joined) - runsBefore) + " failures " + failures + " threads before "
                    + threadsBefore + " after " + Thread.activeCount() + " role " + joined.role());
        }
    }

    private static long runs(FloatingIp joined) {
        return joined.status().health().stream().mapToLong(HealthStatus::runs).sum();
    }

    private static void accept(ServerSocket server) {
        while (true) {
            try {
                server.accept().close();
            } catch (IOException e) {
                return;
            }
        }
    }
}
