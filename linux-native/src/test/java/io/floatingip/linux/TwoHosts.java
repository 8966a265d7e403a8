package io.floatingip.linux;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.floatingip.spi.HardwareAddress;
import io.floatingip.spi.Link;
import io.floatingip.spi.LinkSpec;
import io.floatingip.spi.NetworkListener;
import io.floatingip.spi.Packet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Two network namespaces joined by a veth pair, both ends named eth0; each with a thread of its own, as a loop would have. */
final class TwoHosts implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    final Host a;
    final Host b;

    TwoHosts() throws Exception {
        assumeTrue(
                System.getProperty("os.name").equals("Linux") && Files.isWritable(Path.of("/run")),
                "network namespaces need root on Linux");
        String prefix = "fipnative-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        a = new Host(prefix + "a");
        b = new Host(prefix + "b");
        sh("ip -n " + a.namespace + " link add eth0 type veth peer name eth0 netns " + b.namespace);
        for (Host host : List.of(a, b)) {
            host.sh(
                    "sysctl -qw net.ipv6.conf.eth0.addr_gen_mode=1 net.ipv6.conf.eth0.accept_dad=0 net.ipv6.conf.eth0.router_solicitations=0");
            host.ip("link set lo up");
            host.ip("link set eth0 up");
        }
        a.ip("addr add 10.0.0.1/24 dev eth0");
        b.ip("addr add 10.0.0.2/24 dev eth0");
        a.ip("addr add fe80::a/64 dev eth0 nodad");
        b.ip("addr add fe80::b/64 dev eth0 nodad");
    }

    @Override
    public void close() throws IOException {
        a.close();
        b.close();
    }

    static String sh(String command) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        // Its output has ended, and so has it.
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(command + ": " + out);
        }
        return out;
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** A namespace, a thread in it, and what its network heard. */
    static final class Host implements AutoCloseable {
        final String namespace;
        final Heard heard = new Heard();
        private final ExecutorService thread = Executors.newSingleThreadExecutor();
        private final LinuxNetwork network;

        Host(String namespace) throws Exception {
            this.namespace = namespace;
            TwoHosts.sh("ip netns add " + namespace);
            network = LinuxNetwork.inNamespace(Path.of("/run/netns", namespace));
        }

        String ip(String arguments) throws IOException {
            return TwoHosts.sh("ip -n " + namespace + " " + arguments);
        }

        String sh(String command) throws IOException {
            return TwoHosts.sh("ip netns exec " + namespace + " " + command);
        }

        LinuxNetwork network() {
            return network;
        }

        Link open(String name) throws Exception {
            return call(() -> network.open(new LinkSpec.Interface(name)));
        }

        interface Action {
            void run() throws Exception;
        }

        void run(Action action) throws Exception {
            call(() -> {
                action.run();
                return null;
            });
        }

        <T> T call(Callable<T> task) throws Exception {
            try {
                return thread.submit(task).get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Exception cause) {
                    throw cause;
                }
                throw e;
            }
        }

        /** Waits and reads until the condition holds. */
        void until(BooleanSupplier condition) throws Exception {
            run(() -> {
                long start = System.nanoTime();
                network.drain(heard);
                while (!condition.getAsBoolean()) {
                    if (System.nanoTime() - start > PATIENCE_NANOS) {
                        throw new AssertionError("nothing of the kind in time; heard " + heard);
                    }
                    network.await(PATIENCE_NANOS);
                    network.drain(heard);
                }
            });
        }

        /** Reads what is there. */
        void drain() throws Exception {
            run(() -> network.drain(heard));
        }

        @Override
        public void close() throws IOException {
            thread.execute(network::close);
            thread.shutdown();
            TwoHosts.sh("ip netns del " + namespace);
        }
    }

    /** What a listener was told, in order. */
    static final class Heard implements NetworkListener {
        final List<String> packets = new ArrayList<>();
        final List<Long> ages = new ArrayList<>();
        final List<String> claims = new ArrayList<>();
        int linkChanges;
        int removals;
        int fencesDisturbed;

        @Override
        public void packet(Link link, Packet packet) {
            byte[] message = new byte[packet.messageLength()];
            packet.data().get(packet.messageOffset(), message);
            packets.add(packet.source().getHostAddress() + " > "
                    + packet.destination().getHostAddress() + " protocol " + packet.protocol() + " hops "
                    + packet.hopLimit() + " " + HexFormat.of().formatHex(message));
            ages.add(System.nanoTime() - packet.receivedAt());
        }

        @Override
        public void linkChanged(Link link) {
            linkChanges++;
        }

        @Override
        public void addressesRemoved(Link link) {
            removals++;
        }

        @Override
        public void neighborClaims(Link link, InetAddress address, HardwareAddress claimant) {
            claims.add(address.getHostAddress() + " at " + claimant);
        }

        @Override
        public void fenceDisturbed(Link link) {
            fencesDisturbed++;
        }

        @Override
        public String toString() {
            return packets + ", " + claims + ", " + linkChanges + " link changes, " + removals + " removals";
        }
    }
}
