package io.floatingip.keepalived;

import io.floatingip.IpFamily;
import io.floatingip.keepalived.VirtualServer.Endpoint;
import io.floatingip.keepalived.VirtualServer.Forwarding;
import io.floatingip.keepalived.VirtualServer.Protocol;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads {@code virtual_server}, {@code real_server} and {@code virtual_server_group}. */
final class ServerMapper {
    static final Set<String> VIRTUAL = Set.of(
            "delay_loop",
            "lb_algo",
            "lvs_sched",
            "lb_kind",
            "lvs_method",
            "persistence_timeout",
            "persistence_granularity",
            "persistence_engine",
            "protocol",
            "virtualhost",
            "sorry_server",
            "sorry_server_inhibit",
            "sorry_server_lvs_method",
            "quorum",
            "hysteresis",
            "quorum_up",
            "quorum_down",
            "alpha",
            "omega",
            "ops",
            "smtp_alert",
            "inhibit_on_failure",
            "connect_timeout",
            "retry",
            "delay_before_retry",
            "warmup",
            "real_server",
            "flag-1",
            "flag-2",
            "flag-3",
            "sh-port",
            "sh-fallback",
            "mh-port",
            "mh-fallback",
            "ha_suspend",
            "ip_family",
            "snmp_name");
    static final Set<String> REAL = Set.of(
            "weight",
            "lvs_method",
            "lb_kind",
            "notify_up",
            "notify_down",
            "uthreshold",
            "lthreshold",
            "smtp_alert",
            "virtualhost",
            "snmp_name",
            "alpha",
            "connect_timeout",
            "retry",
            "delay_before_retry",
            "warmup",
            "delay_loop",
            "inhibit_on_failure",
            "HTTP_GET",
            "SSL_GET",
            "TCP_CHECK",
            "SMTP_CHECK",
            "DNS_CHECK",
            "MISC_CHECK",
            "BFD_CHECK",
            "UDP_CHECK",
            "PING_CHECK",
            "FILE_CHECK");
    private static final Set<String> ALGORITHMS =
            Set.of("rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "mh", "fo", "ovf", "sed", "nq", "twos");
    private static final int PORT_MAX = 65535;
    private static final int WEIGHT_MAX = 65535;
    private static final Duration PERSISTENCE = Duration.ofMinutes(6);

    private final Globals globals;
    private final Map<String, VirtualServer.Service.Group> groups;
    private final Findings findings;

    ServerMapper(Globals globals, Map<String, VirtualServer.Service.Group> groups, Findings findings) {
        this.globals = globals;
        this.groups = groups;
        this.findings = findings;
    }

    /** What a virtual server says, which its real servers need to know. */
    private static final class Draft {
        private final List<Node> realServers = new ArrayList<>();
        private final List<String> options = new ArrayList<>();
        private final TimingDefaults timing = TimingDefaults.none();
        private Protocol protocol = Protocol.TCP;
        private String algorithm = "wlc";
        private Forwarding kind = Forwarding.NAT;
        private Optional<Duration> persistence = Optional.empty();
        private OptionalInt granularity = OptionalInt.empty();
        private Optional<String> virtualHost = Optional.empty();
        private Optional<Endpoint> sorry = Optional.empty();
        private boolean inhibitSorry;
        private int quorum = 1;
        private int hysteresis;
        private boolean ops;
        private boolean omega;
        private boolean inhibit;
        private Optional<ScriptCall> quorumUp = Optional.empty();
        private Optional<ScriptCall> quorumDown = Optional.empty();
        private Optional<Boolean> alert = Optional.empty();
    }

    Optional<VirtualServer> map(Node block) {
        int errors = findings.errors();
        findings.info(
                block.at(),
                "virtual_server is a proxy's work here, not the kernel's: that of floatingip.jar run and of gateway.jar, or your own's");
        Optional<VirtualServer.Service> service = service(new Statement(block, findings));
        Draft draft = new Draft();
        for (Node node : block.block()) {
            if (!VIRTUAL.contains(node.name())) {
                KnownKeywords.NONE.report(node, VIRTUAL, "virtual_server", findings);
                continue;
            }
            virtual(draft, node);
        }
        List<RealServer> servers = new ArrayList<>();
        draft.realServers.forEach(node -> real(node, draft).ifPresent(servers::add));
        if (servers.isEmpty() && draft.realServers.isEmpty() && draft.sorry.isEmpty()) {
            findings.warning(block.at(), "virtual_server has no real_server");
        }
        if (service.isEmpty() || findings.errors() != errors) {
            return Optional.empty();
        }
        boolean ipv6 = service.get() instanceof VirtualServer.Service.At at
                && at.endpoint().address().getAddress().length == 16;
        return Optional.of(new VirtualServer(
                service.get(),
                draft.protocol,
                draft.algorithm,
                draft.options,
                draft.kind,
                draft.persistence,
                draft.granularity.orElse(ipv6 ? 128 : 32),
                draft.virtualHost,
                draft.sorry,
                draft.inhibitSorry,
                draft.quorum,
                draft.hysteresis,
                draft.ops,
                draft.timing.alpha(),
                draft.omega,
                draft.quorumUp,
                draft.quorumDown,
                draft.alert
                        .or(() -> globals.alertChecker)
                        .or(() -> globals.alert)
                        .orElse(false),
                servers,
                block.at()));
    }

    private Optional<VirtualServer.Service> service(Statement s) {
        if (s.word("fwmark")) {
            OptionalInt mark = s.number(1, Integer.MAX_VALUE);
            s.endOfWords();
            return mark.isPresent() ? Optional.of(new VirtualServer.Service.Mark(mark.getAsInt())) : Optional.empty();
        }
        if (s.word("group")) {
            Optional<Word> name = s.required("a virtual_server_group");
            s.endOfWords();
            if (name.isPresent() && !groups.containsKey(name.get().text())) {
                findings.error(
                        name.get().at(),
                        "there is no virtual_server_group "
                                + Statement.shown(name.get().text()));
            }
            return name.map(n -> groups.get(n.text()));
        }
        return endpoint(s).map(VirtualServer.Service.At::new);
    }

    /** An address, and a port if there is one. */
    private Optional<Endpoint> endpoint(Statement s) {
        Optional<InetAddress> address = s.address();
        int port = s.hasMore() ? s.number(0, PORT_MAX).orElse(0) : 0;
        s.endOfWords();
        return address.map(a -> new Endpoint(a, port));
    }

    private void virtual(Draft d, Node node) {
        Statement s = new Statement(node, findings);
        if (node.name().equals("real_server")) {
            d.realServers.add(node);
            return;
        }
        if (!d.timing.map(s)) {
            switch (node.name()) {
                case "lb_algo", "lvs_sched" -> algorithm(d, s);
                case "flag-1", "flag-2", "flag-3", "sh-port", "sh-fallback", "mh-port", "mh-fallback" ->
                    d.options.add(node.name());
                case "lb_kind", "lvs_method" -> d.kind = forwarding(s).orElse(d.kind);
                case "persistence_timeout" ->
                    d.persistence = Optional.of(
                            s.hasMore() ? s.secondsOrDefault(1, 31_536_000).orElse(PERSISTENCE) : PERSISTENCE);
                case "persistence_granularity" -> d.granularity = granularity(s);
                case "protocol" -> protocol(d, s);
                case "virtualhost" -> d.virtualHost = s.wanted("a host name").map(Word::text);
                case "sorry_server" -> d.sorry = endpoint(s);
                case "sorry_server_inhibit" -> d.inhibitSorry = s.flag();
                case "quorum" ->
                    d.quorum = s.numberOrDefault(1, Integer.MAX_VALUE).orElse(1);
                case "hysteresis" ->
                    d.hysteresis = s.numberOrDefault(0, Integer.MAX_VALUE).orElse(0);
                case "quorum_up" -> d.quorumUp = s.script().map(globals::withUser);
                case "quorum_down" -> d.quorumDown = s.script().map(globals::withUser);
                case "omega" -> d.omega = s.flag();
                case "ops" -> d.ops = s.flag();
                case "smtp_alert" -> d.alert = Optional.of(s.flag());
                case "inhibit_on_failure" -> d.inhibit = s.flag();
                default -> other(s);
            }
        }
        s.end();
    }

    private void other(Statement s) {
        s.words();
        switch (s.name()) {
            case "ha_suspend" ->
                findings.info(
                        s.node().at(), "ha_suspend: a proxy decides for itself whether it checks while it is backup");
            case "persistence_engine" ->
                findings.warning(s.node().at(), "persistence_engine: a client is known by its address");
            case "sorry_server_lvs_method" ->
                findings.info(s.node().at(), "sorry_server_lvs_method: a proxy forwards to it as to the others");
            default -> findings.info(s.node().at(), s.name() + " has no meaning to a proxy");
        }
    }

    private void algorithm(Draft d, Statement s) {
        s.wanted("an algorithm").ifPresent(w -> {
            if (ALGORITHMS.contains(w.text())) {
                d.algorithm = w.text();
            } else {
                findings.warning(
                        w.at(),
                        "no algorithm is called " + Statement.shown(w.text()) + "; " + d.algorithm + " is taken");
            }
        });
    }

    private Optional<Forwarding> forwarding(Statement s) {
        Optional<Word> word = s.wanted("NAT, DR or TUN");
        if (word.isEmpty()) {
            return Optional.empty();
        }
        for (Forwarding kind : Forwarding.values()) {
            if (word.get().is(kind.name())) {
                s.words();
                findings.info(
                        word.get().at(),
                        s.name() + " " + kind
                                + " is done by the kernel; a proxy makes a connection of its own, whose source is this host. "
                                + (kind == Forwarding.NAT
                                        ? "Servers need no route back through it"
                                        : "Take the floating address off the servers' lo"));
                return Optional.of(kind);
            }
        }
        findings.warning(
                word.get().at(),
                s.name() + " must be NAT, DR or TUN, got "
                        + Statement.shown(word.get().text()));
        return Optional.empty();
    }

    private OptionalInt granularity(Statement s) {
        Optional<Word> word = s.wanted("a netmask or a prefix length");
        if (word.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            if (word.get().text().indexOf('.') < 0) {
                int length = Integer.parseInt(word.get().text());
                if (length >= 1 && length <= 128) {
                    return OptionalInt.of(length);
                }
            } else {
                int mask = IpFamily.literal(word.get().text())
                        .filter(address -> IpFamily.of(address) == IpFamily.IPV4)
                        .map(address -> ByteBuffer.wrap(address.getAddress()).getInt())
                        .orElse(0);
                int length = Integer.bitCount(mask);
                if (length > 0 && mask == -1 << 32 - length) {
                    return OptionalInt.of(length);
                }
            }
        } catch (NumberFormatException e) {
            // The message below says what is wanted.
        }
        findings.warning(
                word.get().at(),
                "persistence_granularity must be a netmask, 255.255.255.0, or for IPv6 a prefix length, got "
                        + Statement.shown(word.get().text()) + "; each address counts for itself");
        return OptionalInt.empty();
    }

    private void protocol(Draft d, Statement s) {
        s.wanted("TCP, UDP or SCTP").ifPresent(w -> {
            try {
                d.protocol = Protocol.valueOf(w.text().toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                findings.error(w.at(), "protocol must be TCP, UDP or SCTP, got " + Statement.shown(w.text()));
            }
        });
    }

    private Optional<RealServer> real(Node block, Draft virtual) {
        int errors = findings.errors();
        Optional<Endpoint> endpoint = endpoint(new Statement(block, findings));
        int weight = 1;
        Forwarding kind = virtual.kind;
        boolean inhibit = virtual.inhibit;
        Optional<String> virtualHost = virtual.virtualHost;
        OptionalInt most = OptionalInt.empty();
        OptionalInt least = OptionalInt.empty();
        Optional<ScriptCall> up = Optional.empty();
        Optional<ScriptCall> down = Optional.empty();
        Optional<Boolean> alert = Optional.empty();
        TimingDefaults timing = virtual.timing.copy();
        List<Node> checks = new ArrayList<>();
        for (Node node : block.block()) {
            Statement s = new Statement(node, findings);
            if (!REAL.contains(node.name())) {
                KnownKeywords.NONE.report(node, REAL, "real_server", findings);
                continue;
            }
            if (Character.isUpperCase(node.name().charAt(0))) {
                s.endOfWords();
                checks.add(node);
                continue;
            }
            if (!timing.map(s)) {
                switch (node.name()) {
                    case "weight" -> weight = s.numberOrDefault(0, WEIGHT_MAX).orElse(weight);
                    case "lvs_method", "lb_kind" -> kind = forwarding(s).orElse(kind);
                    case "inhibit_on_failure" -> inhibit = s.flag();
                    case "virtualhost" -> virtualHost = s.wanted("a host name").map(Word::text);
                    case "uthreshold" -> most = s.numberOrDefault(0, Integer.MAX_VALUE);
                    case "lthreshold" -> least = s.numberOrDefault(0, Integer.MAX_VALUE);
                    case "notify_up" -> up = s.script().map(globals::withUser);
                    case "notify_down" -> down = s.script().map(globals::withUser);
                    case "smtp_alert" -> alert = Optional.of(s.flag());
                    default -> other(s);
                }
            }
            s.end();
        }
        if (endpoint.isEmpty()) {
            return Optional.empty();
        }
        ServerCheckMapper mapper = new ServerCheckMapper(endpoint.get(), virtualHost, timing, globals, findings);
        List<ServerCheck> mapped =
                checks.stream().flatMap(c -> mapper.map(c).stream()).toList();
        if (findings.errors() != errors) {
            return Optional.empty();
        }
        return Optional.of(new RealServer(
                endpoint.get(),
                weight,
                kind,
                inhibit,
                virtualHost,
                most,
                least,
                up,
                down,
                alert.or(() -> globals.alertChecker).or(() -> globals.alert).orElse(true),
                mapped,
                block.at()));
    }

    /** Reads a {@code virtual_server_group}; ranges of addresses are not unrolled. */
    static VirtualServer.Service.Group group(Node block, Findings findings) {
        List<Endpoint> endpoints = new ArrayList<>();
        List<Long> marks = new ArrayList<>();
        for (Node node : block.block()) {
            Statement s = new Statement(node, findings);
            if (node.name().equals("fwmark")) {
                s.number(1, Integer.MAX_VALUE).ifPresent(m -> marks.add((long) m));
                if (!s.word("inet")) {
                    s.word("inet6");
                }
            } else if (node.name().matches("[0-9a-fA-F:.]+[-/][0-9a-fA-F:.]+")) {
                s.words();
                findings.warning(
                        node.at(),
                        "ranges of addresses are not served; write a line for each address of the virtual_server_group");
            } else {
                Optional<InetAddress> address = Statement.address(node.keyword(), findings);
                int port = s.hasMore() ? s.number(0, PORT_MAX).orElse(0) : 0;
                address.ifPresent(a -> endpoints.add(new Endpoint(a, port)));
            }
            s.end();
        }
        return new VirtualServer.Service.Group(block.title(), endpoints, marks);
    }
}
