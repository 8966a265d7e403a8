package io.floatingip.kernel;

import com.sun.management.OperatingSystemMXBean;
import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.health.HealthChecks;
import io.floatingip.health.HealthPolicy;
import io.floatingip.health.HealthStatus;
import io.floatingip.lab.Metronome;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.IntSummaryStatistics;
import java.util.concurrent.TimeUnit;

/** A process of its own: a master that advertises every 100 ms and makes a thousand TCP connections a second to see whether it should. */
public final class HealthLoad {
    private HealthLoad() {}

    /**
     * Arguments: how many checks, how many seconds. Prints "steady", then what happened from there on: {@code runs N failures N threads N to N cpu N
     * late N role R}, the time of processors it took and how late a thread was that only waits, both in milliseconds.
     */
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
        for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
            config.check("check " + i, HealthChecks.tcp("127.0.0.1", server.getLocalPort()), HealthPolicy.weight(1));
        }
        try (FloatingIp joined = FloatingIp.join(config.build())) {
            // Everything is compiled by then, and the threads of the beginning that idle have ended.
            TimeUnit.SECONDS.sleep(15);
            IntSummaryStatistics threads = new IntSummaryStatistics();
            long runsBefore = runs(joined);
            long cpuBefore = cpuMillis();
            Metronome metronome = new Metronome(Duration.ofMillis(1));
            System.out.println("steady");
            for (int second = Integer.parseInt(arguments[1]); second > 0; second--) {
                TimeUnit.SECONDS.sleep(1);
                threads.accept(healthThreads());
            }
            long cpu = cpuMillis() - cpuBefore;
            long late = metronome.latest().toMillis();
            metronome.close();
            long failures = joined.status().health().stream()
                    .mapToLong(HealthStatus::failures)
                    .sum();
            System.out.println(
                    "runs " + (runs(joined) - runsBefore) + " failures " + failures + " threads " + threads.getMin()
                            + " to " + threads.getMax() + " cpu " + cpu + " late " + late + " role " + joined.role());
        }
    }

    private static long cpuMillis() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1_000_000;
    }

    private static int healthThreads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("floatingip-(health|lookup).*"))
                .count();
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
