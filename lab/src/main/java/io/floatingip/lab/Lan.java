package io.floatingip.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A switch and its hosts. Hosts are 10.99.0.n/24 and fd99::n/64 in the order of their making; both networks exist in these namespaces only.
 * Floating addresses are best taken from above: {@code 10.99.0.66}.
 */
public final class Lan implements AutoCloseable {
    private final Host bridge;
    private final List<Host> hosts = new ArrayList<>();
    private final Path directory;

    private static final String PREFIX = "floatingip-lab-";

    private Lan() throws IOException {
        sweep();
        directory = Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
        bridge = new Host(this, "switch", 0);
        // Snooping would learn who wants which group; VRRP's group is to reach everyone, as on a plain switch.
        bridge.sh("ip link add br0 type bridge mcast_snooping 0 && ip link set br0 up");
    }

    /** An empty LAN. */
    public static Lan open() {
        try {
            return new Lan();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a temporary directory", e);
        }
    }

    /** Adds a host with an interface {@code eth0}, up and addressed. */
    public Host host(String name) {
        int number = hosts.size() + 1;
        Host host = new Host(this, name, number);
        hosts.add(host);
        host.sh("""
                cd /proc/sys/net
                echo 0 > ipv6/conf/all/accept_dad
                echo 0 > ipv6/conf/default/accept_dad
                echo 0 > ipv6/conf/default/accept_ra
                echo 0 > ipv6/conf/default/router_solicitations
                echo 1 > ipv4/ip_nonlocal_bind
                echo 1 > ipv6/ip_nonlocal_bind
                ip link set lo up
                """);
        cable(host, "eth0", number);
        host.sh("ip addr add " + host.ipv4() + "/24 dev eth0 && ip addr add " + host.ipv6() + "/64 dev eth0 nodad");
        return host;
    }

    /** Connects one more interface of a host with the switch; it has a hardware address and nothing else. */
    public void cable(Host host, String device, int number) {
        String port = "p" + number;
        String hardwareAddress = "02:00:00:00:00:%02x".formatted(number);
        bridge.sh("ip link add " + port + " type veth peer name " + device + " address " + hardwareAddress + " netns "
                + host.namespace() + " && ip link set " + port + " master br0 up");
        host.sh("ip link set " + device + " up");
    }

    /** Cuts the host off without its noticing: its link stays up and nothing passes. Returns the moment, in {@link System#nanoTime()}. */
    public long cut(Host host) {
        bridge.sh("ip link set " + port(host) + " nomaster");
        return System.nanoTime();
    }

    /** Ends what {@link #cut} began; returns the moment. */
    public long heal(Host host) {
        bridge.sh("ip link set " + port(host) + " master br0");
        return System.nanoTime();
    }

    /** Pulls the host's plug: its link loses the carrier. Returns the moment. */
    public long unplug(Host host) {
        bridge.sh("ip link set " + port(host) + " down");
        return System.nanoTime();
    }

    /** Ends what {@link #unplug} began; returns the moment. */
    public long plug(Host host) {
        bridge.sh("ip link set " + port(host) + " up");
        return System.nanoTime();
    }

    /** Records what crosses the switch: VRRP, ARP, neighbour discovery. */
    public Capture capture(String name) {
        return Capture.start(bridge, directory.resolve(name + ".pcap"), Capture.NEIGHBOURS_AND_VRRP, 0);
    }

    /** Records the next {@code count} adverts over IPv4 that cross the switch. */
    public Capture captureAdverts(String name, int count) {
        return Capture.start(bridge, directory.resolve(name + ".pcap"), "ip proto 112", count);
    }

    /** The addresses of all hosts and what runs there has said, for messages. */
    public String tails() {
        StringBuilder out = new StringBuilder();
        for (Host host : hosts) {
            out.append(host.name())
                    .append(": ")
                    .append(host.addresses())
                    .append('\n')
                    .append(host.tails());
        }
        return out.toString();
    }

    public List<Host> hosts() {
        return List.copyOf(hosts);
    }

    /** A directory that is removed with the LAN. */
    public Path directory() {
        return directory;
    }

    String ipv4(int number) {
        return "10.99.0." + number;
    }

    String ipv6(int number) {
        return "fd99:0:0:0:0:0:0:" + Integer.toHexString(number);
    }

    /** Waits until something holds, looking every two milliseconds. */
    public static void await(Duration atMost, BooleanSupplier condition, Supplier<String> otherwise) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > atMost.toNanos()) {
                throw new IllegalStateException("after " + atMost + ": " + otherwise.get());
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    /** Removes what a JVM left that was killed: files only, processes and namespaces went with it. */
    private static void sweep() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(temporary, PREFIX + "*-*")) {
            for (Path left : directories) {
                String pid =
                        left.getFileName().toString().substring(PREFIX.length()).split("-")[0];
                if (!Files.exists(Path.of("/proc", pid))) {
                    delete(left);
                }
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Kills every process and with them the namespaces, and removes the files. */
    @Override
    public synchronized void close() {
        hosts.forEach(Host::close);
        bridge.close();
        try {
            delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + directory, e);
        }
    }

    private String port(Host host) {
        return "p" + (hosts.indexOf(host) + 1);
    }
}
