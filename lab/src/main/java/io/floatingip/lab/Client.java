package io.floatingip.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A host that asks a floating address every so often and keeps the answers; see {@link Asker}. Besides the ordinary way, where ARP or
 * neighbour discovery decides who is asked, it can ask each of several hosts directly: at its own hardware address, whatever the neighbours
 * believe.
 */
public final class Client implements AutoCloseable {
    /** The way that follows the neighbour tables. */
    public static final String ORDINARY = "ordinary";

    private static final int PORT = 7007;
    private static final int DIRECT_NUMBERS = 200;

    private final Host host;
    private final Running asker;
    private final List<Answer> answers = new ArrayList<>();

    private Client(Host host, Running asker) {
        this.host = host;
        this.asker = asker;
    }

    /** Starts the service in a host: it answers at these addresses whenever the kernel lets it. */
    public static Running serve(Host host, List<String> addresses) {
        List<String> command = new ArrayList<>(java(Echo.class));
        command.addAll(List.of(Integer.toString(PORT), host.name()));
        command.addAll(addresses);
        Running echo = host.start("echo", command);
        echo.awaitLine("bound", Duration.ofSeconds(20));
        return echo;
    }

    /** Starts asking one address from {@code host}. */
    public static Client ask(Host host, String address, Duration period) {
        return ask(host, address, period, null, List.of());
    }

    /**
     * Starts asking one address from {@code host}, and at the same instants each of {@code directly} at its own hardware address; the name of
     * such a way is the host's.
     */
    public static Client ask(Host host, String address, Duration period, Lan lan, List<Host> directly) {
        List<String> command = new ArrayList<>(java(Asker.class));
        command.addAll(List.of(Integer.toString(PORT), Long.toString(period.toNanos() / 1_000)));
        command.add(ORDINARY + ",," + address);
        for (Host other : directly) {
            command.add(other.name() + "," + directWay(host, other, address, lan) + "," + address);
        }
        Client[] self = new Client[1];
        List<Answer> early = new ArrayList<>();
        Running asker = host.start("asker", command, line -> {
            synchronized (early) {
                if (line.error()) {
                    return;
                }
                Answer answer = Answer.parse(line.text());
                if (self[0] == null) {
                    early.add(answer);
                } else {
                    self[0].add(answer);
                }
            }
        });
        synchronized (early) {
            self[0] = new Client(host, asker);
            early.forEach(self[0]::add);
        }
        return self[0];
    }

    /** An interface of its own whose packets go by a table of their own, in which the neighbour is nailed down. */
    private static String directWay(Host host, Host other, String address, Lan lan) {
        int number = DIRECT_NUMBERS + Integer.parseInt(other.hardwareAddress().substring(15), 16);
        boolean ipv6 = address.contains(":");
        String ip = ipv6 ? "ip -6" : "ip";
        String source = ipv6 ? lan.ipv6(number) : lan.ipv4(number);
        String device = "to-" + other.name();
        host.sh("echo 1 > /proc/sys/net/ipv4/conf/all/arp_ignore; echo 2 > /proc/sys/net/ipv4/conf/all/arp_announce");
        lan.cable(host, device, number);
        host.sh(String.join(
                " && ",
                ip + " addr add " + source + (ipv6 ? "/128" : "/32") + " dev " + device + (ipv6 ? " nodad" : ""),
                ip + " route add " + (ipv6 ? "fd99::/64" : "10.99.0.0/24") + " dev " + device + " table " + number,
                ip + " rule add from " + source + " table " + number,
                "ip neigh replace " + address + " lladdr " + other.hardwareAddress() + " dev " + device
                        + " nud permanent"));
        return source;
    }

    private void add(Answer answer) {
        synchronized (answers) {
            answers.add(answer);
            answers.notifyAll();
        }
    }

    /** All answers so far, in the order of their arrival. */
    public List<Answer> answers() {
        synchronized (answers) {
            return List.copyOf(answers);
        }
    }

    /** All answers so far that came along one way. */
    public List<Answer> answers(String way) {
        return answers().stream().filter(answer -> answer.way().equals(way)).toList();
    }

    /** Waits for the first answer along the ordinary way to a question that this node was asked after {@code sinceNanos}. */
    public Answer awaitAnswerFrom(Host node, long sinceNanos, Duration atMost) {
        return awaitAnswer(name -> name.equals(node.name()), "from " + node.name(), sinceNanos, atMost);
    }

    /** The same of any node but this. */
    public Answer awaitAnswerFromAnyBut(Host node, long sinceNanos, Duration atMost) {
        return awaitAnswer(name -> !name.equals(node.name()), "but from " + node.name(), sinceNanos, atMost);
    }

    private Answer awaitAnswer(Predicate<String> node, String whose, long sinceNanos, Duration atMost) {
        Optional<Answer> found = awaitAnswer(node, sinceNanos, atMost);
        return found.orElseThrow(() -> new IllegalStateException("no answer " + whose + " within " + atMost
                + "; last: " + lastAnswer().map(Answer::toString).orElse("none at all") + "\n"
                + host.lan().tails()));
    }

    private Optional<Answer> awaitAnswer(Predicate<String> node, long sinceNanos, Duration atMost) {
        long start = System.nanoTime();
        int next = 0;
        synchronized (answers) {
            while (true) {
                for (; next < answers.size(); next++) {
                    Answer answer = answers.get(next);
                    if (answer.way().equals(ORDINARY)
                            && node.test(answer.node())
                            && answer.sentNanos() - sinceNanos >= 0) {
                        return Optional.of(answer);
                    }
                }
                long left = atMost.toNanos() - (System.nanoTime() - start);
                if (left <= 0) {
                    return Optional.empty();
                }
                try {
                    answers.wait(Math.max(1, left / 1_000_000));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted while waiting for an answer", e);
                }
            }
        }
    }

    private Optional<Answer> lastAnswer() {
        List<Answer> all = answers();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /** The longest time without an answer along the ordinary way, from {@code sinceNanos} on. */
    public Duration longestSilence(long sinceNanos) {
        long longest = 0;
        long last = sinceNanos;
        for (Answer answer : answers(ORDINARY)) {
            if (answer.receivedNanos() - sinceNanos > 0) {
                longest = Math.max(longest, answer.receivedNanos() - last);
                last = answer.receivedNanos();
            }
        }
        return Duration.ofNanos(Math.max(longest, System.nanoTime() - last));
    }

    /**
     * What became of the questions along the ordinary way, from the first that was asked after a moment and answered, to the last.
     *
     * @param asked how many there were
     * @param lost how many of them were not answered
     */
    public record Questions(long asked, long lost) {}

    /** Counts; questions that are on their way are not among them, unless a later one has overtaken them. */
    public Questions questions(long sinceNanos) {
        LongSummaryStatistics numbers =
                answers(ORDINARY).stream().mapToLong(Answer::number).distinct().summaryStatistics();
        long asked = numbers.getCount() == 0 ? 0 : numbers.getMax() - numbers.getMin() + 1;
        return new Questions(asked, asked - numbers.getCount());
    }

    /**
     * The instants from {@code sinceNanos} on at which more than one host answered when each was asked directly, and which: the nodes' names in
     * order. Empty is what a floating address is meant for.
     */
    public Map<Long, List<String>> answeredTwice(long sinceNanos) {
        Map<Long, List<String>> byInstant = new TreeMap<>();
        for (Answer answer : answers()) {
            if (!answer.way().equals(ORDINARY) && answer.sentNanos() - sinceNanos >= 0) {
                byInstant
                        .computeIfAbsent(answer.sentNanos(), at -> new ArrayList<>())
                        .add(answer.node());
            }
        }
        byInstant.values().removeIf(nodes -> nodes.size() < 2);
        byInstant.values().forEach(Collections::sort);
        return byInstant;
    }

    /** A JVM for a class of the lab: small, and quick to start. */
    static List<String> java(Class<?> main) {
        return List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xshare:auto",
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("floatingip.lab.classes", System.getProperty("java.class.path")),
                main.getName());
    }

    @Override
    public void close() {
        asker.close();
    }
}
