package io.floatingip.keepalived;

import io.floatingip.VrrpVersion;
import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code global_defs} says: defaults for the blocks, and settings for the whole. Values not given are keepalived's. */
final class Globals {
    static final Set<String> MAPPED = Set.of(
            "router_id",
            "lvs_id",
            "default_interface",
            "vrrp_version",
            "vrrp_mcast_group4",
            "vrrp_mcast_group6",
            "vrrp_garp_master_delay",
            "vrrp_garp_master_repeat",
            "vrrp_garp_master_refresh",
            "vrrp_garp_interval",
            "vrrp_gna_interval",
            "vrrp_min_garp",
            "vrrp_down_timer_adverts",
            "vrrp_strict",
            "v3_checksum_as_v2",
            "vrrp_startup_delay",
            "script_user",
            "notification_email",
            "notification_email_from",
            "smtp_server",
            "smtp_helo_name",
            "smtp_connect_timeout",
            "smtp_alert",
            "smtp_alert_vrrp",
            "smtp_alert_checker",
            "no_email_faults",
            "notify_fifo",
            "vrrp_notify_fifo",
            "lvs_timeouts");
    private static final int SMTP_PORT = 25;
    private static final int TIMEOUT_MAX_SECONDS = 31 * 86_400;

    Optional<String> routerId = Optional.empty();
    String defaultInterface = "eth0";
    VrrpVersion version = VrrpVersion.V2;

    @Nullable
    InetAddress multicast4;

    @Nullable
    InetAddress multicast6;

    Duration garpDelay = Duration.ofSeconds(5);
    int garpRepeat = 5;
    Duration garpRefresh = Duration.ZERO;
    Duration garpInterval = Duration.ZERO;
    Duration gnaInterval = Duration.ZERO;
    int downTimerAdverts = 3;
    boolean strict;
    boolean v3ChecksumAsV2;
    Duration startupDelay = Duration.ZERO;
    Optional<String> scriptUser = Optional.empty();
    Optional<String> scriptGroup = Optional.empty();
    final List<Path> fifos = new ArrayList<>();
    Optional<Duration> tcpTimeout = Optional.empty();
    Optional<Boolean> alert = Optional.empty();
    Optional<Boolean> alertVrrp = Optional.empty();
    Optional<Boolean> alertChecker = Optional.empty();

    private final List<String> mailTo = new ArrayList<>();
    private Optional<String> mailFrom = Optional.empty();
    private Optional<String> mailServer = Optional.empty();
    private int mailPort = SMTP_PORT;
    private Optional<String> mailHello = Optional.empty();
    private Duration mailTimeout = Duration.ofSeconds(30);
    private boolean mailFaults = true;

    void map(Node block, Findings findings) {
        for (Node node : block.block()) {
            Statement s = new Statement(node, findings);
            if (!MAPPED.contains(node.name())) {
                KnownKeywords.GLOBAL.report(node, MAPPED, "global_defs", findings);
                continue;
            }
            if (!mail(s)) {
                vrrp(s, findings);
            }
            if (!node.name().equals("notification_email")) {
                s.end();
            }
        }
    }

    private void vrrp(Statement s, Findings findings) {
        switch (s.name()) {
            case "router_id", "lvs_id" -> routerId = text(s);
            case "default_interface" -> s.required("an interface").ifPresent(w -> defaultInterface = w.text());
            case "vrrp_version" -> version = version(s.number(2, 3)).orElse(version);
            case "vrrp_mcast_group4" -> multicast4 = multicast(s, findings).orElse(multicast4);
            case "vrrp_mcast_group6" -> multicast6 = multicast(s, findings).orElse(multicast6);
            case "vrrp_garp_master_delay" ->
                garpDelay = s.secondsOrDefault(0, 4294).orElse(garpDelay);
            case "vrrp_garp_master_repeat" ->
                garpRepeat = s.numberOrDefault(1, Garp.REPEAT_MAX).orElse(garpRepeat);
            case "vrrp_garp_master_refresh" ->
                garpRefresh = s.secondsOrDefault(0, 86400).orElse(garpRefresh);
            case "vrrp_garp_interval" ->
                garpInterval = s.secondsOrDefault(0, 86400).orElse(garpInterval);
            case "vrrp_gna_interval" ->
                gnaInterval = s.secondsOrDefault(0, 86400).orElse(gnaInterval);
            case "vrrp_min_garp" -> {
                if (s.flag()) {
                    garpRepeat = 1;
                    garpDelay = Duration.ZERO;
                }
            }
            case "vrrp_down_timer_adverts" ->
                downTimerAdverts = s.number(1, 100).orElse(downTimerAdverts);
            case "vrrp_strict" -> strict = s.flag();
            case "v3_checksum_as_v2" -> v3ChecksumAsV2 = s.flag();
            case "vrrp_startup_delay" ->
                startupDelay = s.secondsOrDefault(0, 3600).orElse(startupDelay);
            case "script_user" -> {
                scriptUser = text(s);
                scriptGroup = s.word().map(Word::text);
            }
            case "notify_fifo", "vrrp_notify_fifo" -> fifo(s, findings);
            case "lvs_timeouts" -> timeouts(s, findings);
            default -> throw new AssertionError(s.name());
        }
    }

    private void timeouts(Statement s, Findings findings) {
        boolean known = true;
        while (known) {
            if (s.word("tcp")) {
                tcpTimeout = s.secondsOrDefault(1, TIMEOUT_MAX_SECONDS).or(() -> tcpTimeout);
            } else if (s.word("tcpfin") || s.word("udp")) {
                findings.info(s.node().at(), "lvs_timeouts: only that of tcp has a meaning to a proxy");
                s.secondsOrDefault(0, TIMEOUT_MAX_SECONDS);
            } else {
                known = false;
            }
        }
    }

    private void fifo(Statement s, Findings findings) {
        Optional<Word> path = s.wanted("a path");
        if (s.word().isPresent()) {
            s.word();
            findings.info(s.node().at(), s.name() + ": the FIFO belongs to the user of this process");
        }
        try {
            path.ifPresent(p -> fifos.add(Path.of(p.text())));
        } catch (InvalidPathException e) {
            findings.warning(path.orElseThrow().at(), s.name() + " needs a path; it is left out");
        }
    }

    private boolean mail(Statement s) {
        switch (s.name()) {
            case "notification_email" -> Lists.words(s).forEach(w -> mailTo.add(w.text()));
            case "notification_email_from" -> mailFrom = text(s);
            case "smtp_server" -> {
                mailServer = text(s);
                if (s.hasMore()) {
                    mailPort = s.numberOrDefault(1, 65535).orElse(mailPort);
                }
            }
            case "smtp_helo_name" -> mailHello = text(s);
            case "smtp_connect_timeout" ->
                mailTimeout = s.secondsOrDefault(1, 3600).orElse(mailTimeout);
            case "smtp_alert" -> alert = Optional.of(s.flag());
            case "smtp_alert_vrrp" -> alertVrrp = Optional.of(s.flag());
            case "smtp_alert_checker" -> alertChecker = Optional.of(s.flag());
            case "no_email_faults" -> mailFaults = !s.flag();
            default -> {
                return false;
            }
        }
        return true;
    }

    MailSettings mailSettings() {
        return new MailSettings(mailTo, mailFrom, mailServer, mailPort, mailHello, mailTimeout, mailFaults, routerId);
    }

    /** With the user that scripts run as unless they say otherwise. */
    ScriptCall withUser(ScriptCall call) {
        return call.user().isPresent() ? call : new ScriptCall(call.line(), scriptUser, scriptGroup);
    }

    private static Optional<String> text(Statement s) {
        return s.wanted("a value").map(Word::text);
    }

    static Optional<VrrpVersion> version(OptionalInt number) {
        return number.isEmpty()
                ? Optional.empty()
                : Optional.of(number.getAsInt() == 2 ? VrrpVersion.V2 : VrrpVersion.V3);
    }

    static Optional<InetAddress> multicast(Statement s, Findings findings) {
        Position at = s.here();
        Optional<InetAddress> group = s.address();
        if (group.isPresent() && !group.get().isMulticastAddress()) {
            findings.error(
                    at,
                    s.name() + " must be a multicast address, got "
                            + group.get().getHostAddress());
            return Optional.empty();
        }
        return group;
    }
}
