package io.floatingip.keepalived;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The keywords of keepalived that have nothing to be mapped to, and what to do instead. */
final class KnownKeywords {
    /** What to say about a keyword. */
    record Advice(Severity severity, String message) {}

    static final KnownKeywords GLOBAL = new KnownKeywords();
    static final KnownKeywords ROOT = new KnownKeywords();
    static final KnownKeywords INSTANCE = new KnownKeywords();
    static final KnownKeywords GROUP = new KnownKeywords();
    /** Of blocks whose keywords are all mapped. */
    static final KnownKeywords NONE = new KnownKeywords();

    private static final String NO_FIREWALL = "no firewall rules are needed here";
    private static final String NO_PROCESSES =
            "there are no further processes here; use the service manager's settings for this one";
    private static final String STATUS = "use the status, metrics and events of this library";
    private static final String PACED = "buffers are sized by the library";
    private static final String NO_LVS = "it belongs to the kernel's load balancer, which is not used here";
    private static final String RELOAD =
            "a reload reads the same file again and refuses it as a whole if it has errors";

    private final Map<String, Advice> advice = new HashMap<>();

    static {
        GLOBAL.info(
                "listeners of every role are told by the library",
                "vrrp_notify_priority_changes",
                "fifo_write_vrrp_states_on_reload");
        GLOBAL.warning(
                "not started; let the service manager start what reads the FIFO",
                "notify_fifo_script",
                "vrrp_notify_fifo_script",
                "lvs_notify_fifo_script");
        GLOBAL.warning("not written; the load balancer is another program's", "lvs_notify_fifo");
        GLOBAL.info("interfaces may come and go here", "dynamic_interfaces");
        GLOBAL.info(
                "gratuitous announcements are repeated when a lower priority is heard",
                "vrrp_garp_lower_prio_delay",
                "vrrp_garp_lower_prio_repeat");
        GLOBAL.warning(
                "refreshes are single frames; set vrrp_garp_master_refresh shorter instead",
                "vrrp_garp_master_refresh_repeat");
        GLOBAL.warning(
                "not sent; set vrrp_garp_master_refresh instead, which refreshes every address",
                "vrrp_garp_extra_if",
                "vmac_garp_intvl");
        GLOBAL.info(
                "an advert of lower priority is answered at once with version 3 (RFC 9568 section 6.4.3), and not at all with version 2",
                "vrrp_lower_prio_no_advert");
        GLOBAL.info(
                "always on: a master that yields sends one more advert, so that the winner announces its addresses again",
                "vrrp_higher_prio_send_advert");
        GLOBAL.info("owners that meet are settled by address", "vrrp_owner_ignore_adverts");
        GLOBAL.info("always on: adverts are accepted from configured peers only", "vrrp_check_unicast_src");
        GLOBAL.info("adverts are refused for their list of addresses in strict mode only", "vrrp_skip_check_adv_addr");
        GLOBAL.info(
                NO_FIREWALL,
                "vrrp_iptables",
                "vrrp_ipsets",
                "namespace_with_ipsets",
                "nftables",
                "nftables_priority",
                "nftables_counters",
                "nftables_ifindex");
        GLOBAL.warning(
                "not done; take the host's uptime into account with vrrp_startup_delay", "vrrp_delay_after_boot");
        GLOBAL.info(
                "scheduling is the service manager's: Nice=, CPUSchedulingPolicy=, CPUAffinity= and MemoryLock in its unit; a late wake-up is noticed here before anything is sent",
                "vrrp_priority",
                "checker_priority",
                "bfd_priority",
                "vrrp_rt_priority",
                "checker_rt_priority",
                "bfd_rt_priority",
                "vrrp_rlimit_rttime",
                "checker_rlimit_rttime",
                "bfd_rlimit_rttime",
                "vrrp_no_swap",
                "checker_no_swap",
                "bfd_no_swap",
                "vrrp_cpu_affinity",
                "checker_cpu_affinity",
                "bfd_cpu_affinity",
                "max_auto_priority",
                "min_auto_priority_delay");
        GLOBAL.info(
                PACED,
                "vrrp_rx_bufs_policy",
                "vrrp_rx_bufs_multiplier",
                "vrrp_netlink_cmd_rcv_bufs",
                "vrrp_netlink_cmd_rcv_bufs_force",
                "vrrp_netlink_monitor_rcv_bufs",
                "vrrp_netlink_monitor_rcv_bufs_force",
                "process_monitor_rcv_bufs",
                "process_monitor_rcv_bufs_force",
                "lvs_netlink_cmd_rcv_bufs",
                "lvs_netlink_cmd_rcv_bufs_force",
                "lvs_netlink_monitor_rcv_bufs",
                "lvs_netlink_monitor_rcv_bufs_force");
        GLOBAL.info("adverts of other virtual routers are counted in the status", "log_unknown_vrids");
        GLOBAL.info("virtual interfaces are named by the library", "vmac_prefix", "vmac_addr_prefix");
        GLOBAL.warning(
                "not done; set the sysctl net.ipv4.igmp_link_local_mcast_reports yourself", "disable_local_igmp");
        GLOBAL.info(
                "scripts are run as configured; keep those that run as root writable by root only",
                "enable_script_security");
        GLOBAL.info("scripts have the groups of this process", "set_supplementary_groups");
        GLOBAL.warning(
                "there is no SNMP agent here; " + STATUS,
                "enable_snmp_vrrp",
                "enable_snmp_keepalived",
                "enable_snmp_checker",
                "enable_snmp_rfc",
                "enable_snmp_rfcv2",
                "enable_snmp_rfcv3",
                "enable_traps",
                "snmp_socket");
        GLOBAL.warning(
                "there is no D-Bus interface here; " + STATUS,
                "enable_dbus",
                "dbus_service_name",
                "dbus_no_interface_name");
        GLOBAL.warning(
                "not run; start it from the service manager, as ExecStartPre= and ExecStopPost= in its unit",
                "startup_script",
                "startup_script_timeout",
                "shutdown_script",
                "shutdown_script_timeout");
        GLOBAL.info(
                RELOAD,
                "reload_check_config",
                "reload_time_file",
                "reload_repeat",
                "reload_file",
                "include_check",
                "config_save_dir",
                "tmp_config_directory");
        GLOBAL.warning(
                "no such file is written; " + STATUS,
                "state_dump_file",
                "stats_dump_file",
                "json_dump_file",
                "json_version",
                "data_use_instance");
        GLOBAL.info(
                NO_PROCESSES,
                "process_names",
                "process_name",
                "vrrp_process_name",
                "checker_process_name",
                "bfd_process_name",
                "umask",
                "use_pid_dir",
                "child_wait_time");
        GLOBAL.info("has no meaning here", "random_seed", "use_symlink_paths", "iproute_usr_dir", "iproute_etc_dir");
        GLOBAL.info(
                NO_LVS,
                "lvs_sync_daemon",
                "lvs_flush",
                "lvs_flush_on_stop",
                "nftables_ipvs",
                "nftables_ipvs_priority",
                "nftables_ipvs_start_fwmark");
        GLOBAL.info("each failed check is counted in the status", "checker_log_all_failures");
        GLOBAL.warning(
                "not done; start this program in that network namespace, as NetworkNamespacePath= in its unit",
                "net_namespace",
                "net_namespace_ipvs");
        GLOBAL.info("name this process in the service manager", "instance");
        GLOBAL.info("link state comes from the kernel, at once", "linkbeat_use_polling");

        ROOT.warning(
                "not added here; give them to the system's network configuration", "static_routes", "static_rules");
        ROOT.warning(
                "the health of BFD sessions is not followed; use a vrrp_script, or a health check of this library",
                "bfd_instance");
        ROOT.warning(
                "static addresses, routes and rules do not follow instances here", "track_group", "static_track_group");
        ROOT.info("link state comes from the kernel, at once", "linkbeat_interfaces", "linkbeat_use_polling");
        ROOT.warning(
                "a change of the link counts at once; use vrrp_startup_delay for ports that forward late",
                "interface_up_down_delays");
        ROOT.warning(
                "not done; start this program in that network namespace, as NetworkNamespacePath= in its unit",
                "net_namespace",
                "net_namespace_ipvs");
        ROOT.info("name this process in the service manager", "instance");
        ROOT.info(NO_PROCESSES, "use_pid_dir", "child_wait_time");
        ROOT.info(NO_FIREWALL, "namespace_with_ipsets");
        ROOT.info(RELOAD, "include_check");
        ROOT.warning("not read: SSL_GET accepts any certificate, as keepalived does without it", "SSL");

        INSTANCE.warning("VRFs are not bound to; use an interface inside the VRF", "vrf");
        INSTANCE.info("the family follows from the addresses", "native_ipv6");
        INSTANCE.info("adverts are refused for their list of addresses in strict mode only", "skip_check_adv_addr");
        INSTANCE.warning("unicast adverts leave with TTL 255", "unicast_ttl");
        INSTANCE.info("always on: adverts are accepted from configured peers only", "check_unicast_src");
        INSTANCE.warning(
                "checksums of keepalived 1.3.6 and older are not spoken; update those nodes", "old_unicast_checksum");
        INSTANCE.info(
                "addresses are /32 and /128 unless given another length, so that none is secondary to another",
                "promote_secondaries");
        INSTANCE.warning(
                "not added here; add them with ip from a listener of this library or from notify_master, and take them off in notify_backup,"
                        + " notify_fault and notify_stop",
                "virtual_routes",
                "virtual_rules");
        INSTANCE.warning(
                "a virtual MAC for addresses on other interfaces is not made; leave dev out of the address",
                "use_vmac_addr");
        INSTANCE.warning("ipvlan is not made; leave it out, or use use_vmac", "use_ipvlan");
        INSTANCE.warning(
                "without its interface an instance is always in FAULT here, since no advert can leave",
                "dont_track_primary");
        INSTANCE.warning(
                "the health of BFD sessions is not followed; use a vrrp_script, or a health check of this library",
                "track_bfd");
        INSTANCE.info(
                "a lower priority heard makes a master announce its addresses again, as after becoming master",
                "garp_lower_prio_delay",
                "garp_lower_prio_repeat");
        INSTANCE.warning(
                "refreshes are single frames; set garp_master_refresh shorter instead", "garp_master_refresh_repeat");
        INSTANCE.warning(
                "not sent; set garp_master_refresh instead, which refreshes every address",
                "garp_extra_if",
                "vmac_garp_intvl");
        INSTANCE.info(
                "an advert of lower priority is answered at once with version 3 (RFC 9568 section 6.4.3), and not at all with version 2",
                "lower_prio_no_advert");
        INSTANCE.info(
                "always on: a master that yields sends one more advert, so that the winner announces its addresses again",
                "higher_prio_send_advert");
        INSTANCE.info("owners that meet are settled by address", "owner_ignore_adverts");
        INSTANCE.info(
                "always on: a master that was stopped for too long steps down before it sends anything",
                "timer_expired_backup",
                "thread_timer_expired");
        INSTANCE.info(PACED, "kernel_rx_buf_size");
        INSTANCE.info("listeners are told by the library", "notify_priority_changes");
        INSTANCE.info("link state comes from the kernel, at once", "linkbeat_use_polling");
        INSTANCE.info(NO_LVS, "lvs_sync_daemon_interface");
        INSTANCE.info("has no meaning in keepalived either; use the log level", "debug");

        GROUP.info("tracking of a group applies to all of its members", "global_tracking");
        GROUP.warning(
                "the health of BFD sessions is not followed; use a vrrp_script, or a health check of this library",
                "track_bfd");
        GROUP.info("listeners are told by the library", "notify_priority_changes");
    }

    private void info(String message, String... keywords) {
        Stream.of(keywords).forEach(k -> advice.put(k, new Advice(Severity.INFO, message)));
    }

    private void warning(String message, String... keywords) {
        Stream.of(keywords).forEach(k -> advice.put(k, new Advice(Severity.WARNING, message)));
    }

    Set<String> keywords() {
        return advice.keySet();
    }

    /** Reports a statement that is not mapped: with the advice if it is known, with the nearest keyword if it looks like a slip of the pen. */
    void report(Node node, Collection<String> mapped, String where, Findings findings) {
        Advice known = advice.get(node.name());
        if (known != null) {
            String message = node.name() + ": " + known.message();
            if (known.severity() == Severity.INFO) {
                findings.info(node.at(), message);
            } else {
                findings.warning(node.at(), message);
            }
            return;
        }
        Set<String> all = new TreeSet<>(mapped);
        all.addAll(advice.keySet());
        findings.warning(
                node.at(),
                Statement.shown(node.name()) + " is no keyword of " + where + "; it is left out"
                        + nearest(node.name(), all)
                                .map(n -> "; is " + n + " meant?")
                                .orElse(""));
    }

    private static Optional<String> nearest(String text, Set<String> keywords) {
        String best = null;
        int bestDistance = Math.min(3, text.length() / 3 + 1);
        if (text.length() > 40) {
            return Optional.empty();
        }
        for (String keyword : keywords) {
            int distance = distance(text, keyword);
            if (distance < bestDistance) {
                best = keyword;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Levenshtein's. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
