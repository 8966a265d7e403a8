package io.floatingip.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/**
 * FRR's vrrpd, to be started in a host. It keeps its addresses on macvlan interfaces with the virtual router's hardware address for good and
 * takes these interfaces' protocol down as backup: who is master shows in who is answered, not in the list of addresses.
 *
 * @param intervalMillis a multiple of 10
 * @param ipv4 a floating address without prefix length; empty for none
 * @param ipv6 likewise
 */
public record Frr(int vrid, int version, int priority, int intervalMillis, String ipv4, String ipv6) {
    private static final String DIRECTORY = "/usr/lib/frr/";

    /** Starts zebra, unless it runs there, and vrrpd, whose handle is returned. */
    public Running start(Lan lan, Host host) {
        prepare(host);
        Path state = lan.directory().resolve("frr-" + host.name());
        try {
            Files.createDirectories(state);
            Files.writeString(state.resolve("frr.conf"), config());
            // FRR's daemons give up root for the user frr.
            Files.setPosixFilePermissions(lan.directory(), PosixFilePermissions.fromString("rwx--x--x"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare " + state, e);
        }
        Running.output(List.of("chown", "-R", "frr:frr", state.toString()));
        if (!Files.exists(state.resolve("zserv.api"))) {
            host.start("zebra", daemon("zebra", state));
        }
        Lan.await(
                Duration.ofSeconds(10),
                () -> Files.exists(state.resolve("zserv.api")),
                () -> "zebra does not listen\n" + host.tails());
        return host.start("vrrpd", daemon("vrrpd", state));
    }

    private void prepare(Host host) {
        // Without these the host would answer ARP for the address on eth0 even as backup, for it has the address all
        // the time.
        host.sh("echo 1 > /proc/sys/net/ipv4/conf/all/arp_ignore; echo 2 > /proc/sys/net/ipv4/conf/all/arp_announce");
        if (!ipv4.isEmpty()) {
            macvlan(host, "vrrp4", "00:00:5e:00:01:%02x".formatted(vrid), ipv4 + "/24");
        }
        if (!ipv6.isEmpty()) {
            macvlan(host, "vrrp6", "00:00:5e:00:02:%02x".formatted(vrid), ipv6 + "/64");
        }
    }

    private static void macvlan(Host host, String device, String hardwareAddress, String address) {
        host.sh("test -e /proc/sys/net/ipv4/conf/" + device + " || { "
                + String.join(
                        " && ",
                        "ip link add " + device + " link eth0 type macvlan mode bridge",
                        "ip link set " + device + " address " + hardwareAddress,
                        "ip addr add " + address + " dev " + device + (address.contains(":") ? " nodad" : ""),
                        "ip link set " + device + " up")
                + "; }");
    }

    private String config() {
        String router = " vrrp " + vrid + " ";
        StringBuilder out = new StringBuilder("log stdout\ninterface eth0\n");
        out.append(router).append("version ").append(version).append('\n');
        out.append(router).append("priority ").append(priority).append('\n');
        out.append(router)
                .append("advertisement-interval ")
                .append(intervalMillis)
                .append('\n');
        if (!ipv4.isEmpty()) {
            out.append(router).append("ip ").append(ipv4).append('\n');
        }
        if (!ipv6.isEmpty()) {
            out.append(router).append("ipv6 ").append(ipv6).append('\n');
        }
        return out.toString();
    }

    private static List<String> daemon(String name, Path state) {
        return List.of(
                DIRECTORY + name,
                "-u",
                "frr",
                "-g",
                "frr",
                "-f",
                state.resolve("frr.conf").toString(),
                "-i",
                state.resolve(name + ".pid").toString(),
                "-z",
                state.resolve("zserv.api").toString(),
                "--vty_socket",
                state.toString(),
                "-P",
                "0");
    }
}
