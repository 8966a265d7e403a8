package io.floatingip.kernel;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** A JVM that joins every virtual router there can be on eth0, and prints every change of role as {@code VRID ROLE nanoTime}. */
final class ManyRouters {
    static final int COUNT = 255;

    private ManyRouters() {}

    /** The address of a virtual router. */
    static String address(int vrid) {
        return "10.99.1." + vrid;
    }

    /** Arguments: priority, interval in milliseconds. Ends with its standard input; each line before that asks for the counters. */
    public static void main(String[] args) throws IOException {
        Executor executor = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "callbacks");
            thread.setDaemon(true);
            return thread;
        });
        List<FloatingIp> joined = new ArrayList<>();
        for (int vrid = 1; vrid <= COUNT; vrid++) {
            FloatingIpConfig config = FloatingIpConfig.builder()
                    .networkInterface("eth0")
                    .virtualRouterId(vrid)
                    .priority(Integer.parseInt(args[0]))
                    .advertInterval(Duration.ofMillis(Integer.parseInt(args[1])))
                    .address(address(vrid))
                    .callbackExecutor(executor)
                    .listener(RoleListener.onAnyChange(ManyRouters::print))
                    .build();
            joined.add(FloatingIp.join(config));
        }
        System.out.println("joined");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        while (in.readLine() != null) {
            long pauses = joined.get(0).status().counter("pauses");
            long warnings = joined.stream()
                    .mapToLong(each -> each.status().warnings().size())
                    .sum();
            System.out.println("pauses " + pauses + " warnings " + warnings);
        }
    }

    private static void print(RoleChange change) {
        String name = change.name();
        System.out.println(name.substring(name.indexOf('-') + 1) + " " + change.to() + " " + System.nanoTime());
    }
}
