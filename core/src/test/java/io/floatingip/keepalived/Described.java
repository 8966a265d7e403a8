package io.floatingip.keepalived;

import io.floatingip.Authentication;
import io.floatingip.FloatingIpConfig;
import io.floatingip.VirtualAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/** Everything a configuration says, as text, so that two of them can be compared as a whole. */
final class Described {
    private Described() {}

    static String of(FloatingIpConfig c) {
        return String.join(
                "\n",
                "name " + c.name(),
                "interface " + c.networkInterface(),
                "id " + c.virtualRouterId(),
                "priority " + c.priority(),
                "version " + c.version(),
                "checksum " + c.checksum(),
                "interval " + c.advertInterval(),
                "down after " + c.downAfterAdverts(),
                "preempt " + c.preempt() + " after " + c.preemptDelay(),
                "startup delay " + c.startupDelay(),
                "addresses " + addresses(c.addresses()),
                "excluded " + addresses(c.excludedAddresses()),
                "peers " + c.unicastPeers(),
                "sources " + new TreeMap<>(c.sources()),
                "groups " + new TreeMap<>(c.multicastGroups()),
                "authentication " + secret(c.authentication()),
                "announcements " + c.announcements(),
                "accept " + c.accept(),
                "virtual MAC " + c.virtualMac(),
                "tracked " + c.trackedInterfaces(),
                "strict " + c.strict());
    }

    private static List<String> addresses(List<VirtualAddress> addresses) {
        return addresses.stream()
                .map(a -> a + " dev " + a.device() + " label " + a.label() + " scope " + a.scope() + " noprefixroute "
                        + a.noPrefixRoute() + " brd " + a.broadcast() + " peer " + a.peer())
                .toList();
    }

    private static String secret(Authentication authentication) {
        HexFormat hex = HexFormat.of();
        if (authentication instanceof Authentication.Password p) {
            return "PASS " + hex.formatHex(p.secret());
        }
        if (authentication instanceof Authentication.AuthenticationHeader h) {
            return "AH " + hex.formatHex(h.secret());
        }
        if (authentication instanceof Authentication.Hmac h) {
            StringBuilder text = new StringBuilder(h + " " + h.timeWindow() + " " + h.antiReplay());
            h.keyIds()
                    .forEach(id ->
                            text.append(' ').append(hex.formatHex(h.key(id).orElseThrow())));
            return text.toString();
        }
        return "none";
    }
}
