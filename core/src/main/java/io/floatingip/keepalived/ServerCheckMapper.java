package io.floatingip.keepalived;

import io.floatingip.keepalived.ServerCheck.StatusRange;
import io.floatingip.keepalived.ServerCheck.Target;
import io.floatingip.keepalived.ServerCheck.Timing;
import io.floatingip.keepalived.VirtualServer.Endpoint;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads the checks of a real server, {@code TCP_CHECK} to {@code FILE_CHECK}. */
final class ServerCheckMapper {
    /** What all checks that connect have in common. */
    static final Set<String> CONNECTION = Set.of(
            "connect_ip",
            "connect_port",
            "bindto",
            "bind_if",
            "bind_port",
            "fwmark",
            "alpha",
            "connect_timeout",
            "retry",
            "nb_get_retry",
            "delay_before_retry",
            "warmup",
            "delay_loop",
            "log_all_failures");

    static final Map<String, Set<String>> OWN = Map.of(
            "TCP_CHECK", Set.of(),
            "PING_CHECK", Set.of(),
            "HTTP_GET", Set.of("url", "http_protocol", "fast_recovery", "virtualhost", "tls_compliant"),
            "SSL_GET", Set.of("url", "http_protocol", "fast_recovery", "virtualhost", "enable_sni", "tls_compliant"),
            "SMTP_CHECK", Set.of("helo_name", "host"),
            "DNS_CHECK", Set.of("type", "name"),
            "MISC_CHECK", Set.of("misc_path", "misc_timeout", "misc_dynamic", "user"),
            "BFD_CHECK", Set.of("name"),
            "UDP_CHECK", Set.of("payload", "require_reply", "min_reply_length", "max_reply_length"),
            "FILE_CHECK", Set.of("track_file", "dynamic", "weight"));
    static final Set<String> URL = Set.of(
            "path",
            "digest",
            "status_code",
            "virtualhost",
            "regex",
            "regex_no_match",
            "regex_options",
            "regex_stack",
            "regex_min_offset",
            "regex_max_offset");

    private final Endpoint server;
    private final Optional<String> virtualHost;
    private final TimingDefaults defaults;
    private final Globals globals;
    private final Findings findings;

    ServerCheckMapper(
            Endpoint server,
            Optional<String> virtualHost,
            TimingDefaults defaults,
            Globals globals,
            Findings findings) {
        this.server = server;
        this.virtualHost = virtualHost;
        this.defaults = defaults;
        this.globals = globals;
        this.findings = findings;
    }

    Optional<ServerCheck> map(Node block) {
        Set<String> own = OWN.get(block.name());
        Map<String, Node> values = new HashMap<>();
        List<Node> urls = new ArrayList<>();
        TimingDefaults timing = defaults.copy();
        InetAddress address = server.address();
        int port = server.port();
        Optional<InetAddress> from = Optional.empty();
        Optional<String> fromInterface = Optional.empty();
        int fromPort = 0;
        long mark = 0;
        for (Node node : block.block()) {
            Statement s = new Statement(node, findings);
            if (node.name().equals("url") && own.contains("url")) {
                s.endOfWords();
                urls.add(node);
                continue;
            }
            if (own.contains(node.name())) {
                values.put(node.name(), node);
                continue;
            }
            if (!timing.map(s)) {
                switch (node.name()) {
                    case "connect_ip" -> address = s.address().orElse(address);
                    case "connect_port" -> port = s.number(1, 65535).orElse(port);
                    case "bindto" -> from = s.address();
                    case "bind_if" -> fromInterface = s.wanted("an interface").map(Word::text);
                    case "bind_port" -> fromPort = s.numberOrDefault(1, 65535).orElse(0);
                    case "fwmark" ->
                        mark = s.numberOrDefault(1, Integer.MAX_VALUE).orElse(0);
                    case "log_all_failures" -> {
                        s.flag();
                        findings.info(node.at(), "each failed check is counted in the status");
                    }
                    default -> {
                        KnownKeywords.NONE.report(node, union(own), block.name(), findings);
                        continue;
                    }
                }
            }
            s.end();
        }
        Target target = new Target(new Endpoint(address, port), from, fromInterface, fromPort, mark);
        return check(block, target, timing.timing(block.name()), values, urls);
    }

    private static Set<String> union(Set<String> own) {
        Set<String> all = new java.util.HashSet<>(CONNECTION);
        all.addAll(own);
        return all;
    }

    private Optional<ServerCheck> check(
            Node block, Target target, Timing timing, Map<String, Node> values, List<Node> urls) {
        return switch (block.name()) {
            case "TCP_CHECK" -> Optional.of(new ServerCheck.Tcp(target, timing));
            case "PING_CHECK" -> Optional.of(new ServerCheck.Ping(target, timing));
            case "HTTP_GET", "SSL_GET" -> http(block, target, timing, values, urls);
            case "SMTP_CHECK" -> Optional.of(new ServerCheck.Smtp(target, timing, smtp(values)));
            case "DNS_CHECK" ->
                Optional.of(new ServerCheck.Dns(
                        target,
                        timing,
                        text(values, "type").orElse("SOA").toUpperCase(Locale.ROOT),
                        text(values, "name").orElse(".")));
            case "MISC_CHECK" -> misc(block, timing, values);
            case "BFD_CHECK" -> {
                findings.warning(block.at(), "the health of BFD sessions is not followed; use another check");
                yield text(values, "name").map(name -> new ServerCheck.Bfd(timing, name));
            }
            case "UDP_CHECK" ->
                Optional.of(new ServerCheck.Udp(
                        target,
                        timing,
                        digits(values, "payload"),
                        digits(values, "require_reply"),
                        number(values, "min_reply_length", 0, 65535).orElse(0),
                        number(values, "max_reply_length", 0, 65535).orElse(255)));
            default -> file(block, timing, values);
        };
    }

    private Optional<String> smtp(Map<String, Node> values) {
        Node host = values.get("host");
        if (host != null) {
            findings.warning(
                    host.at(),
                    "host blocks of SMTP_CHECK are of old versions; write a check for each, with connect_ip and connect_port");
        }
        return text(values, "helo_name");
    }

    private Optional<ServerCheck> misc(Node block, Timing timing, Map<String, Node> values) {
        Node path = values.get("misc_path");
        if (path == null) {
            findings.error(block.at(), "MISC_CHECK needs a misc_path, the program to run");
            return Optional.empty();
        }
        Statement s = new Statement(path, findings);
        Optional<ScriptCall> call = s.script();
        s.end();
        Node user = values.get("user");
        if (user != null && call.isPresent()) {
            Statement u = new Statement(user, findings);
            call = Optional.of(new ScriptCall(
                    call.get().line(),
                    u.wanted("a user").map(Word::text),
                    u.word().map(Word::text)));
            u.end();
        }
        Optional<Duration> timeout = Optional.empty();
        if (values.containsKey("misc_timeout")) {
            Statement t = new Statement(values.get("misc_timeout"), findings);
            timeout = t.secondsOrDefault(0.001, 86_400);
            t.end();
        }
        boolean dynamic = flag(values, "misc_dynamic");
        Optional<Duration> limit = timeout;
        return call.map(c -> new ServerCheck.Misc(timing, globals.withUser(c), limit, dynamic));
    }

    private Optional<ServerCheck> file(Node block, Timing timing, Map<String, Node> values) {
        Optional<String> name = text(values, "track_file");
        if (name.isEmpty()) {
            findings.error(block.at(), "FILE_CHECK needs a track_file");
            return Optional.empty();
        }
        OptionalInt weight = OptionalInt.empty();
        boolean reversed = false;
        if (values.containsKey("weight")) {
            Statement s = new Statement(values.get("weight"), findings);
            weight = s.numberOrDefault(-Integer.MAX_VALUE, Integer.MAX_VALUE);
            reversed = s.word("reverse");
            s.end();
        }
        return Optional.of(new ServerCheck.File(timing, name.get(), flag(values, "dynamic"), weight, reversed));
    }

    private Optional<ServerCheck> http(
            Node block, Target target, Timing timing, Map<String, Node> values, List<Node> urls) {
        Optional<String> host = text(values, "virtualhost").or(() -> virtualHost);
        List<ServerCheck.Url> mapped = urls.stream().map(u -> url(u, host)).toList();
        if (mapped.isEmpty()) {
            findings.warning(block.at(), block.name() + " has no url; it asks for / ");
            mapped = List.of(
                    new ServerCheck.Url("/", Optional.empty(), List.of(), host, Optional.empty(), false, List.of()));
        }
        flag(values, "tls_compliant");
        return Optional.of(new ServerCheck.Http(
                target,
                timing,
                block.name().equals("SSL_GET"),
                flag(values, "enable_sni"),
                text(values, "http_protocol").orElse("1.0"),
                flag(values, "fast_recovery"),
                mapped));
    }

    private ServerCheck.Url url(Node block, Optional<String> host) {
        Map<String, Node> values = new HashMap<>();
        List<StatusRange> codes = new ArrayList<>();
        List<String> options = new ArrayList<>();
        for (Node node : block.block()) {
            Statement s = new Statement(node, findings);
            switch (node.name()) {
                case "status_code" -> s.words().forEach(w -> status(w).ifPresent(codes::add));
                case "regex_options" -> s.words().forEach(w -> options.add(w.text()));
                case "regex_stack", "regex_min_offset", "regex_max_offset" -> {
                    s.words();
                    findings.warning(node.at(), node.name() + ": the whole body is searched");
                }
                default -> {
                    if (URL.contains(node.name())) {
                        values.put(node.name(), node);
                    } else {
                        KnownKeywords.NONE.report(node, URL, "url", findings);
                    }
                }
            }
        }
        if (!values.containsKey("path")) {
            findings.warning(block.at(), "url has no path; it asks for /");
        }
        Optional<String> own = text(values, "virtualhost");
        return new ServerCheck.Url(
                text(values, "path").orElse("/"),
                text(values, "digest").map(d -> d.toLowerCase(Locale.ROOT)),
                codes,
                own.isPresent() ? own : host,
                text(values, "regex"),
                flag(values, "regex_no_match"),
                options);
    }

    private Optional<StatusRange> status(Word word) {
        String[] bounds = word.text().split("-", -1);
        try {
            int from = Integer.parseInt(bounds[0]);
            int to = bounds.length == 1 ? from : Integer.parseInt(bounds[1]);
            if (bounds.length <= 2 && from >= 100 && from <= to && to <= 999) {
                return Optional.of(new StatusRange(from, to));
            }
        } catch (NumberFormatException e) {
            // The message below says what is wanted.
        }
        findings.warning(
                word.at(), "status_code takes codes and ranges, 200 or 200-299, got " + Statement.shown(word.text()));
        return Optional.empty();
    }

    private Optional<String> text(Map<String, Node> values, String keyword) {
        Node node = values.get(keyword);
        if (node == null) {
            return Optional.empty();
        }
        Statement s = new Statement(node, findings);
        Optional<String> text = s.wanted("a value").map(Word::text);
        s.end();
        return text;
    }

    /** Hexadecimal digits, on however many words; present and empty if none follow. */
    private Optional<String> digits(Map<String, Node> values, String keyword) {
        Node node = values.get(keyword);
        if (node == null) {
            return Optional.empty();
        }
        StringBuilder digits = new StringBuilder();
        for (Word word : node.arguments()) {
            if (!word.text().matches("[0-9a-fA-FxX]+")) {
                findings.warning(word.at(), keyword + " takes hexadecimal digits, got " + Statement.shown(word.text()));
                continue;
            }
            digits.append(word.text().length() % 2 == 0 ? "" : "0")
                    .append(word.text().toLowerCase(Locale.ROOT));
        }
        return Optional.of(digits.toString());
    }

    private OptionalInt number(Map<String, Node> values, String keyword, int min, int max) {
        Node node = values.get(keyword);
        if (node == null) {
            return OptionalInt.empty();
        }
        Statement s = new Statement(node, findings);
        OptionalInt number = s.numberOrDefault(min, max);
        s.end();
        return number;
    }

    private boolean flag(Map<String, Node> values, String keyword) {
        Node node = values.get(keyword);
        if (node == null) {
            return false;
        }
        Statement s = new Statement(node, findings);
        boolean flag = s.flag();
        s.end();
        return flag;
    }
}
