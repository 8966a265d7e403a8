package io.floatingip.keepalived;

import io.floatingip.Authentication;
import io.floatingip.ChecksumMode;
import io.floatingip.FloatingIpConfig;
import io.floatingip.IpFamily;
import io.floatingip.TrackedInterface;
import io.floatingip.UnicastPeer;
import io.floatingip.VirtualAddress;
import io.floatingip.VirtualMac;
import io.floatingip.VrrpVersion;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Writes configurations in keepalived's format. */
final class ConfigWriter {
    private final StringBuilder out = new StringBuilder();
    private int depth;

    String text() {
        return out.toString();
    }

    void write(Collection<FloatingIpConfig> configs) {
        Duration startupDelay = configs.stream()
                .map(FloatingIpConfig::startupDelay)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        if (!startupDelay.isZero()) {
            open("global_defs");
            if (configs.stream().anyMatch(c -> !c.startupDelay().equals(startupDelay))) {
                line("# keepalived has one delay for all instances: the longest of theirs");
            }
            line("vrrp_startup_delay " + seconds(startupDelay));
            close();
        }
        pauses(configs);
        for (FloatingIpConfig config : configs) {
            List<IpFamily> families = config.addresses().stream()
                    .map(VirtualAddress::family)
                    .distinct()
                    .toList();
            if (families.size() == 1) {
                instance(config, config.name(), families.get(0), true);
                continue;
            }
            open("vrrp_sync_group " + quote(config.name()));
            line("sync_group_tracking_weight");
            open("group");
            families.forEach(f -> line(quote(name(config, f))));
            close();
            close();
            for (IpFamily family : families) {
                instance(config, name(config, family), family, family == families.get(0));
            }
        }
    }

    private static String name(FloatingIpConfig config, IpFamily family) {
        return config.name() + "-" + family.name().toLowerCase(Locale.ROOT);
    }

    /** Pauses between frames are an interface's in keepalived. */
    private void pauses(Collection<FloatingIpConfig> configs) {
        Map<String, Duration> pauses = new LinkedHashMap<>();
        for (FloatingIpConfig config : configs) {
            pauses.merge(
                    config.networkInterface(), config.announcements().interval(), (a, b) -> a.compareTo(b) > 0 ? a : b);
        }
        pauses.forEach((device, pause) -> {
            if (!pause.isZero()) {
                open("garp_group");
                line("garp_interval " + seconds(pause));
                line("gna_interval " + seconds(pause));
                line("interface " + quote(device));
                close();
            }
        });
    }

    private void instance(FloatingIpConfig config, String name, IpFamily family, boolean excluded) {
        open("vrrp_instance " + quote(name));
        notInKeepalived(config);
        line("state BACKUP");
        line("interface " + quote(config.networkInterface()));
        line("virtual_router_id " + config.virtualRouterId());
        line("priority " + config.priority());
        line("version " + config.version().number());
        line("advert_int " + seconds(config.advertInterval()));
        lineIf(config.downAfterAdverts() != 3, "down_timer_adverts " + config.downAfterAdverts());
        lineIf(!config.preempt(), "nopreempt");
        lineIf(!config.preemptDelay().isZero(), "preempt_delay " + seconds(config.preemptDelay()));
        lineIf(config.strict(), "strict_mode on");
        lineIf(config.strict() && config.accept(), "accept");
        lineIf(!config.accept(), "no_accept");
        lineIf(
                config.version() == VrrpVersion.V3 && config.checksum() == ChecksumMode.MESSAGE_ONLY,
                "v3_checksum_as_v2 on");
        lineIf(config.virtualMac() != VirtualMac.OFF, "use_vmac");
        lineIf(config.virtualMac() == VirtualMac.ADVERTS_FROM_BASE, "vmac_xmit_base");
        announcements(config);
        network(config, family);
        authentication(config);
        trackedInterfaces(config);
        addresses(
                "virtual_ipaddress",
                config.addresses().stream().filter(a -> a.family() == family).toList());
        if (excluded && !config.excludedAddresses().isEmpty()) {
            addresses("virtual_ipaddress_excluded", config.excludedAddresses());
        }
        close();
    }

    private void notInKeepalived(FloatingIpConfig config) {
        lineIf(!config.drain().isZero(), "# not in keepalived: drain " + config.drain());
        config.checks()
                .forEach(c ->
                        line("# not in keepalived: check " + IncludeFiles.printable(c.name()) + "; see vrrp_script"));
        lineIf(!config.listeners().isEmpty(), "# not in keepalived: listeners; see notify_master and its like");
    }

    private void announcements(FloatingIpConfig config) {
        line("garp_master_repeat " + config.announcements().repeat());
        line("garp_master_delay " + seconds(config.announcements().secondAfter()));
        lineIf(
                !config.announcements().refresh().isZero(),
                "garp_master_refresh " + seconds(config.announcements().refresh()));
    }

    private void network(FloatingIpConfig config, IpFamily family) {
        List<UnicastPeer> peers = config.unicastPeers().stream()
                .filter(p -> IpFamily.of(p.address()) == family)
                .toList();
        Optional.ofNullable(config.sources().get(family))
                .ifPresent(source -> line((peers.isEmpty() ? "mcast_src_ip " : "unicast_src_ip ") + host(source)));
        Optional.ofNullable(config.multicastGroups().get(family))
                .ifPresent(group -> line("mcast_dst_ip " + host(group)));
        if (!peers.isEmpty()) {
            open("unicast_peer");
            for (UnicastPeer peer : peers) {
                line(host(peer.address())
                        + (peer.minTtl() == 0 ? "" : " min_ttl " + peer.minTtl())
                        + (peer.maxTtl() == 255 ? "" : " max_ttl " + peer.maxTtl()));
            }
            close();
        }
    }

    private void authentication(FloatingIpConfig config) {
        if (config.authentication() instanceof Authentication.Password password) {
            authentication("PASS", password.secret());
        } else if (config.authentication() instanceof Authentication.AuthenticationHeader header) {
            authentication("AH", header.secret());
        } else if (config.authentication() instanceof Authentication.Hmac hmac) {
            open("auth_hmac");
            for (int id : hmac.keyIds()) {
                line("key " + id + " hex:"
                        + HexFormat.of().formatHex(hmac.key(id).orElseThrow()));
            }
            line("active_key " + hmac.activeKey());
            hmac.timeWindow().ifPresent(window -> line("time_window " + window.toSeconds()));
            line("anti_replay " + hmac.antiReplay().name().toLowerCase(Locale.ROOT));
            line("mode " + hmac.mode().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            close();
        }
    }

    private void authentication(String type, byte[] secret) {
        open("authentication");
        line("auth_type " + type);
        line("auth_pass " + quote(new String(secret, StandardCharsets.UTF_8)));
        close();
    }

    private void trackedInterfaces(FloatingIpConfig config) {
        if (config.trackedInterfaces().isEmpty()) {
            return;
        }
        open("track_interface");
        for (TrackedInterface tracked : config.trackedInterfaces()) {
            line(quote(tracked.name())
                    + (tracked.weight() == 0 ? "" : " weight " + tracked.weight())
                    + (tracked.reversed() ? " reverse" : ""));
        }
        close();
    }

    private void addresses(String block, List<VirtualAddress> addresses) {
        open(block);
        for (VirtualAddress address : addresses) {
            StringBuilder line =
                    new StringBuilder(host(address.address())).append('/').append(address.prefixLength());
            address.device().ifPresent(device -> line.append(" dev ").append(quote(device)));
            address.label().ifPresent(label -> line.append(" label ").append(quote(label)));
            if (address.family() == IpFamily.IPV4 && address.scope() != VirtualAddress.Scope.GLOBAL) {
                line.append(" scope ").append(address.scope().name().toLowerCase(Locale.ROOT));
            }
            line.append(address.noPrefixRoute() ? " noprefixroute" : "");
            line(line.toString());
        }
        close();
    }

    private void open(String head) {
        line(head + " {");
        depth++;
    }

    private void close() {
        depth--;
        line("}");
    }

    private void lineIf(boolean condition, String text) {
        if (condition) {
            line(text);
        }
    }

    private void line(String text) {
        out.append("    ".repeat(depth)).append(text).append('\n');
    }

    /** In seconds, with as many decimals as it takes: {@code 0.25}. */
    static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toNanos(), 9).stripTrailingZeros().toPlainString();
    }

    /** Without the interface it was read from. */
    private static String host(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress()).getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError("an address has 4 or 16 bytes", e);
        }
    }

    /** As one word: in quotes unless it is plain. */
    static String quote(String text) {
        if (text.matches("[A-Za-z0-9_.:/-]+")) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f || c == '$') {
                // The dollar sign would begin a substitution, which comes before quotes are looked at.
                quoted.append(String.format(Locale.ROOT, "\\%03o", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
