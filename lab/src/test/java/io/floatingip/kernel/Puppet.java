package io.floatingip.kernel;

import io.floatingip.FenceMode;
import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Placement;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import io.floatingip.lab.Host;
import io.floatingip.lab.Running;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A JVM that joins through the API and obeys lines on its standard input, some of which end or stop it. Says every change of role as
 * {@code FROM -> TO: why [REASON]}, and every pause it has noticed as {@code paused N ms}.
 */
final class Puppet {
    static final String ADDRESS = "10.99.0.66";
    static final int VRID = 52;

    private static final int DIVISIONS_TO_WARM_UP = 20_000;
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Running process;

    private Puppet(Running process) {
        this.process = process;
    }

    /** What differs from the defaults, as words: {@code priority=150 interval=100 preempt=false}; further ones in {@link #config}. */
    static Puppet join(Host host, String... words) {
        Puppet puppet = start(host, words);
        puppet.process.awaitLine("ready", SOON);
        return puppet;
    }

    /** The same without waiting for it, or for a node that is to be refused. */
    static Puppet start(Host host, String... words) {
        String tests =
                Puppet.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xshare:auto",
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("floatingip.jar") + ":" + tests,
                Puppet.class.getName()));
        command.addAll(List.of(words));
        return new Puppet(host.start("puppet", command));
    }

    Running process() {
        return process;
    }

    /** Gives an order; returns the moment. */
    long say(String order) {
        long at = System.nanoTime();
        process.say(order);
        return at;
    }

    /** Waits for the next line with this pattern after the first {@code from} lines. */
    Running.Line await(String regex, int from) {
        return process.awaitLine(regex, SOON, from);
    }

    int linesSoFar() {
        return process.lines().size();
    }

    public static void main(String[] args) throws IOException {
        FloatingIp floatingIp = FloatingIp.join(config(args));
        warmUp();
        System.out.println("ready");
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ");
                if (words[0].equals("join")) {
                    floatingIp.close();
                    floatingIp = FloatingIp.join(config(Arrays.copyOfRange(words, 1, words.length)));
                    System.out.println("joined");
                } else {
                    obey(floatingIp, words);
                }
            }
        }
    }

    private static void obey(FloatingIp floatingIp, String[] order) {
        switch (order[0]) {
            case "halt" -> Runtime.getRuntime().halt(1);
            case "exhaust" -> exhaust();
            case "pause" -> pause(Duration.ofMillis(Long.parseLong(order[1])));
            case "down" -> floatingIp.standDown(Duration.ofMinutes(5));
            case "up" -> floatingIp.standUp();
            case "handover" -> floatingIp.handOver();
            case "status" -> System.out.println("status " + floatingIp.status());
            default -> System.out.println("what is " + order[0]);
        }
    }

    private static FloatingIpConfig config(String[] words) {
        FloatingIpConfig.Builder builder = FloatingIpConfig.builder()
                .networkInterface("eth0")
                .virtualRouterId(VRID)
                .listener(new Teller());
        boolean addressed = false;
        for (String word : words) {
            String value = word.substring(word.indexOf('=') + 1);
            switch (word.substring(0, word.indexOf('='))) {
                case "priority" -> builder.priority(Integer.parseInt(value));
                case "interval" -> builder.advertInterval(Duration.ofMillis(Long.parseLong(value)));
                case "preempt" -> builder.preempt(Boolean.parseBoolean(value));
                case "vrid" -> builder.virtualRouterId(Integer.parseInt(value));
                case "interface" -> builder.networkInterface(value);
                case "placement" -> builder.placement(Placement.valueOf(value));
                case "fence" -> builder.fence(FenceMode.valueOf(value));
                case "address" -> {
                    builder.address(value);
                    addressed = true;
                }
                default -> throw new IllegalArgumentException(word);
            }
        }
        return addressed ? builder.build() : builder.address(ADDRESS + "/32").build();
    }

    private static final class Teller implements RoleListener {
        @Override
        public void onChange(RoleChange change) {
            System.out.println(
                    change.from() + " -> " + change.to() + ": " + change.detail() + " [" + change.reason() + "]");
        }

        @Override
        public void onPause(Duration length) {
            System.out.println("paused " + length.toMillis() + " ms");
        }
    }

    private static void exhaust() {
        List<byte[]> all = new ArrayList<>();
        while (true) {
            all.add(new byte[1 << 20]);
        }
    }

    /**
     * Stops the world: a compiled loop without a safepoint keeps all other threads waiting for a collection that one of them has asked for,
     * exactly as a collection that takes so long would.
     */
    private static void pause(Duration length) {
        long startedAt = System.nanoTime();
        // By the processor's time: what others compute meanwhile would make the loop too short.
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long usedBefore = threads.getCurrentThreadCpuTime();
        long once = divide(DIVISIONS_TO_WARM_UP * 50);
        long each = Math.max(1, (threads.getCurrentThreadCpuTime() - usedBefore) / (DIVISIONS_TO_WARM_UP * 50));
        Thread collector = new Thread(
                () -> {
                    // The loop has to run before the collection is asked for.
                    for (long from = System.nanoTime(); System.nanoTime() - from < 2_000_000; ) {
                        Thread.onSpinWait();
                    }
                    System.gc();
                },
                "collector");
        // Until here, the node goes on.
        System.out.println("pausing");
        collector.start();
        long sum = once + divide((int) Math.min(Integer.MAX_VALUE, length.toNanos() / each));
        System.out.println("loop of " + (System.nanoTime() - startedAt) / 1_000_000 + " ms, " + sum);
    }

    private static void warmUp() {
        long sum = 0;
        for (int i = 0; i < 200; i++) {
            sum += divide(DIVISIONS_TO_WARM_UP);
        }
        System.out.println("warm " + sum);
    }

    private static long divide(int times) {
        long value = Long.MAX_VALUE - times;
        for (int i = 1; i < times; i++) {
            // Four in a row: an int counts to 2^31 only, which one division each would be through in two seconds.
            value = (Long.MAX_VALUE - i) / (value | 1) ^ value + i;
            value = (Long.MAX_VALUE - i) / (value | 1) ^ value + i;
            value = (Long.MAX_VALUE - i) / (value | 1) ^ value + i;
            value = (Long.MAX_VALUE - i) / (value | 1) ^ value + i;
        }
        return value;
    }
}
