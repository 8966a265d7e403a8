package io.floatingip.gateway.config;

import io.floatingip.keepalived.ScriptCall;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads one {@code check}: {@code tcp}, {@code none}, or a mapping. */
final class YamlCheck {
    static final Check.Timing TIMING =
            new Check.Timing(Duration.ofSeconds(2), Duration.ofSeconds(2), 0, Duration.ofSeconds(1), 1, 2, false);
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofDays(1);

    private final InetSocketAddress upstream;
    private final Function<Yaml.Value, Optional<Path>> file;

    YamlCheck(InetSocketAddress upstream, Function<Yaml.Value, Optional<Path>> file) {
        this.upstream = upstream;
        this.file = file;
    }

    /** Empty for none, or with an error. */
    Optional<Check> read(Yaml.Value value) {
        if (!value.isMapping()) {
            return value.as(text -> switch (text) {
                        case "tcp" -> List.<Check>of(new Check.Tcp(upstream, TIMING));
                        case "none" -> List.<Check>of();
                        default ->
                            throw new IllegalArgumentException(
                                    "must be tcp, none or a mapping such as {http: {path: /}}," + " got \"" + text
                                            + "\"");
                    })
                    .flatMap(all -> all.stream().findFirst());
        }
        Yaml.Section s = value.section().orElseThrow();
        Check.Timing timing = timing(s);
        InetSocketAddress target = s.take("port", Words.number(1, 65535))
                .map(port -> new InetSocketAddress(upstream.getAddress(), port))
                .orElse(upstream);
        Optional<Yaml.Value> tcp = s.take("tcp");
        Optional<Yaml.Value> http = s.take("http");
        Optional<Yaml.Value> https = s.take("https");
        Optional<Yaml.Value> command = s.take("command");
        s.end();
        List<Optional<Check>> found = new ArrayList<>();
        tcp.ifPresent(v -> found.add(v.as(Words::yesOrNo).map(yes -> new Check.Tcp(target, timing))));
        http.ifPresent(v -> found.add(v.section().flatMap(page -> http(page, false, target, timing))));
        https.ifPresent(v -> found.add(v.section().flatMap(page -> http(page, true, target, timing))));
        command.ifPresent(v -> found.add(command(v, timing)));
        if (found.size() != 1) {
            value.error("needs one of tcp: true, http, https and command, got " + found.size()
                    + (found.isEmpty() ? "" : "; several checks are a list"));
            return Optional.empty();
        }
        return found.get(0).filter(check -> usable(check, value));
    }

    private static Check.Timing timing(Yaml.Section s) {
        Duration interval = s.take("interval", Words.time(SHORTEST, LONGEST)).orElse(TIMING.interval());
        return new Check.Timing(
                interval,
                s.take("timeout", Words.time(SHORTEST, LONGEST)).orElse(interval),
                s.take("retries", Words.number(0, 1000)).orElse(TIMING.retries()),
                s.take("delay-before-retry", Words.time(Duration.ZERO, LONGEST)).orElse(TIMING.delayBeforeRetry()),
                s.take("rise", Words.number(1, 1000)).orElse(TIMING.rise()),
                s.take("fall", Words.number(1, 1000)).orElse(TIMING.fall()),
                s.take("failed-at-first", Words::yesOrNo).orElse(TIMING.failedAtFirst()));
    }

    private Optional<Check> http(Yaml.Section s, boolean tls, InetSocketAddress target, Check.Timing timing) {
        Optional<String> host = s.take("host", Words::notEmpty);
        Optional<Path> trust = tls ? s.take("trust").flatMap(file) : Optional.empty();
        List<Check.Page> pages = new ArrayList<>();
        Optional<Yaml.Value> more = s.take("pages");
        if (more.isPresent()) {
            more.get()
                    .items()
                    .forEach(v -> v.section().ifPresent(page -> {
                        pages.add(page(page, page.take("host", Words::notEmpty)));
                        page.end();
                    }));
        } else {
            pages.add(page(s, Optional.empty()));
        }
        s.end();
        return pages.isEmpty()
                ? Optional.empty()
                : Optional.of(new Check.Http(target, tls, trust, host, pages, timing));
    }

    private static Check.Page page(Yaml.Section s, Optional<String> host) {
        String path = s.take("path", YamlCheck::path).orElse("/");
        int[] status = s.take("status", YamlCheck::status).orElse(new int[] {200, 299});
        Optional<String> md5 = s.take("md5", text -> digest(text, 32));
        Optional<String> sha256 = s.take("sha256", text -> digest(text, 64));
        Optional<String> regex = s.take("body-matches", Words::notEmpty);
        return new Check.Page(path, host, status[0], status[1], sha256.or(() -> md5), regex);
    }

    private static String path(String text) {
        if (!text.matches("/[!-~]*")) {
            throw new IllegalArgumentException("must begin with a slash, without spaces, got \"" + text + "\"");
        }
        return text;
    }

    private static int[] status(String text) {
        if (text.matches("[1-5]\\d\\d")) {
            return new int[] {Integer.parseInt(text), Integer.parseInt(text)};
        }
        if (text.matches("[1-5]\\d\\d-[1-5]\\d\\d")) {
            int[] range = {Integer.parseInt(text.substring(0, 3)), Integer.parseInt(text.substring(4))};
            if (range[0] <= range[1]) {
                return range;
            }
        }
        throw new IllegalArgumentException("must be a status such as 200, or 200-299, got \"" + text + "\"");
    }

    private static String digest(String text, int digits) {
        if (!text.matches("[0-9a-fA-F]{" + digits + "}")) {
            throw new IllegalArgumentException("must have " + digits + " hexadecimal digits, got \"" + text + "\"");
        }
        return text;
    }

    private static Optional<Check> command(Yaml.Value value, Check.Timing timing) {
        List<Yaml.Value> items = value.items();
        List<String> words = items.size() == 1
                ? items.get(0)
                        .as(line -> new ScriptCall(line, Optional.empty(), Optional.empty()).arguments())
                        .orElse(List.of())
                : value.each(Words::notEmpty);
        return words.isEmpty() ? Optional.empty() : Optional.of(new Check.Command(words, timing));
    }

    /** What only the library can tell, such as a regular expression that is none. */
    private static boolean usable(Check check, Yaml.Value at) {
        try {
            check.health();
            return true;
        } catch (RuntimeException e) {
            at.error(String.valueOf(e.getMessage()));
            return false;
        }
    }
}
