package io.floatingip.gateway.config;

import io.floatingip.keepalived.Finding;
import io.floatingip.keepalived.Position;
import io.floatingip.keepalived.RealServer;
import io.floatingip.keepalived.ServerCheck;
import io.floatingip.keepalived.Severity;
import io.floatingip.keepalived.VirtualServer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Makes a service of a virtual server; what is not done as keepalived does it becomes a warning. */
final class KeepalivedService {
    private final String name;
    private final InetSocketAddress address;
    private final boolean mailed;
    private final List<Finding> findings;

    /** @param mailed whether the file has somebody to send mail to */
    KeepalivedService(String name, InetSocketAddress address, boolean mailed, List<Finding> findings) {
        this.name = name;
        this.address = address;
        this.mailed = mailed;
        this.findings = findings;
    }

    Service of(VirtualServer server) {
        if (server.quorumUp().isPresent() || server.quorumDown().isPresent()) {
            warning(server.at(), "quorum_up and quorum_down are not run; the status page shows the servers");
        }
        if (server.hysteresis() != 0) {
            warning(server.at(), "hysteresis is not kept: the quorum counts as it stands");
        }
        if (mailed && (server.mail() || server.realServers().stream().anyMatch(RealServer::mail))) {
            warning(server.at(), "no mail is sent about servers and quorum; the status page shows them");
        }
        server.options().forEach(option -> option(option, server));
        if (server.oneByOne()) {
            info(server.at(), "ops has no meaning to TCP");
        }
        if (server.notifyAtEnd()) {
            info(server.at(), "omega: there are no scripts of servers to run at the end");
        }
        if (server.inhibitSorry()) {
            info(server.at(), "sorry_server_inhibit: a sorry server out of use keeps its connections anyway");
        }
        boolean ipv6 = address.getAddress().getAddress().length == 16;
        List<Service.Upstream> upstreams = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (RealServer real : server.realServers()) {
            Service.Upstream upstream = upstream(real);
            if (names.add(upstream.name())) {
                upstreams.add(upstream);
            } else {
                findings.add(
                        new Finding(real.at(), Severity.ERROR, "another real_server is " + upstream.name() + " too"));
            }
        }
        return new Service(
                name,
                algorithm(server),
                server.persistence()
                        .map(time -> new Service.Persistence(
                                time,
                                ipv6 ? 32 : Math.min(32, server.granularity()),
                                ipv6 ? server.granularity() : 128)),
                server.quorum(),
                upstreams,
                server.sorryServer().map(this::withPort));
    }

    private void option(String option, VirtualServer server) {
        switch (option) {
            case "sh-port", "mh-port", "flag-2" ->
                warning(server.at(), option + " is not done: addresses alone are hashed");
            case "sh-fallback", "mh-fallback", "flag-1" ->
                info(server.at(), option + ": a dead server is always passed over");
            default -> info(server.at(), option + " has no meaning to a proxy");
        }
    }

    private Service.Algorithm algorithm(VirtualServer server) {
        String wanted = server.algorithm();
        Service.Algorithm done = switch (wanted) {
            case "mh" -> Service.Algorithm.SH;
            case "lblcr" -> Service.Algorithm.LBLC;
            case "sed", "nq", "twos", "fo", "ovf" -> Service.Algorithm.WLC;
            default -> Service.Algorithm.valueOf(wanted.toUpperCase(Locale.ROOT));
        };
        if (!done.name().equalsIgnoreCase(wanted)) {
            warning(
                    server.at(),
                    "lb_algo " + wanted + " is done as " + done.name().toLowerCase(Locale.ROOT));
        }
        return done;
    }

    /** A port of 0 is the virtual server's. */
    private InetSocketAddress withPort(VirtualServer.Endpoint endpoint) {
        return new InetSocketAddress(endpoint.address(), endpoint.port() == 0 ? address.getPort() : endpoint.port());
    }

    private Service.Upstream upstream(RealServer real) {
        if (real.up().isPresent() || real.down().isPresent()) {
            warning(real.at(), "notify_up and notify_down are not run; the status page shows the servers");
        }
        if (real.inhibit()) {
            warning(real.at(), "inhibit_on_failure: a server that fails gets nothing new; its connections stay anyway");
        }
        if (real.connectionsMin().isPresent()) {
            warning(
                    real.at(),
                    "lthreshold is not kept: a server that has reached uthreshold gets more as soon as it is below it");
        }
        InetSocketAddress server = withPort(real.endpoint());
        List<Check> checks = new ArrayList<>();
        real.checks()
                .forEach(check ->
                        check(check, real).filter(made -> canRun(made, real)).ifPresent(checks::add));
        return new Service.Upstream(
                YamlGateway.shown(server),
                server,
                real.weight(),
                real.connectionsMax().orElse(0),
                checks);
    }

    /** A pattern, a path or a digest may be none. */
    private boolean canRun(Check check, RealServer real) {
        try {
            check.health();
            return true;
        } catch (IllegalArgumentException e) {
            findings.add(new Finding(real.at(), Severity.ERROR, "a check cannot be done: " + e.getMessage()));
            return false;
        }
    }

    private Optional<Check> check(ServerCheck check, RealServer real) {
        Check.Timing timing = timing(check.timing());
        if (!check.timing().warmup().equals(check.timing().interval())) {
            info(real.at(), "warmup: checks begin at once");
        }
        if (check instanceof ServerCheck.Tcp tcp) {
            return Optional.of(new Check.Tcp(target(tcp.target(), real), timing));
        }
        if (check instanceof ServerCheck.Http http) {
            if (http.fastRecovery()) {
                info(real.at(), "fast_recovery: every url is asked each time");
            }
            if (!http.protocol().equals("1.0") && !http.protocol().equals("1.1")) {
                info(real.at(), "http_protocol " + http.protocol() + ": servers are asked by HTTP/1.1");
            }
            List<Check.Page> pages =
                    http.urls().stream().map(url -> page(url, real)).toList();
            return Optional.of(new Check.Http(
                    target(http.target(), real), http.tls(), Optional.empty(), Optional.empty(), pages, timing));
        }
        if (check instanceof ServerCheck.Misc misc) {
            if (misc.dynamicWeight()) {
                warning(real.at(), "misc_dynamic: exit codes do not set the weight; only 0 is good");
            }
            return Optional.of(new Check.Command(
                    misc.script().command(), timeout(timing, misc.timeout().orElse(timing.interval()))));
        }
        if (check instanceof ServerCheck.Smtp smtp) {
            warning(real.at(), "SMTP_CHECK is done as TCP_CHECK");
            return Optional.of(new Check.Tcp(target(smtp.target(), real), timing));
        }
        warning(real.at(), name(check) + " is not done; the gateway has TCP_CHECK, HTTP_GET, SSL_GET and MISC_CHECK");
        return Optional.empty();
    }

    private static String name(ServerCheck check) {
        return check.getClass().getSimpleName().toUpperCase(Locale.ROOT) + "_CHECK";
    }

    private InetSocketAddress target(ServerCheck.Target target, RealServer real) {
        if (target.from().isPresent()
                || target.fromInterface().isPresent()
                || target.fromPort() != 0
                || target.mark() != 0) {
            warning(real.at(), "bindto, bind_port, bind_if and fwmark of a check are not used");
        }
        return withPort(target.endpoint());
    }

    private Check.Page page(ServerCheck.Url url, RealServer real) {
        int min = 200;
        int max = 299;
        if (!url.statusCodes().isEmpty()) {
            min = url.statusCodes().stream()
                    .mapToInt(ServerCheck.StatusRange::from)
                    .min()
                    .orElseThrow();
            max = url.statusCodes().stream()
                    .mapToInt(ServerCheck.StatusRange::to)
                    .max()
                    .orElseThrow();
        }
        if (url.statusCodes().size() > 1) {
            warning(real.at(), "status_code: everything from " + min + " to " + max + " is good");
        }
        if (url.regex().isPresent() && (url.noMatch() || !url.regexOptions().isEmpty())) {
            warning(real.at(), "regex with regex_no_match or regex_options is not done");
        }
        Optional<String> regex = url.noMatch() || !url.regexOptions().isEmpty() ? Optional.empty() : url.regex();
        return new Check.Page(url.path(), url.virtualHost(), min, max, url.digest(), regex);
    }

    private static Check.Timing timing(ServerCheck.Timing timing) {
        return new Check.Timing(
                timing.interval(),
                timing.connectTimeout(),
                timing.retries(),
                timing.delayBeforeRetry(),
                1,
                1,
                timing.failedAtFirst());
    }

    private static Check.Timing timeout(Check.Timing t, Duration timeout) {
        return new Check.Timing(
                t.interval(), timeout, t.retries(), t.delayBeforeRetry(), t.rise(), t.fall(), t.failedAtFirst());
    }

    private void info(Position at, String message) {
        findings.add(new Finding(at, Severity.INFO, message));
    }

    private void warning(Position at, String message) {
        findings.add(new Finding(at, Severity.WARNING, message));
    }
}
