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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes configurations in keepalived's format. */
final class ConfigWriter {
    private final Output out;

    ConfigWriter(Output out) {
        this.out = out;
    }

    void write(Collection<FloatingIpConfig> configs) {
        globals(configs);
        pauses(configs);
        for (FloatingIpConfig config : configs) {
            List<IpFamily> families = config.addresses().stream()
                    .map(VirtualAddress::family)
                    .distinct()
                    .toList();
            if (families.size() == 1) {
                open(config, config.name(), families.get(0), true);
                out.close();
                continue;
            }
            out.open("vrrp_sync_group " + Output.quote(config.name()));
            members(families.stream().map(f -> name(config, f)).toList());
            out.close();
            for (IpFamily family : families) {
                open(config, name(config, family), family, family == families.get(0));
                out.close();
            }
        }
    }

    private static String name(FloatingIpConfig config, IpFamily family) {
        return config.name() + "-" + family.name().toLowerCase(Locale.ROOT);
    }

    private void members(List<String> names) {
        out.line("sync_group_tracking_weight");
        out.open("group");
        names.forEach(name -> out.line(Output.quote(name)));
        out.close();
    }

    void write(KeepalivedConfig file) {
        List<FloatingIpConfig> configs =
                file.instances().stream().map(KeepalivedInstance::config).toList();
        globals(configs);
        told(file);
        pauses(configs);
        file.scripts().forEach(this::script);
        file.files().forEach(this::file);
        file.processes().forEach(this::process);
        for (KeepalivedGroup group : file.groups()) {
            out.open("vrrp_sync_group " + Output.quote(group.name()));
            members(group.members());
            notify(group.notifyScripts(), group.mail());
            out.close();
        }
        for (KeepalivedInstance instance : file.instances()) {
            // Its checks are what it tracks.
            open(
                    instance.config().toBuilder().checks(List.of()).build(),
                    instance.name(),
                    instance.config().addresses().get(0).family(),
                    true);
            for (Tracking.Kind kind : Tracking.Kind.values()) {
                tracked(kind, instance.tracking());
            }
            notify(instance.notifyScripts(), instance.mail());
            out.close();
        }
        if (!file.staticAddresses().isEmpty()) {
            addresses(
                    "static_ipaddress",
                    file.staticAddresses().stream().map(StaticAddress::address).toList());
        }
        new ServerWriter(out).write(file.virtualServers());
    }

    private void globals(Collection<FloatingIpConfig> configs) {
        Duration startupDelay = configs.stream()
                .map(FloatingIpConfig::startupDelay)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        if (!startupDelay.isZero()) {
            out.open("global_defs");
            if (configs.stream().anyMatch(c -> !c.startupDelay().equals(startupDelay))) {
                out.line("# keepalived has one delay for all instances: the longest of theirs");
            }
            out.line("vrrp_startup_delay " + Output.seconds(startupDelay));
            out.close();
        }
    }

    /** Who is told about changes: mail and FIFOs are the whole file's. */
    private void told(KeepalivedConfig file) {
        MailSettings mail = file.mail();
        out.open("global_defs");
        out.value("router_id", mail.routerId());
        if (!mail.to().isEmpty()) {
            out.open("notification_email");
            mail.to().forEach(to -> out.line(Output.quote(to)));
            out.close();
        }
        out.value("notification_email_from", mail.from());
        mail.server().ifPresent(server -> out.line("smtp_server " + Output.quote(server) + " " + mail.port()));
        out.value("smtp_helo_name", mail.helloName());
        out.line("smtp_connect_timeout " + Output.seconds(mail.connectTimeout()));
        out.lineIf(!mail.faults(), "no_email_faults");
        file.tcpTimeout().ifPresent(time -> out.line("lvs_timeouts tcp " + Output.seconds(time)));
        // keepalived has two: one for everything, one for VRRP.
        for (int i = 0; i < file.fifos().size(); i++) {
            out.line((i == 0 ? "notify_fifo " : "vrrp_notify_fifo ")
                    + Output.quote(file.fifos().get(i).toString()));
        }
        out.close();
    }

    private void script(TrackScript script) {
        out.open("vrrp_script " + Output.quote(script.name()));
        out.line("script " + Output.quote(script.script().line()));
        out.line("interval " + Output.seconds(script.interval()));
        out.line("timeout " + Output.seconds(script.timeout()));
        out.line(Output.weight(script.weight(), script.reversed()).strip());
        out.line("rise " + script.rise());
        out.line("fall " + script.fall());
        out.user(script.script());
        out.lineIf(script.failedAtFirst(), "init_fail");
        out.close();
    }

    private void file(TrackFile file) {
        out.open("vrrp_track_file " + Output.quote(file.name()));
        out.line("file " + Output.quote(file.file()));
        out.line(Output.weight(file.weight(), file.reversed()).strip());
        out.close();
    }

    private void process(TrackProcess process) {
        out.open("vrrp_track_process " + Output.quote(process.name()));
        out.line("process " + process.process().stream().map(Output::quote).collect(Collectors.joining(" ")));
        out.line(Output.weight(process.weight(), process.reversed()).strip());
        out.line("quorum " + process.quorum());
        out.lineIf(process.quorumMax() != Integer.MAX_VALUE, "quorum_max " + process.quorumMax());
        out.close();
    }

    private void tracked(Tracking.Kind kind, List<Tracking> all) {
        List<Tracking> tracked =
                all.stream().filter(each -> each.kind() == kind).toList();
        if (tracked.isEmpty()) {
            return;
        }
        out.open("track_" + kind.name().toLowerCase(Locale.ROOT));
        for (Tracking each : tracked) {
            String weight = each.weight().isPresent()
                    ? Output.weight(each.weight().getAsInt(), each.reversed())
                    : each.reversed() ? " reverse" : "";
            out.line(Output.quote(each.name()) + weight);
        }
        out.close();
    }

    private void notify(NotifyScripts scripts, boolean mail) {
        out.script("notify_master", scripts.master());
        out.script("notify_backup", scripts.backup());
        out.script("notify_fault", scripts.fault());
        out.script("notify_stop", scripts.stop());
        out.script("notify_deleted", scripts.deleted());
        out.script("notify", scripts.any());
        out.script("notify_master_rx_lower_pri", scripts.lowerPriorityHeard());
        out.lineIf(mail, "smtp_alert");
    }

    /** Pauses between frames are an interface's in keepalived, one for each family. */
    private void pauses(Collection<FloatingIpConfig> configs) {
        Map<String, Map<String, Duration>> pauses = new LinkedHashMap<>();
        for (FloatingIpConfig config : configs) {
            for (VirtualAddress address : config.addresses()) {
                pauses.computeIfAbsent(config.networkInterface(), device -> new TreeMap<>())
                        .merge(
                                address.family() == IpFamily.IPV4 ? "garp_interval" : "gna_interval",
                                config.announcements().interval(),
                                (a, b) -> a.compareTo(b) > 0 ? a : b);
            }
        }
        pauses.forEach((device, each) -> {
            each.values().removeIf(Duration::isZero);
            if (!each.isEmpty()) {
                out.open("garp_group");
                each.forEach((keyword, pause) -> out.line(keyword + " " + Output.seconds(pause)));
                out.line("interface " + Output.quote(device));
                out.close();
            }
        });
    }

    /** Begins an instance, for the caller to go on with and close. */
    private void open(FloatingIpConfig config, String name, IpFamily family, boolean excluded) {
        out.open("vrrp_instance " + Output.quote(name));
        notInKeepalived(config);
        out.line("state BACKUP");
        out.line("interface " + Output.quote(config.networkInterface()));
        out.line("virtual_router_id " + config.virtualRouterId());
        out.line("priority " + config.priority());
        out.line("version " + config.version().number());
        out.line("advert_int " + Output.seconds(config.advertInterval()));
        out.lineIf(config.downAfterAdverts() != 3, "down_timer_adverts " + config.downAfterAdverts());
        out.lineIf(!config.preempt(), "nopreempt");
        out.lineIf(!config.preemptDelay().isZero(), "preempt_delay " + Output.seconds(config.preemptDelay()));
        out.lineIf(config.strict(), "strict_mode on");
        out.lineIf(config.strict() && config.accept(), "accept");
        out.lineIf(!config.accept(), "no_accept");
        out.lineIf(
                config.version() == VrrpVersion.V3 && config.checksum() == ChecksumMode.MESSAGE_ONLY,
                "v3_checksum_as_v2 on");
        out.lineIf(config.virtualMac() != VirtualMac.OFF, "use_vmac");
        out.lineIf(config.virtualMac() == VirtualMac.ADVERTS_FROM_BASE, "vmac_xmit_base");
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
    }

    private void notInKeepalived(FloatingIpConfig config) {
        out.lineIf(!config.drain().isZero(), "# not in keepalived: drain " + config.drain());
        config.checks()
                .forEach(c -> out.line(
                        "# not in keepalived: check " + IncludeFiles.printable(c.name()) + "; see vrrp_script"));
        out.lineIf(!config.listeners().isEmpty(), "# not in keepalived: listeners; see notify_master and its like");
    }

    private void announcements(FloatingIpConfig config) {
        out.line("garp_master_repeat " + config.announcements().repeat());
        out.line("garp_master_delay " + Output.seconds(config.announcements().secondAfter()));
        out.lineIf(
                !config.announcements().refresh().isZero(),
                "garp_master_refresh " + Output.seconds(config.announcements().refresh()));
    }

    private void network(FloatingIpConfig config, IpFamily family) {
        List<UnicastPeer> peers = config.unicastPeers().stream()
                .filter(p -> IpFamily.of(p.address()) == family)
                .toList();
        Optional.ofNullable(config.sources().get(family)).ifPresent(source -> {
            out.line((peers.isEmpty() ? "mcast_src_ip " : "unicast_src_ip ") + Output.host(source));
            out.line("track_src_ip");
        });
        Optional.ofNullable(config.multicastGroups().get(family))
                .ifPresent(group -> out.line("mcast_dst_ip " + Output.host(group)));
        if (!peers.isEmpty()) {
            out.open("unicast_peer");
            for (UnicastPeer peer : peers) {
                out.line(Output.host(peer.address())
                        + (peer.minTtl() == 0 ? "" : " min_ttl " + peer.minTtl())
                        + (peer.maxTtl() == 255 ? "" : " max_ttl " + peer.maxTtl()));
            }
            out.close();
        }
    }

    private void authentication(FloatingIpConfig config) {
        if (config.authentication() instanceof Authentication.Password password) {
            authentication("PASS", password.secret());
        } else if (config.authentication() instanceof Authentication.AuthenticationHeader header) {
            authentication("AH", header.secret());
        } else if (config.authentication() instanceof Authentication.Hmac hmac) {
            out.open("auth_hmac");
            for (int id : hmac.keyIds()) {
                out.line("key " + id + " hex:"
                        + HexFormat.of().formatHex(hmac.key(id).orElseThrow()));
            }
            out.line("active_key " + hmac.activeKey());
            hmac.timeWindow().ifPresent(window -> out.line("time_window " + window.toSeconds()));
            out.line("anti_replay " + hmac.antiReplay().name().toLowerCase(Locale.ROOT));
            out.line("mode " + hmac.mode().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            out.close();
        }
    }

    private void authentication(String type, byte[] secret) {
        out.open("authentication");
        out.line("auth_type " + type);
        out.line("auth_pass " + Output.quote(new String(secret, StandardCharsets.UTF_8)));
        out.close();
    }

    private void trackedInterfaces(FloatingIpConfig config) {
        if (config.trackedInterfaces().isEmpty()) {
            return;
        }
        out.open("track_interface");
        for (TrackedInterface tracked : config.trackedInterfaces()) {
            out.line(Output.quote(tracked.name())
                    + (tracked.weight() == 0 ? "" : " weight " + tracked.weight())
                    + (tracked.reversed() ? " reverse" : ""));
        }
        out.close();
    }

    private void addresses(String block, List<VirtualAddress> addresses) {
        out.open(block);
        for (VirtualAddress address : addresses) {
            StringBuilder line = new StringBuilder(Output.host(address.address()));
            // keepalived complains of a prefix beside a peer.
            address.peer()
                    .ifPresentOrElse(
                            peer -> line.append(" peer ").append(Output.host(peer)),
                            () -> line.append('/').append(address.prefixLength()));
            address.broadcast().ifPresent(to -> line.append(" brd ").append(Output.host(to)));
            address.device().ifPresent(device -> line.append(" dev ").append(Output.quote(device)));
            address.label().ifPresent(label -> line.append(" label ").append(Output.quote(label)));
            if (address.family() == IpFamily.IPV4 && address.scope() != VirtualAddress.Scope.GLOBAL) {
                line.append(" scope ").append(address.scope().name().toLowerCase(Locale.ROOT));
            }
            line.append(address.noPrefixRoute() ? " noprefixroute" : "");
            out.line(line.toString());
        }
        out.close();
    }
}
