package io.floatingip.gateway.config;

import io.floatingip.keepalived.Report;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;

/** Reads the gateway's YAML; docs/gateway.md explains every key. */
final class YamlGateway {
    private static final int STATUS_PORT = 9080;
    private static final int TOKEN_MIN = 16;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    private final Yaml yaml;
    private final Path directory;

    private YamlGateway(Yaml yaml, Path directory) {
        this.yaml = yaml;
        this.directory = directory;
    }

    static GatewayFile read(Path file) {
        Yaml yaml = new Yaml(file.toString());
        Optional<String> text = Optional.empty();
        try {
            text = Optional.of(Files.readString(file));
        } catch (NoSuchFileException e) {
            yaml.error(Optional.empty(), "", "there is no such file");
        } catch (CharacterCodingException e) {
            yaml.error(Optional.empty(), "", "is not UTF-8");
        } catch (IOException e) {
            yaml.error(Optional.empty(), "", "cannot be read: " + e);
        }
        YamlGateway reader = new YamlGateway(yaml, file.toAbsolutePath().getParent());
        Optional<GatewayConfig> config =
                text.flatMap(yaml::document).map(reader::gateway).filter(c -> !yaml.hasErrors());
        return new GatewayFile(config, new Report(yaml.findings(), 0));
    }

    private GatewayConfig gateway(Yaml.Section root) {
        Limits limits = root.take("limits")
                .flatMap(Yaml.Value::section)
                .map(this::limits)
                .orElse(Limits.DEFAULT);
        List<Membership> floatingIps = new ArrayList<>();
        root.take("floating-ip")
                .ifPresent(v -> v.items()
                        .forEach(item -> item.section()
                                .ifPresent(s -> floatingIps.add(
                                        Membership.alone(new YamlFloatingIp(s).read(limits.drain()))))));
        Map<String, Service> services = new LinkedHashMap<>();
        Map<String, Yaml.Value> unused = new HashMap<>();
        root.required("services", "{web: {upstreams: [10.0.0.1:8080]}}")
                .flatMap(Yaml.Value::section)
                .ifPresent(s -> s.rest().forEach((name, value) -> {
                    unused.put(name, value);
                    value.section().ifPresent(service -> services.put(name, service(name, service)));
                }));
        List<Listener> listeners = new ArrayList<>();
        root.required("listeners", "[{address: \"10.0.0.10:80\"}]")
                .ifPresent(v -> listeners(v, Set.copyOf(unused.keySet()), listeners));
        listeners.forEach(listener -> unused.remove(listener.service()));
        if (!yaml.hasErrors()) {
            unused.values().forEach(service -> service.warning("no listener sends anything here"));
        }
        Optional<StatusPage> status = root.take("status").flatMap(v -> status(v, listeners));
        root.end();
        return new GatewayConfig(floatingIps, List.of(), listeners, List.copyOf(services.values()), limits, status);
    }

    // --- listeners

    private void listeners(Yaml.Value list, Set<String> services, List<Listener> into) {
        Set<String> names = new HashSet<>();
        Set<InetSocketAddress> addresses = new HashSet<>();
        for (Yaml.Value value : list.items()) {
            value.section().flatMap(s -> listener(value, s, services)).ifPresent(listener -> {
                if (!names.add(listener.name())) {
                    value.error("another listener is called " + listener.name() + " too; give it another name");
                }
                if (!addresses.add(listener.address())) {
                    value.error("another listener has " + shown(listener.address()) + " too");
                }
                into.add(listener);
            });
        }
        if (list.items().isEmpty()) {
            list.error("is empty; without a listener nothing is served");
        }
    }

    private Optional<Listener> listener(Yaml.Value at, Yaml.Section s, Set<String> services) {
        Optional<InetSocketAddress> address =
                s.required("address", "10.0.0.10:80").flatMap(v -> v.as(Words::listenAddress));
        Optional<String> name = s.take("name", Words::notEmpty);
        Listener.Protocol protocol =
                s.take("protocol", Words.oneOf(Listener.Protocol.class)).orElse(Listener.Protocol.HTTP);
        Optional<Listener.Tls> tls = s.take("tls").flatMap(this::tls);
        Optional<Yaml.Value> http2At = s.take("http2");
        boolean http2 = http2At.flatMap(v -> v.as(Words::yesOrNo)).orElse(protocol == Listener.Protocol.HTTP);
        if (http2 && protocol == Listener.Protocol.TCP) {
            http2At.ifPresent(v -> v.error("has no meaning with protocol: tcp; leave it out"));
        }
        Optional<String> service = s.take("service")
                .map(v -> v.as(Words::notEmpty).filter(n -> known(v, n, services)))
                .orElseGet(() -> services.size() == 1 ? services.stream().findFirst() : missing(at, services));
        s.end();
        if (address.isEmpty() || service.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Listener(name.orElse(shown(address.get())), address.get(), protocol, tls, http2, service.get()));
    }

    private static boolean known(Yaml.Value at, String service, Set<String> services) {
        if (!services.contains(service)) {
            at.error("there is no service " + service + "; there is "
                    + String.join(", ", services.stream().sorted().toList()));
            return false;
        }
        return true;
    }

    private static Optional<String> missing(Yaml.Value at, Set<String> services) {
        if (!services.isEmpty()) {
            at.error("service is missing; there is "
                    + String.join(", ", services.stream().sorted().toList()));
        }
        return Optional.empty();
    }

    private Optional<Listener.Tls> tls(Yaml.Value at) {
        Optional<Yaml.Section> section = at.section();
        if (section.isEmpty()) {
            return Optional.empty();
        }
        Yaml.Section s = section.get();
        Optional<Path> certificate =
                s.required("certificate", "/etc/ssl/site.pem").flatMap(this::file);
        Optional<Path> key = s.required("key", "/etc/ssl/site.key").flatMap(this::file);
        s.end();
        if (certificate.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        try {
            SslContextBuilder.forServer(certificate.get().toFile(), key.get().toFile())
                    .build();
        } catch (IllegalArgumentException | SSLException e) {
            at.error("cannot be used: " + e.getMessage()
                    + "; wanted a certificate chain and its key (PKCS #8, not encrypted), both as PEM");
            return Optional.empty();
        }
        return Optional.of(new Listener.Tls(certificate.get(), key.get()));
    }

    // --- services

    private Service service(String name, Yaml.Section s) {
        Service.Algorithm algorithm =
                s.take("algorithm", Words.oneOf(Service.Algorithm.class)).orElse(Service.Algorithm.WLC);
        Optional<Service.Persistence> persistence = s.take("persistence").flatMap(this::persistence);
        int quorum = s.take("quorum", Words.number(1, 999_999_999)).orElse(1);
        Optional<InetSocketAddress> sorry = s.take("sorry-server", Words::endpoint);
        Optional<Yaml.Value> check = s.take("check");
        List<Service.Upstream> upstreams = new ArrayList<>();
        Set<String> names = new HashSet<>();
        s.required("upstreams", "[10.0.0.1:8080, 10.0.0.2:8080]").ifPresent(list -> {
            for (Yaml.Value value : list.items()) {
                upstream(value, check).ifPresent(upstream -> {
                    if (!names.add(upstream.name())) {
                        value.error("another upstream is called " + upstream.name() + " too");
                    }
                    upstreams.add(upstream);
                });
            }
            if (list.items().isEmpty() && sorry.isEmpty()) {
                list.error("is empty; without an upstream nothing can be served");
            }
        });
        s.end();
        return new Service(name, algorithm, persistence, quorum, upstreams, sorry);
    }

    /** A time alone, or a mapping. */
    private Optional<Service.Persistence> persistence(Yaml.Value value) {
        if (!value.isMapping()) {
            return value.as(Words.time(SHORTEST, LONGEST)).map(time -> new Service.Persistence(time, 32, 128));
        }
        Yaml.Section s = value.section().orElseThrow();
        Optional<Duration> timeout = s.required("timeout", "5m").flatMap(v -> v.as(Words.time(SHORTEST, LONGEST)));
        int ipv4 = s.take("prefix-ipv4", Words.number(1, 32)).orElse(32);
        int ipv6 = s.take("prefix-ipv6", Words.number(1, 128)).orElse(128);
        s.end();
        return timeout.map(time -> new Service.Persistence(time, ipv4, ipv6));
    }

    /** An address alone, or a mapping. */
    private Optional<Service.Upstream> upstream(Yaml.Value value, Optional<Yaml.Value> serviceCheck) {
        if (!value.isMapping()) {
            return value.as(Words::endpoint)
                    .map(address -> new Service.Upstream(shown(address), address, 1, 0, checks(serviceCheck, address)));
        }
        Yaml.Section s = value.section().orElseThrow();
        Optional<InetSocketAddress> address =
                s.required("address", "10.0.0.1:8080").flatMap(v -> v.as(Words::endpoint));
        Optional<String> name = s.take("name", Words::notEmpty);
        int weight = s.take("weight", Words.number(0, 65535)).orElse(1);
        int connectionsMax =
                s.take("connections-max", Words.number(0, 1_000_000)).orElse(0);
        Optional<Yaml.Value> check = s.take("check");
        s.end();
        return address.map(a -> new Service.Upstream(
                name.orElse(shown(a)), a, weight, connectionsMax, checks(check.or(() -> serviceCheck), a)));
    }

    private List<Check> checks(Optional<Yaml.Value> value, InetSocketAddress upstream) {
        if (value.isEmpty()) {
            return List.of(new Check.Tcp(upstream, YamlCheck.TIMING));
        }
        YamlCheck reader = new YamlCheck(upstream, this::file);
        return value.get().items().stream()
                .flatMap(item -> reader.read(item).stream())
                .toList();
    }

    // --- limits and status

    private Limits limits(Yaml.Section s) {
        Limits d = Limits.DEFAULT;
        Limits limits = new Limits(
                s.take("body-max", Words.size(0, Long.MAX_VALUE)).orElse(d.bodyMax()),
                s.take("header-max", Words.size(512, 1 << 20))
                        .orElse((long) d.headerMax())
                        .intValue(),
                s.take("allowed-hosts")
                        .map(v -> (Set<String>) new LinkedHashSet<>(v.each(YamlGateway::host)))
                        .orElse(d.allowedHosts()),
                s.take("connections-max", Words.number(1, 10_000_000)).orElse(d.connectionsMax()),
                s.take("connect-timeout", Words.time(SHORTEST, LONGEST)).orElse(d.connectTimeout()),
                s.take("request-timeout", Words.time(SHORTEST, LONGEST)).orElse(d.requestTimeout()),
                s.take("response-timeout", Words.time(SHORTEST, LONGEST)).orElse(d.responseTimeout()),
                s.take("idle-timeout", Words.time(SHORTEST, LONGEST)).orElse(d.idleTimeout()),
                s.take("drain", Words.time(Duration.ZERO, Duration.ofHours(1))).orElse(d.drain()));
        s.end();
        return limits;
    }

    private static String host(String text) {
        if (!text.matches("(\\*\\.)?[A-Za-z0-9._-]+|\\[?[0-9a-fA-F:.]+]?")) {
            throw new IllegalArgumentException(
                    "must be a host without a port, such as example.org or *.example.org, got \"" + text + "\"");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private Optional<StatusPage> status(Yaml.Value value, List<Listener> listeners) {
        Optional<Yaml.Section> section = value.section();
        if (section.isEmpty()) {
            return Optional.empty();
        }
        Yaml.Section s = section.get();
        Optional<Yaml.Value> addressAt = s.take("address");
        InetSocketAddress address = addressAt
                .flatMap(v -> v.as(Words::listenAddress))
                .orElse(new InetSocketAddress(InetAddress.getLoopbackAddress(), STATUS_PORT));
        if (listeners.stream().anyMatch(listener -> listener.address().equals(address))) {
            addressAt.orElse(value).error("a listener has " + shown(address) + " too; it needs a port of its own");
        }
        Optional<Yaml.Value> file = s.take("token-file");
        Optional<Yaml.Value> text = s.take("token");
        if (file.isPresent() && text.isPresent()) {
            file.get().error("there is a token as well; leave one of them out");
        }
        Optional<String> token = file.isPresent()
                ? file.flatMap(v -> file(v).flatMap(path -> v.as(ignored -> token(readFirstLine(path)))))
                : text.flatMap(v -> v.as(YamlGateway::token));
        s.end();
        return Optional.of(new StatusPage(address, token));
    }

    static String token(String text) {
        if (text.length() < TOKEN_MIN) {
            throw new IllegalArgumentException("a token must have at least " + TOKEN_MIN + " characters, got "
                    + text.length() + "; openssl rand -hex 16 makes one");
        }
        return text;
    }

    static String readFirstLine(Path path) {
        try {
            return Files.readString(path).lines().findFirst().orElse("").strip();
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read: " + e, e);
        }
    }

    /** A file that can be read; a relative path begins where the YAML file is. */
    private Optional<Path> file(Yaml.Value value) {
        return value.as(text -> {
            Path path = directory.resolve(Words.notEmpty(text));
            if (!Files.isReadable(path)) {
                throw new IllegalArgumentException(
                        (Files.exists(path) ? "cannot be read: " : "there is no file ") + path);
            }
            return path;
        });
    }

    static String shown(InetSocketAddress address) {
        String host = address.getAddress().isAnyLocalAddress()
                ? "*"
                : address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
