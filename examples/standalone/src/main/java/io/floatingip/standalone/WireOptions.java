package io.floatingip.standalone;

import io.floatingip.ChecksumMode;
import io.floatingip.FloatingIpConfig;
import io.floatingip.IpFamily;
import io.floatingip.UnicastPeer;
import io.floatingip.VrrpVersion;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** How adverts travel. */
final class WireOptions {
    private static final Pattern PEER = Pattern.compile("([^@]+)(?:@(\\d{1,3})-(\\d{1,3}))?");

    @Option(
            names = "--version",
            paramLabel = "2|3",
            description = "VRRP version, equal on all nodes; 2 is IPv4 only and keepalived's own default. Default: 3.")
    private int version = 3;

    @Option(
            names = "--checksum",
            paramLabel = "RULE",
            description =
                    "What the checksum of version 3 over IPv4 covers when sending: PSEUDO_HEADER, as keepalived and FRR, or MESSAGE_ONLY, as"
                            + " RFC 9568 reads. Both are accepted. Default: PSEUDO_HEADER.")
    private ChecksumMode checksum = ChecksumMode.PSEUDO_HEADER;

    @Option(
            names = "--source",
            paramLabel = "ADDRESS",
            description =
                    "Address of this node to send adverts from; once for each family. Default: the interface's first IPv4 address and its IPv6"
                            + " link-local address.")
    private List<String> sources = new ArrayList<>();

    @Option(
            names = "--unicast-peer",
            paramLabel = "ADDRESS[@MIN-MAX]",
            description =
                    "Another node, as it sends from: adverts go to the peers one by one instead of to the multicast group, and are accepted from"
                            + " them only, with @MIN-MAX only with a TTL in these bounds. Repeat it for each.")
    private List<String> peers = new ArrayList<>();

    @Option(
            names = "--multicast-group",
            paramLabel = "GROUP",
            description =
                    "Another group than 224.0.0.18 or ff02::12, equal on all nodes; once for each family. May not be combined with peers.")
    private List<String> groups = new ArrayList<>();

    void apply(FloatingIpConfig.Builder to) {
        to.version(
                switch (version) {
                    case 2 -> VrrpVersion.V2;
                    case 3 -> VrrpVersion.V3;
                    default -> throw new IllegalArgumentException("version must be 2 or 3, got " + version);
                });
        to.checksum(checksum);
        sources.forEach(text -> to.source(address("--source", text)));
        peers.forEach(text -> to.unicastPeer(peer(text)));
        groups.forEach(text -> to.multicastGroup(address("--multicast-group", text)));
    }

    private static UnicastPeer peer(String text) {
        Matcher matcher = PEER.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "--unicast-peer must be an address, or one with TTL bounds such as 10.0.0.2@254-255, got \"" + text
                            + "\"");
        }
        InetAddress address = address("--unicast-peer", matcher.group(1));
        return matcher.group(2) == null
                ? UnicastPeer.of(address)
                : new UnicastPeer(address, Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3)));
    }

    private static InetAddress address(String option, String text) {
        return IpFamily.literal(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        option + " must be an IPv4 or IPv6 address such as 10.0.0.2, got \"" + text + "\""));
    }
}
