package io.floatingip.spring;

import io.floatingip.Announcements;
import io.floatingip.Authentication;
import io.floatingip.FloatingIpConfig;
import io.floatingip.TrackedInterface;
import io.floatingip.UnicastPeer;
import io.floatingip.VirtualAddress;
import io.floatingip.VrrpVersion;
import io.floatingip.health.HealthCheck;
import io.floatingip.health.HealthChecks;
import io.floatingip.health.HealthPolicy;
import io.floatingip.health.HttpHealthCheck;
import io.floatingip.spring.InstanceProperties.AnnouncementProperties;
import io.floatingip.spring.InstanceProperties.AuthenticationProperties;
import io.floatingip.spring.InstanceProperties.CheckProperties;
import io.floatingip.spring.InstanceProperties.HmacProperties;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes a configuration of properties.
 *
 * @param prefix of the properties, for messages
 * @param key of the instance; empty for the single one
 */
record InstanceMapper(String prefix, String key, InstanceProperties in) {
    private static final Pattern PEER = Pattern.compile("([^@]+)(?:@(\\d{1,3})-(\\d{1,3}))?");
    private static final Pattern HOST_AND_PORT = Pattern.compile("(.+):(\\d{1,5})");

    /** @throws FloatingIpStartException with the property that is wrong */
    FloatingIpConfig.Builder builder(Map<String, HealthCheck> beans) {
        FloatingIpConfig.Builder to = FloatingIpConfig.builder();
        if (in.name() != null || !key.isEmpty()) {
            to.name(in.name() != null ? in.name() : key);
        }
        if (in.networkInterface() != null) {
            to.networkInterface(in.networkInterface());
        }
        if (in.virtualRouterId() != null) {
            to.virtualRouterId(in.virtualRouterId());
        }
        to.priority(in.priority())
                .version(of("version", () -> version(in.version())))
                .advertInterval(in.advertInterval())
                .downAfterAdverts(in.downAfterAdverts())
                .preempt(in.preempt())
                .preemptDelay(in.preemptDelay())
                .startupDelay(in.startupDelay())
                .drain(in.drain())
                .checksum(in.checksum())
                .fence(in.fence())
                .accept(in.accept())
                .virtualMac(in.virtualMac())
                .placement(in.placement())
                .strict(in.strict())
                .authentication(authentication(in.authentication()))
                .announcements(of("announcements", () -> announcements(in.announcements())));
        each("addresses", in.addresses(), text -> to.address(text));
        each("excluded-addresses", in.excludedAddresses(), text -> to.excludedAddress(VirtualAddress.parse(text)));
        each("unicast-peers", in.unicastPeers(), text -> to.unicastPeer(peer(text)));
        each(
                "sources",
                in.sources(),
                text -> to.source(VirtualAddress.parse(text).address()));
        each("multicast-groups", in.multicastGroups(), text -> to.multicastGroup(group(text)));
        each(
                "tracked-interfaces",
                in.trackedInterfaces(),
                tracked -> to.trackedInterface(new TrackedInterface(
                        Objects.requireNonNullElse(tracked.name(), ""), tracked.weight(), tracked.reversed())));
        checks(beans)
                .forEach((name, check) -> to.check(
                        name, check, policy("checks." + name, in.checks().get(name))));
        return to;
    }

    private static VrrpVersion version(int number) {
        return switch (number) {
            case 2 -> VrrpVersion.V2;
            case 3 -> VrrpVersion.V3;
            default -> throw new IllegalArgumentException("must be 2 or 3, got " + number);
        };
    }

    private static UnicastPeer peer(String text) {
        Matcher matcher = PEER.matcher(text.trim());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "must be an address, or one with bounds for the TTL such as 10.0.0.2@254-255, got \"" + text
                            + "\"");
        }
        UnicastPeer peer = UnicastPeer.of(matcher.group(1));
        return matcher.group(2) == null
                ? peer
                : new UnicastPeer(
                        peer.address(), Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3)));
    }

    private static InetAddress group(String text) {
        // Not VirtualAddress, which refuses groups; and never a name, which would be looked up.
        if (!text.matches("[0-9a-fA-F:.]+") || !text.matches(".*[:.].*")) {
            throw new IllegalArgumentException("must be an address such as 224.0.0.99, got \"" + text + "\"");
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("must be an address such as 224.0.0.99, got \"" + text + "\"", e);
        }
    }

    private static Announcements announcements(AnnouncementProperties from) {
        return new Announcements(from.repeat(), from.secondAfter(), from.refresh(), from.interval());
    }

    private Authentication authentication(AuthenticationProperties from) {
        List<Supplier<Authentication>> given = new ArrayList<>();
        if (from.password() != null) {
            given.add(() -> of("authentication.password", () -> Authentication.password(from.password())));
        }
        if (from.header() != null) {
            given.add(() -> of("authentication.header", () -> Authentication.authenticationHeader(from.header())));
        }
        if (!from.hmac().keys().isEmpty()) {
            given.add(() -> of("authentication.hmac", () -> hmac(from.hmac())));
        } else if (from.hmac().activeKey() != null || from.hmac().timeWindow() != null) {
            throw refused(
                    "authentication.hmac",
                    "has no keys, but other properties; add authentication.hmac.keys.1 with 64 hex digits");
        }
        if (given.size() > 1) {
            throw refused("authentication", "has more than one of password, header and hmac; give one of them");
        }
        return given.isEmpty() ? Authentication.none() : given.get(0).get();
    }

    private static Authentication hmac(HmacProperties from) {
        Authentication.Hmac.Builder hmac =
                Authentication.hmac().mode(from.mode()).antiReplay(from.antiReplay());
        from.keys().forEach((id, digits) -> hmac.key(id, hex(id, digits.strip())));
        Optional.ofNullable(from.activeKey()).ifPresent(hmac::activeKey);
        Optional.ofNullable(from.timeWindow()).ifPresent(hmac::timeWindow);
        return hmac.build();
    }

    private static byte[] hex(int id, String digits) {
        try {
            return HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException e) {
            // Without the cause, whose message may show digits.
            throw new IllegalArgumentException("key " + id + " must be an even number of hex digits");
        }
    }

    /** Those that are configured, and all beans; a bean may have its policy configured under its name. */
    private Map<String, HealthCheck> checks(Map<String, HealthCheck> beans) {
        Map<String, HealthCheck> all = new LinkedHashMap<>();
        Instances.once(in.checks()).forEach((name, check) -> {
            HealthCheck bean = beans.get(name);
            List<HealthCheck> targets = targets("checks." + name, check);
            if (targets.size() > 1 || bean != null && !targets.isEmpty()) {
                throw refused(
                        "checks." + name,
                        "has more than one target" + (bean == null ? "" : ", a bean of this name among them")
                                + "; give one of tcp, http, command, shell, process, file and network-interface, or split it into several checks");
            }
            if (targets.isEmpty() && bean == null) {
                throw refused(
                        "checks." + name,
                        "says not what to look at; give one of tcp, http, command, shell, process, file and network-interface,"
                                + " or declare a bean of type HealthCheck with the name \"" + name + "\"");
            }
            all.put(name, bean != null ? bean : targets.get(0));
        });
        beans.forEach(all::putIfAbsent);
        return all;
    }

    private List<HealthCheck> targets(String property, CheckProperties check) {
        List<HealthCheck> targets = new ArrayList<>();
        Optional.ofNullable(check.tcp()).ifPresent(text -> targets.add(of(property + ".tcp", () -> tcp(text))));
        if (!check.http().isEmpty()) {
            targets.add(of(property + ".http", () -> http(check)));
        } else if (check.status() != null
                || check.bodyMatches() != null
                || check.virtualHost() != null
                || check.trust() != null) {
            throw refused(
                    property,
                    "has status, body-matches, virtual-host or trust, which belong to http; add " + property
                            + ".http with a URL");
        }
        if (!check.command().isEmpty()) {
            String[] arguments = check.command().stream().skip(1).toArray(String[]::new);
            targets.add(of(
                    property + ".command",
                    () -> HealthChecks.command(check.command().get(0), arguments)));
        }
        Optional.ofNullable(check.shell()).map(HealthChecks::shell).ifPresent(targets::add);
        Optional.ofNullable(check.process())
                .ifPresent(name -> targets.add(of(property + ".process", () -> HealthChecks.process(name))));
        Optional.ofNullable(check.file()).map(HealthChecks::file).ifPresent(targets::add);
        Optional.ofNullable(check.networkInterface())
                .map(HealthChecks::networkInterface)
                .ifPresent(targets::add);
        return targets;
    }

    private static HealthCheck tcp(String text) {
        Matcher matcher = HOST_AND_PORT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("must be host:port, such as 10.0.0.254:443, got \"" + text + "\"");
        }
        String host = matcher.group(1);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        return HealthChecks.tcp(
                bracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(matcher.group(2)));
    }

    private static HealthCheck http(CheckProperties check) {
        HttpHealthCheck http = HealthChecks.http(
                check.http().get(0), check.http().stream().skip(1).toArray(String[]::new));
        if (check.status() != null) {
            http = http.status(check.status());
        }
        if (check.bodyMatches() != null) {
            http = http.bodyMatches(check.bodyMatches());
        }
        if (check.virtualHost() != null) {
            http = http.virtualHost(check.virtualHost());
        }
        return check.trust() == null ? http : http.trust(check.trust());
    }

    private HealthPolicy policy(String property, @Nullable CheckProperties check) {
        if (check == null) {
            return HealthPolicy.release();
        }
        return of(property, () -> {
            HealthPolicy policy = check.weight() == null ? HealthPolicy.release() : HealthPolicy.weight(check.weight());
            if (check.makeBeforeBreak()) {
                if (check.weight() != null) {
                    throw new IllegalArgumentException(
                            "has both weight and make-before-break; leave make-before-break out: with a weight the better node takes over without a gap anyway");
                }
                policy = policy.makeBeforeBreak();
            }
            if (check.reversed()) {
                policy = policy.reversed();
            }
            if (check.timeout() != null) {
                policy = policy.timeout(check.timeout());
            }
            return policy.interval(check.interval())
                    .rise(check.rise())
                    .fall(check.fall())
                    .initially(check.initially())
                    .retries(check.retries(), check.retryDelay());
        });
    }

    private interface Use<T> {
        void accept(T value);
    }

    private <T> void each(String property, List<T> values, Use<T> use) {
        for (int i = 0; i < values.size(); i++) {
            T value = values.get(i);
            of(property + "[" + i + "]", () -> {
                use.accept(value);
                return value;
            });
        }
    }

    /** What goes wrong in here is about this property. */
    private <T> T of(String property, Supplier<T> action) {
        try {
            return action.get();
        } catch (IllegalArgumentException e) {
            String text = String.valueOf(e.getMessage());
            throw refused(property, text.startsWith("must ") || text.startsWith("has ") ? text : ": " + text, e);
        }
    }

    private FloatingIpStartException refused(String property, String text) {
        return refused(property, text, null);
    }

    private FloatingIpStartException refused(String property, String text, @Nullable IllegalArgumentException cause) {
        String space = text.startsWith(":") ? "" : " ";
        return Refusals.refused(prefix, new IllegalArgumentException(prefix + "." + property + space + text, cause));
    }
}
