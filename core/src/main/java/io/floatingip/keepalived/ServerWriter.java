package io.floatingip.keepalived;

import io.floatingip.IpFamily;
import io.floatingip.keepalived.VirtualServer.Endpoint;
import io.floatingip.keepalived.VirtualServer.Service;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes virtual servers in keepalived's format, every default written out. */
final class ServerWriter {
    private final Output out;

    ServerWriter(Output out) {
        this.out = out;
    }

    void write(Collection<VirtualServer> servers) {
        Set<String> groups = new HashSet<>();
        for (VirtualServer server : servers) {
            if (server.service() instanceof Service.Group group && groups.add(group.name())) {
                group(group);
            }
        }
        servers.forEach(this::server);
    }

    private void group(Service.Group group) {
        out.open("virtual_server_group " + Output.quote(group.name()));
        group.endpoints().forEach(endpoint -> out.line(words(endpoint)));
        group.marks().forEach(mark -> out.line("fwmark " + mark));
        out.close();
    }

    private static String words(Endpoint endpoint) {
        return Output.host(endpoint.address()) + (endpoint.port() == 0 ? "" : " " + endpoint.port());
    }

    private void server(VirtualServer server) {
        out.open("virtual_server " + words(server.service()));
        out.line("protocol " + server.protocol());
        out.line("lb_algo " + server.algorithm());
        server.options().forEach(out::line);
        out.line("lb_kind " + server.kind());
        server.persistence().ifPresent(time -> out.line("persistence_timeout " + Output.seconds(time)));
        out.line("persistence_granularity " + granularity(server));
        out.value("virtualhost", server.virtualHost());
        server.sorryServer().ifPresent(sorry -> out.line("sorry_server " + words(sorry)));
        out.lineIf(server.inhibitSorry(), "sorry_server_inhibit");
        out.line("quorum " + server.quorum());
        out.line("hysteresis " + server.hysteresis());
        out.lineIf(server.oneByOne(), "ops");
        out.lineIf(server.failedAtFirst(), "alpha");
        out.lineIf(server.notifyAtEnd(), "omega");
        out.script("quorum_up", server.quorumUp());
        out.script("quorum_down", server.quorumDown());
        out.line("smtp_alert " + Output.flag(server.mail()));
        server.realServers().forEach(this::real);
        out.close();
    }

    private static String words(Service service) {
        if (service instanceof Service.At at) {
            return words(at.endpoint());
        }
        return service instanceof Service.Group group
                ? "group " + Output.quote(group.name())
                : "fwmark " + ((Service.Mark) service).mark();
    }

    /** A netmask for IPv4, a number for IPv6. */
    private static String granularity(VirtualServer server) {
        int length = server.granularity();
        boolean ipv6 = server.service() instanceof Service.At at
                && IpFamily.of(at.endpoint().address()) == IpFamily.IPV6;
        if (ipv6 || length > 32) {
            return Integer.toString(length);
        }
        int mask = -1 << 32 - length;
        return String.format(Locale.ROOT, "%d.%d.%d.%d", mask >>> 24, mask >>> 16 & 255, mask >>> 8 & 255, mask & 255);
    }

    private void real(RealServer server) {
        out.open("real_server " + words(server.endpoint()));
        out.line("weight " + server.weight());
        out.line("lvs_method " + server.kind());
        out.line("inhibit_on_failure " + Output.flag(server.inhibit()));
        out.value("virtualhost", server.virtualHost());
        server.connectionsMax().ifPresent(most -> out.line("uthreshold " + most));
        server.connectionsMin().ifPresent(least -> out.line("lthreshold " + least));
        out.script("notify_up", server.up());
        out.script("notify_down", server.down());
        out.line("smtp_alert " + Output.flag(server.mail()));
        inherited(server.checks());
        server.checks().forEach(this::check);
        out.close();
    }

    /** Some of a check's times keepalived takes from its server only: all of FILE_CHECK and BFD_CHECK, one of MISC_CHECK. */
    private void inherited(List<ServerCheck> checks) {
        Optional<ServerCheck> bare = checks.stream()
                .filter(check -> check instanceof ServerCheck.File || check instanceof ServerCheck.Bfd)
                .findFirst();
        if (bare.isPresent()) {
            connectTimeout(bare.get());
            timing(bare.get());
        } else {
            checks.stream()
                    .filter(check -> check instanceof ServerCheck.Misc)
                    .findFirst()
                    .ifPresent(this::connectTimeout);
        }
    }

    private void connectTimeout(ServerCheck check) {
        out.line("connect_timeout " + Output.seconds(check.timing().connectTimeout()));
    }

    private void timing(ServerCheck check) {
        ServerCheck.Timing timing = check.timing();
        out.line("delay_loop " + Output.seconds(timing.interval()));
        out.line("retry " + timing.retries());
        out.line("delay_before_retry " + Output.seconds(timing.delayBeforeRetry()));
        out.line("warmup " + Output.seconds(timing.warmup()));
        out.line("alpha " + Output.flag(timing.failedAtFirst()));
    }

    private void check(ServerCheck check) {
        if (check instanceof ServerCheck.Tcp tcp) {
            open("TCP_CHECK", tcp.target(), check);
        } else if (check instanceof ServerCheck.Ping ping) {
            open("PING_CHECK", ping.target(), check);
        } else if (check instanceof ServerCheck.Http http) {
            open(http.tls() ? "SSL_GET" : "HTTP_GET", http.target(), check);
            out.line("http_protocol " + http.protocol());
            out.lineIf(http.serverName(), "enable_sni");
            out.lineIf(http.fastRecovery(), "fast_recovery");
            http.urls().forEach(this::url);
        } else if (check instanceof ServerCheck.Smtp smtp) {
            open("SMTP_CHECK", smtp.target(), check);
            out.value("helo_name", smtp.helloName());
        } else if (check instanceof ServerCheck.Dns dns) {
            open("DNS_CHECK", dns.target(), check);
            out.line("type " + Output.quote(dns.type()));
            out.line("name " + Output.quote(dns.name()));
        } else if (check instanceof ServerCheck.Udp udp) {
            open("UDP_CHECK", udp.target(), check);
            udp.payload().ifPresent(digits -> out.line("payload " + digits));
            udp.reply().ifPresent(digits -> out.line(("require_reply " + digits).strip()));
            out.line("min_reply_length " + udp.replyMin());
            out.line("max_reply_length " + udp.replyMax());
        } else if (check instanceof ServerCheck.Misc misc) {
            out.open("MISC_CHECK");
            timing(check);
            out.line("misc_path " + Output.quote(misc.script().line()));
            out.user(misc.script());
            misc.timeout().ifPresent(time -> out.line("misc_timeout " + Output.seconds(time)));
            out.lineIf(misc.dynamicWeight(), "misc_dynamic");
        } else if (check instanceof ServerCheck.File file) {
            out.open("FILE_CHECK");
            out.line("track_file " + Output.quote(file.trackFile()));
            out.lineIf(file.dynamicWeight(), "dynamic");
            file.weight()
                    .ifPresent(weight ->
                            out.line(Output.weight(weight, file.reversed()).strip()));
        } else if (check instanceof ServerCheck.Bfd bfd) {
            out.open("BFD_CHECK");
            out.line("name " + Output.quote(bfd.session()));
        }
        out.close();
    }

    private void open(String kind, ServerCheck.Target target, ServerCheck check) {
        out.open(kind);
        connectTimeout(check);
        timing(check);
        out.line("connect_ip " + Output.host(target.endpoint().address()));
        out.lineIf(
                target.endpoint().port() != 0,
                "connect_port " + target.endpoint().port());
        out.value("bindto", target.from().map(Output::host));
        out.value("bind_if", target.fromInterface());
        out.lineIf(target.fromPort() != 0, "bind_port " + target.fromPort());
        out.lineIf(target.mark() != 0, "fwmark " + target.mark());
    }

    private void url(ServerCheck.Url url) {
        out.open("url");
        out.line("path " + Output.quote(url.path()));
        out.value("digest", url.digest());
        for (ServerCheck.StatusRange range : url.statusCodes()) {
            out.line("status_code " + range.from() + (range.to() == range.from() ? "" : "-" + range.to()));
        }
        out.value("virtualhost", url.virtualHost());
        out.value("regex", url.regex());
        out.lineIf(url.noMatch(), "regex_no_match");
        out.lineIf(
                !url.regexOptions().isEmpty(),
                "regex_options "
                        + url.regexOptions().stream().map(Output::quote).collect(Collectors.joining(" ")));
        out.close();
    }
}
