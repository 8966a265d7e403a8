package io.floatingip.standalone;

import io.floatingip.FloatingIpConfig;
import io.floatingip.IpFamily;
import io.floatingip.VirtualAddress;
import io.floatingip.VirtualMac;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** What floats, and how it is put on the interface. */
final class AddressOptions {
    @Option(
            names = {"-a", "--address"},
            paramLabel = "ADDRESS",
            description =
                    "Required. Floating address, 10.99.0.66/32 or 2001:db8::66/128; repeat it for several, also of both families: then all move together."
                            + " Without a prefix it is that of a host. May be followed by ,dev=NAME (another interface), ,label=TEXT,"
                            + " ,scope=global|site|link|host, ,broadcast=ADDRESS, ,peer=ADDRESS and ,noprefixroute.")
    private List<String> addresses = new ArrayList<>();

    @Option(
            names = "--excluded",
            paramLabel = "ADDRESS",
            description = "Like --address, held with the others but not advertised; repeat it for several.")
    private List<String> excluded = new ArrayList<>();

    @Option(
            names = "--virtual-mac",
            paramLabel = "on|base",
            description =
                    "Give the addresses the hardware address 00:00:5e:00:01:VRID (IPv6 02:VRID), on a virtual interface. Adverts leave by it too"
                            + " (on), or by the interface itself (base). Default: the interface's own hardware address.")
    private String virtualMac;

    @Option(
            names = "--no-accept",
            description =
                    "Drop traffic to the addresses, as RFC 9568 wants it of a router that does not own them; ARP and neighbour discovery"
                            + " are answered.")
    private boolean noAccept;

    void apply(FloatingIpConfig.Builder to) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("an --address is missing, for example --address 10.99.0.66/32");
        }
        addresses.forEach(text -> to.address(address("--address", text)));
        excluded.forEach(text -> to.excludedAddress(address("--excluded", text)));
        to.accept(!noAccept);
        if (virtualMac != null) {
            to.virtualMac(
                    switch (virtualMac.toLowerCase(Locale.ROOT)) {
                        case "on" -> VirtualMac.ON;
                        case "base" -> VirtualMac.ADVERTS_FROM_BASE;
                        default ->
                            throw new IllegalArgumentException(
                                    "--virtual-mac must be on or base, got \"" + virtualMac + "\"");
                    });
        }
    }

    private static VirtualAddress address(String option, String text) {
        String[] parts = text.split(",", -1);
        VirtualAddress address = VirtualAddress.parse(parts[0]);
        for (int i = 1; i < parts.length; i++) {
            address = with(address, option, parts[i]);
        }
        return address;
    }

    private static VirtualAddress with(VirtualAddress address, String option, String property) {
        String[] pair = property.split("=", 2);
        String value = pair.length == 2 ? pair[1] : "";
        if (pair[0].equals("dev") && !value.isEmpty()) {
            return address.device(value);
        }
        if (pair[0].equals("label") && !value.isEmpty()) {
            return address.label(value);
        }
        if (pair[0].equals("broadcast") || pair[0].equals("peer")) {
            InetAddress other = IpFamily.literal(value)
                    .orElseThrow(() -> new IllegalArgumentException(
                            option + " needs an IP address behind " + pair[0] + "=, got \"" + value + "\""));
            return pair[0].equals("peer") ? address.peer(other) : address.broadcast(other);
        }
        if (pair[0].equals("scope")) {
            for (VirtualAddress.Scope scope : VirtualAddress.Scope.values()) {
                if (scope.name().equalsIgnoreCase(value)) {
                    return address.scope(scope);
                }
            }
        }
        if (property.equals("noprefixroute")) {
            return address.noPrefixRoute(true);
        }
        throw new IllegalArgumentException(
                option + " knows dev=NAME, label=TEXT, scope=global|site|link|host, broadcast=ADDRESS,"
                        + " peer=ADDRESS and noprefixroute behind the address, got \"" + property + "\"");
    }
}
