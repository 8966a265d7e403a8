package io.floatingip.lab;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A host of a {@link Lan}: a network namespace with {@code eth0}. */
public final class Host {
    private static final Pattern INET = Pattern.compile("inet6? ([0-9a-f.:]+)(?: peer [0-9a-f.:]+)?/\\d+");

    private final Lan lan;
    private final String name;
    private final int number;
    private final Running holder;
    private final List<Running> processes = Collections.synchronizedList(new ArrayList<>());

    Host(Lan lan, String name, int number) {
        this.lan = lan;
        this.name = name;
        this.number = number;
        this.holder = Running.start(
                "namespace-" + name, List.of("unshare", "-n", "sh", "-c", "echo made; exec sleep infinity"));
        holder.awaitLine("made", Duration.ofSeconds(10));
    }

    public String name() {
        return name;
    }

    /** Its own IPv4 address, without a prefix length. */
    public String ipv4() {
        return lan.ipv4(number);
    }

    /** Its own global IPv6 address, without a prefix length. */
    public String ipv6() {
        return lan.ipv6(number);
    }

    /** Its IPv6 link-local address, made from the hardware address. */
    public String linkLocal() {
        return "fe80::ff:fe00:" + Integer.toHexString(number);
    }

    public String hardwareAddress() {
        return "02:00:00:00:00:%02x".formatted(number);
    }

    /** Starts a command in this host. */
    public Running start(String processName, List<String> command) {
        return start(processName, command, line -> {});
    }

    /** Starts a command in this host; it is killed with the LAN at the latest. */
    public Running start(String processName, List<String> command, Consumer<Running.Line> onLine) {
        Running running = Running.start(processName + "@" + name, inside(command), onLine);
        processes.add(running);
        return running;
    }

    /** Runs a command in this host to its end and returns its standard output. */
    public String run(String... command) {
        return Running.output(inside(Arrays.asList(command)));
    }

    /** Runs lines of shell in this host. */
    public String sh(String script) {
        return run("sh", "-ec", script);
    }

    /** The addresses on {@code eth0} and on whatever stands on it, as the kernel lists them; link-local ones included. */
    public Set<String> addresses() {
        return addressesIn(run("ip", "-o", "addr", "show", "up"));
    }

    static Set<String> addressesIn(String listing) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = INET.matcher(listing);
        while (matcher.find()) {
            found.add(normal(matcher.group(1)));
        }
        return found;
    }

    /** Whether the address is on one of its interfaces now. */
    public boolean holds(String address) {
        return addresses().contains(normal(address));
    }

    /** Waits until the address is on one of its interfaces, or is not any more. */
    public void awaitHolds(String address, boolean wanted, Duration atMost) {
        Lan.await(
                atMost,
                () -> holds(address) == wanted,
                () -> name + (wanted ? " does not hold " : " still holds ") + address + "\n" + run("ip", "-o", "addr")
                        + "\n" + tails());
    }

    /** One spelling for each address. */
    public static String normal(String address) {
        try {
            return InetAddress.getByName(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address: " + address, e);
        }
    }

    /** The output of everything that was started here, for messages. */
    public String tails() {
        StringBuilder out = new StringBuilder();
        for (Running running : List.copyOf(processes)) {
            out.append(running.tail()).append('\n');
        }
        return out.toString();
    }

    /** The process number that stands for its namespace, as {@code nsenter -n -t} wants it. */
    public long namespace() {
        return holder.pid();
    }

    List<String> inside(List<String> command) {
        List<String> whole = new ArrayList<>(List.of("nsenter", "-n", "-t", Long.toString(holder.pid()), "--"));
        whole.addAll(command);
        return whole;
    }

    Lan lan() {
        return lan;
    }

    void close() {
        List.copyOf(processes).forEach(Running::close);
        holder.close();
    }
}
