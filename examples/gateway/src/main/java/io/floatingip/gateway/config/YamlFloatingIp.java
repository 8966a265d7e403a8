package io.floatingip.gateway.config;

import io.floatingip.Announcements;
import io.floatingip.Authentication;
import io.floatingip.ChecksumMode;
import io.floatingip.FenceMode;
import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpConfig.Builder;
import io.floatingip.Placement;
import io.floatingip.TrackedInterface;
import io.floatingip.UnicastPeer;
import io.floatingip.VirtualAddress;
import io.floatingip.VirtualMac;
import io.floatingip.VrrpVersion;
import io.floatingip.keepalived.ScriptCall;
import io.floatingip.notify.NotifyCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Reads {@code floating-ip}. Each key is tried on what the keys before it made, so that each combination that {@link Builder#build} refuses is an
 * error of its own, at the key that brought it in.
 */
final class YamlFloatingIp {
    private final Yaml.Section section;
    // Stands in for what is missing or wrong, until the end decides.
    private FloatingIpConfig soFar = FloatingIpConfig.builder()
            .networkInterface("eth0")
            .virtualRouterId(1)
            .address("192.0.2.1")
            .build();

    YamlFloatingIp(Yaml.Section section) {
        this.section = section;
    }

    /** Everything wrong is among the document's findings. */
    Membership.Member read(Duration drain) {
        set("version", Words.oneOf(Version.class), (b, v) -> b.version(v.version));
        section.required("interface", "eth0").ifPresent(v -> set(v, Words::notEmpty, Builder::networkInterface));
        section.required("virtual-router-id", "52")
                .ifPresent(v -> set(v, Words.number(1, 255), Builder::virtualRouterId));
        set("name", Words::notEmpty, Builder::name);
        section.required("address", "10.0.0.10/32")
                .ifPresent(v -> list(v, VirtualAddress::parse, (b, all) -> b.addresses(all)));
        section.take("excluded-address")
                .ifPresent(v -> list(v, VirtualAddress::parse, (b, all) -> b.excludedAddresses(all)));
        set("priority", Words.number(1, 255), Builder::priority);
        set("advert-interval", Words::time, Builder::advertInterval);
        set("preempt", Words::yesOrNo, Builder::preempt);
        set("preempt-delay", Words::time, Builder::preemptDelay);
        set("startup-delay", Words::time, Builder::startupDelay);
        section.take("unicast-peers").ifPresent(v -> list(v, UnicastPeer::of, (b, all) -> b.unicastPeers(all)));
        section.take("source").ifPresent(v -> v.items().forEach(item -> set(item, Words::literal, Builder::source)));
        section.take("multicast-group")
                .ifPresent(v -> v.items().forEach(item -> set(item, Words::literal, Builder::multicastGroup)));
        section.take("authentication").ifPresent(this::authentication);
        section.take("announcements").flatMap(Yaml.Value::section).ifPresent(this::announcements);
        set("checksum", Words.oneOf(ChecksumMode.class), Builder::checksum);
        set("fence", Words.oneOf(FenceMode.class), Builder::fence);
        set("down-after-adverts", Words.number(1, 100), Builder::downAfterAdverts);
        set("placement", Words.oneOf(Placement.class), Builder::placement);
        set("virtual-mac", Words.oneOf(VirtualMac.class), Builder::virtualMac);
        section.take("tracked-interfaces").ifPresent(v -> v.items().forEach(this::tracked));
        set("accept", Words::yesOrNo, Builder::accept);
        set("strict", Words::yesOrNo, Builder::strict);
        Told told = section.take("notify", YamlFloatingIp::notifier).orElse(Told.NOBODY);
        section.end();
        return new Membership.Member(soFar.toBuilder().drain(drain).build(), Map.of(), told);
    }

    /** As keys of a file name them. */
    private enum Version {
        V2(VrrpVersion.V2),
        V3(VrrpVersion.V3);

        private final VrrpVersion version;

        Version(VrrpVersion version) {
            this.version = version;
        }
    }

    private <T> void set(String key, Function<String, T> reader, BiFunction<Builder, T, Builder> setter) {
        section.take(key).ifPresent(value -> set(value, reader, setter));
    }

    private <T> void set(Yaml.Value value, Function<String, T> reader, BiFunction<Builder, T, Builder> setter) {
        value.as(reader).ifPresent(read -> attempt(value, builder -> setter.apply(builder, read)));
    }

    private <T> void list(Yaml.Value value, Function<String, T> reader, BiFunction<Builder, List<T>, Builder> setter) {
        List<T> all = value.each(reader);
        if (!all.isEmpty()) {
            attempt(value, builder -> setter.apply(builder, all));
        }
    }

    private void attempt(Yaml.Value value, UnaryOperator<Builder> change) {
        try {
            soFar = change.apply(soFar.toBuilder()).build();
        } catch (IllegalArgumentException e) {
            value.error(String.valueOf(e.getMessage()));
        }
    }

    private void authentication(Yaml.Value value) {
        Optional<Yaml.Section> keys = value.section();
        if (keys.isEmpty()) {
            return;
        }
        Yaml.Section s = keys.get();
        s.take("password", Authentication::password).ifPresent(secret -> attempt(value, b -> b.authentication(secret)));
        s.take("authentication-header", Authentication::authenticationHeader)
                .ifPresent(secret -> attempt(value, b -> b.authentication(secret)));
        s.take("hmac").flatMap(Yaml.Value::section).ifPresent(hmac -> hmac(value, hmac));
        s.end();
    }

    private void hmac(Yaml.Value at, Yaml.Section s) {
        Authentication.Hmac.Builder builder = Authentication.hmac();
        s.required("keys", "{1: at least 32 characters}")
                .flatMap(Yaml.Value::section)
                .ifPresent(keys -> keys.rest()
                        .forEach((id, value) -> value.as(secret ->
                                builder.key(Words.number(1, 255).apply(id), secret.getBytes(StandardCharsets.UTF_8)))));
        s.take("active-key", Words.number(1, 255)).ifPresent(builder::activeKey);
        s.take("time-window").ifPresent(value -> value.as(text -> builder.timeWindow(Words.time(text))));
        s.take("anti-replay", Words.oneOf(Authentication.Hmac.AntiReplay.class)).ifPresent(builder::antiReplay);
        s.take("mode", Words.oneOf(Authentication.Hmac.Mode.class)).ifPresent(builder::mode);
        s.end();
        attempt(at, b -> b.authentication(builder.build()));
    }

    private void announcements(Yaml.Section s) {
        announcement(s, "repeat", Words.number(1, 100), Announcements::repeat);
        announcement(s, "second-after", Words::time, Announcements::secondAfter);
        announcement(s, "refresh", Words::time, Announcements::refresh);
        announcement(s, "interval", Words::time, Announcements::interval);
        s.end();
    }

    private <T> void announcement(
            Yaml.Section s, String key, Function<String, T> reader, BiFunction<Announcements, T, Announcements> with) {
        s.take(key)
                .ifPresent(value ->
                        set(value, reader, (b, v) -> b.announcements(with.apply(soFar.announcements(), v))));
    }

    private void tracked(Yaml.Value value) {
        if (!value.isMapping()) {
            set(value, TrackedInterface::required, Builder::trackedInterface);
            return;
        }
        Yaml.Section s = value.section().orElseThrow();
        Optional<String> name = s.required("interface", "eth1").flatMap(v -> v.as(Words::notEmpty));
        int weight = s.take("weight", Words.number(-253, 253)).orElse(0);
        s.end();
        name.ifPresent(n -> attempt(value, b -> b.trackedInterface(new TrackedInterface(n, weight, false))));
    }

    private static Told notifier(String line) {
        List<String> command = new ArrayList<>(new ScriptCall(line, Optional.empty(), Optional.empty()).arguments());
        String program = command.remove(0);
        return new Told(line, List.of(NotifyCommands.create().onAny(program, command.toArray(String[]::new))));
    }
}
