package io.floatingip.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What crosses the switch, recorded by tcpdump and read by tshark. */
public final class Capture implements AutoCloseable {
    static final String NEIGHBOURS_AND_VRRP = "ip proto 112 or ip proto 51 or ip6 proto 112 or arp or icmp6";
    // 8388608 is the severity of an error.
    private static final String FAULTY =
            "_ws.malformed or vrrp.checksum.status == 0 or ip.checksum.status == 0 or _ws.expert.severity >= 8388608";
    // tshark checks these only when told to.
    private static final List<String> CHECKS = List.of("-o", "ip.check_checksum:TRUE", "-n");

    private static final int PCAP_HEADER = 24;
    private static final int RECORD_HEADER = 16;

    private final Running tcpdump;
    private final Path file;

    private Capture(Running tcpdump, Path file) {
        this.tcpdump = tcpdump;
        this.file = file;
    }

    /**
     * One VRRP advert.
     *
     * @param atNanos wall clock time of the packet since 1970
     * @param source the sender
     * @param version 2 or 3
     */
    public record Advert(long atNanos, String source, int version, int vrid, int priority) {}

    static Capture start(Host bridge, Path file, String filter, int atMost) {
        List<String> command = new ArrayList<>(List.of(
                "tcpdump",
                "-B",
                "16384",
                "--immediate-mode",
                "-i",
                "br0",
                "-n",
                "-U",
                "-Z",
                "root",
                "-w",
                file.toString()));
        if (atMost > 0) {
            command.addAll(List.of("-c", Integer.toString(atMost)));
        }
        command.add(filter);
        Running tcpdump = bridge.start("tcpdump", command);
        tcpdump.awaitLine("listening on", Duration.ofSeconds(10));
        return new Capture(tcpdump, file);
    }

    /** Waits until as many packets were recorded as were wanted. */
    public Capture awaitEnd(Duration atMost) {
        tcpdump.awaitExit(atMost);
        return this;
    }

    /** Ends the recording; afterwards it can be read. */
    public Capture stop() {
        if (tcpdump.alive()) {
            tcpdump.terminate();
            tcpdump.awaitExit(Duration.ofSeconds(10));
        }
        return this;
    }

    /** All adverts, in order. */
    public List<Advert> adverts() {
        List<Advert> adverts = new ArrayList<>();
        for (String[] fields : fields(
                "vrrp and not icmp and not icmpv6",
                "frame.time_epoch",
                "ip.src",
                "ipv6.src",
                "vrrp.version",
                "vrrp.virt_rtr_id",
                "vrrp.prio")) {
            adverts.add(new Advert(
                    nanos(fields[0]),
                    fields[1].isEmpty() ? Host.normal(fields[2]) : fields[1],
                    Integer.decode(fields[3]),
                    Integer.decode(fields[4]),
                    Integer.decode(fields[5])));
        }
        return adverts;
    }

    /** One line for each packet that tshark calls malformed or whose checksum it calls bad; wanted: none. */
    public List<String> faulty() {
        return faulty(false);
    }

    /**
     * The same under a chosen reading of the v3 checksum over IPv4.
     *
     * @param withoutPseudoHeader whether a correct one leaves the pseudo-header out, as v2 does
     */
    public List<String> faulty(boolean withoutPseudoHeader) {
        return tshark("-o", "vrrp.v3_checksum_as_in_v2:" + withoutPseudoHeader, "-Y", FAULTY);
    }

    /** The packets that pass a display filter, a row each with these fields. */
    public List<String[]> fields(String filter, String... names) {
        List<String> arguments = new ArrayList<>(List.of("-Y", filter, "-T", "fields", "-E", "separator=|"));
        for (String name : names) {
            arguments.addAll(List.of("-e", name));
        }
        return tshark(arguments.toArray(String[]::new)).stream()
                .map(line -> line.split("\\|", -1))
                .toList();
    }

    /** Every frame that was recorded, whole, in order. */
    public List<byte[]> frames() {
        try {
            ByteBuffer pcap = ByteBuffer.wrap(Files.readAllBytes(stop().file)).order(ByteOrder.nativeOrder());
            List<byte[]> frames = new ArrayList<>();
            for (int at = PCAP_HEADER; at + RECORD_HEADER <= pcap.limit(); ) {
                byte[] frame = new byte[pcap.getInt(at + 8)];
                pcap.get(at + RECORD_HEADER, frame);
                frames.add(frame);
                at += RECORD_HEADER + frame.length;
            }
            return frames;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private List<String> tshark(String... arguments) {
        List<String> command = new ArrayList<>(List.of("tshark", "-r", file.toString()));
        command.addAll(CHECKS);
        command.addAll(Arrays.asList(arguments));
        return stop().run(command);
    }

    private List<String> run(List<String> command) {
        String output = Running.output(command);
        return output.isEmpty() ? List.of() : output.lines().toList();
    }

    private static long nanos(String epoch) {
        String[] parts = epoch.split("\\.");
        return Long.parseLong(parts[0]) * 1_000_000_000L + Long.parseLong((parts[1] + "000000000").substring(0, 9));
    }

    @Override
    public void close() {
        tcpdump.close();
    }
}
