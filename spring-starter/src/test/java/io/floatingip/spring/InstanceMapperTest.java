package io.floatingip.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.Announcements;
import io.floatingip.Authentication;
import io.floatingip.ChecksumMode;
import io.floatingip.FenceMode;
import io.floatingip.FloatingIpConfig;
import io.floatingip.IpFamily;
import io.floatingip.Placement;
import io.floatingip.TrackedInterface;
import io.floatingip.UnicastPeer;
import io.floatingip.VirtualAddress;
import io.floatingip.VirtualMac;
import io.floatingip.VrrpVersion;
import io.floatingip.health.HealthEffect;
import io.floatingip.health.HealthPolicy;
import io.floatingip.health.HealthState;
import io.floatingip.health.NamedCheck;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class InstanceMapperTest {
    private static final Map<String, Object> RIGHT = Map.of(
            "floatingip.interface", "eth0",
            "floatingip.virtual-router-id", "52",
            "floatingip.addresses", "10.0.0.10/24");

    @Test
    void theDefaultsAreThoseOfTheLibrary() throws ReflectiveOperationException {
        FloatingIpConfig plain = FloatingIpConfig.builder()
                .networkInterface("eth0")
                .virtualRouterId(52)
                .address("10.0.0.10/24")
                .build();
        FloatingIpConfig mapped = config(Map.of());
        for (Method method : FloatingIpConfig.class.getMethods()) {
            if (method.getDeclaringClass() == FloatingIpConfig.class
                    && method.getParameterCount() == 0
                    && !Set.of("builder", "toBuilder").contains(method.getName())) {
                assertThat(method.invoke(mapped)).as(method.getName()).isEqualTo(method.invoke(plain));
            }
        }
    }

    @Test
    void anEnvironmentVariableOverridesAnInstanceWhateverItsSpelling() {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                Map.of(
                                        "FLOATINGIP_INSTANCES_WEBONE_PRIORITY", "150",
                                        "FLOATINGIP_INSTANCES_WEBONE_CHECKS_MYDB_WEIGHT", "-20")));
        environment
                .getPropertySources()
                .addLast(new MapPropertySource(
                        "application.yml",
                        Map.of(
                                "floatingip.instances.web-One.interface", "eth0",
                                "floatingip.instances.web-One.virtual-router-id", "52",
                                "floatingip.instances.web-One.addresses", "10.0.0.10/24",
                                "floatingip.instances.web-One.checks.my-db.tcp", "10.0.0.254:5432")));
        ConfigurationPropertySources.attach(environment);
        Map<String, Instances.Described> all = Instances.read(environment).all();
        assertThat(all).containsOnlyKeys("web-One");
        FloatingIpConfig config = all.get("web-One").builder(Map.of()).build();
        assertThat(config.priority()).isEqualTo(150);
        assertThat(config.checks()).extracting(NamedCheck::name).containsExactly("my-db");
    }

    @Test
    void everyPropertyArrives() throws Exception {
        FloatingIpConfig config = config(Map.ofEntries(
                Map.entry("floatingip.name", "web"),
                Map.entry("floatingip.addresses[0]", "10.0.0.10/24"),
                Map.entry("floatingip.addresses[1]", "10.0.0.11"),
                Map.entry("floatingip.excluded-addresses", "10.0.0.12/32"),
                Map.entry("floatingip.priority", "150"),
                Map.entry("floatingip.advert-interval", "250ms"),
                Map.entry("floatingip.down-after-adverts", "5"),
                Map.entry("floatingip.preempt-delay", "30s"),
                Map.entry("floatingip.startup-delay", "1m"),
                Map.entry("floatingip.drain", "20s"),
                Map.entry("floatingip.unicast-peers", "10.0.0.2,10.0.0.3@254-255"),
                Map.entry("floatingip.sources", "10.0.0.1"),
                Map.entry("floatingip.checksum", "message-only"),
                Map.entry("floatingip.authentication.hmac.keys.7", "00".repeat(32)),
                Map.entry("floatingip.authentication.hmac.keys.9", "11".repeat(64)),
                Map.entry("floatingip.authentication.hmac.active-key", "9"),
                Map.entry("floatingip.authentication.hmac.mode", "permissive"),
                Map.entry("floatingip.authentication.hmac.anti-replay", "monotonic"),
                Map.entry("floatingip.authentication.hmac.time-window", "10s"),
                Map.entry("floatingip.announcements.repeat", "2"),
                Map.entry("floatingip.announcements.second-after", "1s"),
                Map.entry("floatingip.announcements.refresh", "0s"),
                Map.entry("floatingip.announcements.interval", "1ms"),
                Map.entry("floatingip.fence", "lifetime"),
                Map.entry("floatingip.accept", "false"),
                Map.entry("floatingip.virtual-mac", "adverts-from-base"),
                Map.entry("floatingip.tracked-interfaces[0].name", "eth1"),
                Map.entry("floatingip.tracked-interfaces[0].weight", "-20"),
                Map.entry("floatingip.tracked-interfaces[0].reversed", "true")));
        assertThat(config.name()).isEqualTo("web");
        assertThat(config.addresses())
                .containsExactly(VirtualAddress.parse("10.0.0.10/24"), VirtualAddress.parse("10.0.0.11"));
        assertThat(config.excludedAddresses()).containsExactly(VirtualAddress.parse("10.0.0.12"));
        assertThat(config.priority()).isEqualTo(150);
        assertThat(config.advertInterval()).isEqualTo(Duration.ofMillis(250));
        assertThat(config.downAfterAdverts()).isEqualTo(5);
        assertThat(config.preemptDelay()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.startupDelay()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.drain()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.unicastPeers())
                .containsExactly(
                        UnicastPeer.of("10.0.0.2"), new UnicastPeer(InetAddress.getByName("10.0.0.3"), 254, 255));
        assertThat(config.sources()).isEqualTo(Map.of(IpFamily.IPV4, InetAddress.getByName("10.0.0.1")));
        assertThat(config.checksum()).isEqualTo(ChecksumMode.MESSAGE_ONLY);
        Authentication.Hmac hmac = (Authentication.Hmac) config.authentication();
        assertThat(hmac.keyIds()).containsExactly(7, 9);
        assertThat(hmac.activeKey()).isEqualTo(9);
        assertThat(hmac.mode()).isEqualTo(Authentication.Hmac.Mode.PERMISSIVE);
        assertThat(hmac.antiReplay()).isEqualTo(Authentication.Hmac.AntiReplay.MONOTONIC);
        assertThat(hmac.timeWindow()).contains(Duration.ofSeconds(10));
        assertThat(config.announcements())
                .isEqualTo(new Announcements(2, Duration.ofSeconds(1), Duration.ZERO, Duration.ofMillis(1)));
        assertThat(config.fence()).isEqualTo(FenceMode.LIFETIME);
        assertThat(config.accept()).isFalse();
        assertThat(config.virtualMac()).isEqualTo(VirtualMac.ADVERTS_FROM_BASE);
        assertThat(config.trackedInterfaces()).containsExactly(new TrackedInterface("eth1", -20, true));

        FloatingIpConfig other = config(Map.of(
                "floatingip.version", "2",
                "floatingip.preempt", "false",
                "floatingip.placement", "process-bound",
                "floatingip.multicast-groups", "224.0.0.99",
                "floatingip.authentication.header", "secret"));
        assertThat(other.version()).isEqualTo(VrrpVersion.V2);
        assertThat(other.preempt()).isFalse();
        assertThat(other.placement()).isEqualTo(Placement.PROCESS_BOUND);
        assertThat(other.multicastGroups()).isEqualTo(Map.of(IpFamily.IPV4, InetAddress.getByName("224.0.0.99")));
        assertThat(other.authentication()).isInstanceOf(Authentication.AuthenticationHeader.class);
    }

    @Test
    void checksHaveATargetAndAPolicy() {
        List<NamedCheck> checks = config(Map.ofEntries(
                        Map.entry("floatingip.checks.tcp.tcp", "[::1]:443"),
                        Map.entry("floatingip.checks.http.http", "http://127.0.0.1/a,http://127.0.0.1/b"),
                        Map.entry("floatingip.checks.http.status", "204"),
                        Map.entry("floatingip.checks.http.body-matches", "ok"),
                        Map.entry("floatingip.checks.http.virtual-host", "example.org"),
                        Map.entry("floatingip.checks.command.command", "/bin/test,-f,/tmp/x"),
                        Map.entry("floatingip.checks.shell.shell", "true && true"),
                        Map.entry("floatingip.checks.process.process", "haproxy"),
                        Map.entry("floatingip.checks.file.file", "/run/weight"),
                        Map.entry("floatingip.checks.file.weight", "2"),
                        Map.entry("floatingip.checks.link.network-interface", "eth1"),
                        Map.entry("floatingip.checks.link.make-before-break", "true"),
                        Map.entry("floatingip.checks.link.reversed", "true"),
                        Map.entry("floatingip.checks.link.interval", "2s"),
                        Map.entry("floatingip.checks.link.timeout", "500ms"),
                        Map.entry("floatingip.checks.link.rise", "3"),
                        Map.entry("floatingip.checks.link.fall", "4"),
                        Map.entry("floatingip.checks.link.initially", "unhealthy"),
                        Map.entry("floatingip.checks.link.retries", "2"),
                        Map.entry("floatingip.checks.link.retry-delay", "100ms")))
                .checks();
        assertThat(checks)
                .extracting(NamedCheck::name)
                .containsExactlyInAnyOrder("tcp", "http", "command", "shell", "process", "file", "link");
        HealthPolicy file = policy(checks, "file");
        assertThat(file.effect()).isEqualTo(new HealthEffect.Weight(2, false));
        HealthPolicy link = policy(checks, "link");
        assertThat(link.effect()).isEqualTo(new HealthEffect.Release(true, true));
        assertThat(List.of(link.interval(), link.timeout(), link.delayBeforeRetry()))
                .containsExactly(Duration.ofSeconds(2), Duration.ofMillis(500), Duration.ofMillis(100));
        assertThat(List.of(link.rise(), link.fall(), link.retries())).containsExactly(3, 4, 2);
        assertThat(link.initial()).isEqualTo(HealthState.UNHEALTHY);
    }

    @Test
    void aSecretMayBeAFileOfAConfigTree(@TempDir Path secrets) throws IOException {
        Files.writeString(secrets.resolve("floatingip.authentication.hmac.keys.1"), "ab".repeat(32) + "\n");
        Binder binder = new Binder(
                ConfigurationPropertySource.from(new ConfigTreePropertySource("secrets", secrets)),
                new MapConfigurationPropertySource(RIGHT));
        Authentication.Hmac hmac = (Authentication.Hmac) config(binder).authentication();
        assertThat(hmac.key(1).orElseThrow()).hasSize(32).containsOnly(0xab);
    }

    private static HealthPolicy policy(List<NamedCheck> checks, String name) {
        return checks.stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow()
                .policy();
    }

    private static FloatingIpConfig config(Map<String, Object> more) {
        boolean addresses = more.keySet().stream().anyMatch(key -> key.startsWith("floatingip.addresses"));
        Map<String, Object> all = new HashMap<>(RIGHT);
        if (addresses) {
            all.remove("floatingip.addresses");
        }
        all.putAll(more);
        return config(new Binder(new MapConfigurationPropertySource(all)));
    }

    private static FloatingIpConfig config(Binder binder) {
        InstanceProperties properties = binder.bindOrCreate("floatingip", InstanceProperties.class);
        return new InstanceMapper("floatingip", "", properties)
                .builder(Map.of())
                .build();
    }
}
