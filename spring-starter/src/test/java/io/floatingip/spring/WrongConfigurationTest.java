package io.floatingip.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.floatingip.FloatingIpException;
import io.floatingip.simulation.LiveLan;
import io.floatingip.simulation.SimHost;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** What is configured wrongly fails the start with the property, what it got, and what to do. */
@ExtendWith(OutputCaptureExtension.class)
class WrongConfigurationTest {
    private static final LiveLan LAN = new LiveLan();
    private static final List<String> RIGHT = List.of(
            "floatingip.interface=eth0", "floatingip.virtual-router-id=52", "floatingip.addresses=10.0.0.10/24");

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(FloatingIpAutoConfiguration.class)
    static class Application {
        @Bean
        LiveLan lan() {
            return LAN;
        }
    }

    /** The description's gist, the action's, and what is put on top of three right properties; a line that begins with - takes one off. */
    static Stream<Arguments> cases() {
        return Stream.of(
                arguments(
                        "floatingip.virtual-router-id must be 1 to 255, got 300.",
                        "Set floatingip.virtual-router-id to 1 to 255.",
                        "floatingip.virtual-router-id=300"),
                arguments(
                        "floatingip.virtual-router-id is required, 1 to 255.",
                        "Set floatingip.virtual-router-id to 1 to 255.",
                        "-floatingip.virtual-router-id"),
                arguments(
                        "floatingip.interface is required",
                        "Set floatingip.interface, for example to \"eth0\".",
                        "-floatingip.interface"),
                arguments(
                        "floatingip.interface must be an interface's name of 1 to 15 characters",
                        "Set floatingip.interface to an interface's name of 1 to 15 characters.",
                        "floatingip.interface=averylonginterfacename"),
                arguments(
                        "At least one address is required, for example floatingip.addresses=10.99.0.66/32.",
                        "Add one, for example floatingip.addresses=10.99.0.66/32.",
                        "-floatingip.addresses"),
                arguments(
                        "floatingip.addresses[0]: expected an IPv4 or IPv6 address",
                        "Set floatingip.addresses[0] to an IPv4 or IPv6 address with an optional prefix length, such as 10.0.0.10/24 or 2001:db8::10/64.",
                        "floatingip.addresses=10.0.0.300"),
                arguments(
                        "prefix length of 10.0.0.10 must be 1 to 32, got 33",
                        "Correct floatingip.addresses[0]; docs/spring-properties.md",
                        "floatingip.addresses=10.0.0.10/33"),
                arguments(
                        "floatingip.priority must be 1 to 255, got 0.",
                        "Set floatingip.priority to 1 to 255.",
                        "floatingip.priority=0"),
                arguments(
                        "floatingip.priority must be a whole number, 1 to 255, got \"high\".",
                        "Set floatingip.priority to a whole number, 1 to 255; docs/spring-properties.md",
                        "floatingip.priority=high"),
                arguments(
                        "floatingip.advert-interval must be a time such as 250ms, 1s or 5m, 10 ms to 40.95 s in steps of 10 ms, got \"soon\"",
                        "Set floatingip.advert-interval to a time such as 250ms, 1s or 5m, 10 ms to 40.95 s in steps of 10 ms;",
                        "floatingip.advert-interval=soon"),
                arguments(
                        "floatingip.checks.web.make-before-break must be true or false, got \"perhaps\"",
                        "Set floatingip.checks.web.make-before-break to true or false;",
                        "floatingip.checks.web.make-before-break=perhaps"),
                arguments(
                        "What follows floatingip.authentication.hmac.keys must be the number of a key, 1 to 255",
                        "Write floatingip.authentication.hmac.keys.1=... for the first key, with the same number on all nodes.",
                        "floatingip.authentication.hmac.keys.geheim=00"),
                arguments(
                        "The instances a and b have the same name, \"web\".",
                        "Give them different names",
                        "-floatingip.interface -floatingip.virtual-router-id -floatingip.addresses"
                                + " floatingip.instances.a.name=web floatingip.instances.a.interface=eth0"
                                + " floatingip.instances.a.virtual-router-id=1 floatingip.instances.a.addresses=10.0.0.10"
                                + " floatingip.instances.b.name=web floatingip.instances.b.interface=eth0"
                                + " floatingip.instances.b.virtual-router-id=2 floatingip.instances.b.addresses=10.0.0.11"),
                arguments(
                        "floatingip.advert-interval must be 10 ms to 40.95 s in steps of 10 ms, got 5.0 ms.",
                        "Set floatingip.advert-interval to 10 ms to 40.95 s in steps of 10 ms.",
                        "floatingip.advert-interval=5ms"),
                arguments(
                        "floatingip.version must be 2 or 3, got 4.",
                        "Set floatingip.version to 2 or 3.",
                        "floatingip.version=4"),
                arguments(
                        "VRRPv2 carries IPv4 addresses only",
                        "Use floatingip.version=3",
                        "floatingip.version=2 floatingip.addresses=2001:db8::10"),
                arguments(
                        "exists in VRRPv2 only",
                        "Use floatingip.version=2, or floatingip.authentication.hmac with VRRPv3.",
                        "floatingip.authentication.password=secret"),
                arguments(
                        "floatingip.authentication has more than one of password, header and hmac.",
                        "Give one of them.",
                        "floatingip.version=2 floatingip.authentication.password=a floatingip.authentication.header=b"),
                arguments(
                        "key 1 must be an even number of hex digits",
                        "Correct floatingip.authentication.hmac; docs/spring-properties.md",
                        "floatingip.authentication.hmac.keys.1=geheim"),
                arguments(
                        "floatingip.unicast-peers[0]: a unicast peer is an address without a prefix length",
                        "Correct floatingip.unicast-peers[0]; docs/spring-properties.md",
                        "floatingip.unicast-peers=10.0.0.2/24"),
                arguments(
                        "has no meaning with floatingip.preempt=false",
                        "Leave one of them out.",
                        "floatingip.preempt=false floatingip.preempt-delay=5s"),
                arguments("floatingip.adresses", "Write floatingip.addresses.", "floatingip.adresses=10.0.0.11"),
                arguments(
                        "floatingip.checks.web says not what to look at.",
                        "Give one of tcp, http, command",
                        "floatingip.checks.web.weight=5"),
                arguments(
                        "floatingip.checks.web.tcp must be host:port",
                        "Set floatingip.checks.web.tcp to host:port, such as 10.0.0.254:443.",
                        "floatingip.checks.web.tcp=10.0.0.254"),
                arguments(
                        "weight must be -254 to 254 and not 0, got 300",
                        "For an effect without a weight leave weight out.",
                        "floatingip.checks.web.tcp=a:1 floatingip.checks.web.weight=300"),
                arguments(
                        "floatingip.fence must be one of ",
                        "Set floatingip.fence to one of ",
                        "floatingip.fence=perhaps"),
                arguments(
                        "names \"other\", which is no instance",
                        "Name instances that are there",
                        "floatingip.groups.g.members=other"),
                arguments(
                        "There are properties of a single floating IP",
                        "floatingip.instances.NAME",
                        "floatingip.instances.b.virtual-router-id=1"),
                arguments(
                        "floatingip.keepalived-conf takes everything from a file",
                        "Remove floatingip.keepalived-conf",
                        "floatingip.keepalived-conf=/nowhere"),
                arguments(
                        "/nowhere has errors",
                        "Correct the file",
                        "-floatingip.interface -floatingip.virtual-router-id -floatingip.addresses"
                                + " floatingip.keepalived-conf=/nowhere"),
                arguments(
                        "No floating IP is configured.",
                        "floatingip.interface=eth0",
                        "-floatingip.interface -floatingip.virtual-router-id -floatingip.addresses"),
                arguments(
                        "belongs to",
                        "An address can float in one virtual router only.",
                        "-floatingip.interface -floatingip.virtual-router-id -floatingip.addresses"
                                + " floatingip.instances.a.interface=eth0 floatingip.instances.a.virtual-router-id=1"
                                + " floatingip.instances.a.addresses=10.0.0.10 floatingip.instances.b.interface=eth0"
                                + " floatingip.instances.b.virtual-router-id=2 floatingip.instances.b.addresses=10.0.0.10"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void saysWhatIsWrongAndWhatToDo(String description, String action, String changes, CapturedOutput output) {
        List<String> properties = new ArrayList<>(RIGHT);
        for (String change : changes.split(" ")) {
            String name = change.replaceFirst("^-", "").split("=")[0];
            properties.removeIf(property -> property.startsWith(name + "="));
            if (!change.startsWith("-")) {
                properties.add(change);
            }
        }
        long start = System.nanoTime();
        assertThatThrownBy(() -> run(properties, Application.class)).isNotNull();
        System.out.printf("%d ms: %s%n", (System.nanoTime() - start) / 1_000_000, changes);
        assertRefused(output, description, action);
    }

    /** Properties of a number, a time or a choice, each with what its value must be. */
    static Stream<Arguments> wordsWhereNoneBelong() {
        String number = "a whole number";
        String time = "a time such as 250ms, 1s or 5m";
        return Stream.of(
                arguments("virtual-router-id", number + ", 1 to 255"),
                arguments("priority", number + ", 1 to 255"),
                arguments("version", number + ", 2 or 3"),
                arguments("down-after-adverts", number + ", 1 to 100"),
                arguments("preempt-delay", time + ", 0 to 1 h"),
                arguments("startup-delay", time + ", 0 to 1 h"),
                arguments("drain", time + ", 0 to 1 h"),
                arguments("announcements.repeat", number + ", 1 to 100"),
                arguments("announcements.second-after", time + ", 0 to 24 h"),
                arguments("announcements.refresh", time + ", 0 to 24 h"),
                arguments("announcements.interval", time + ", 0 to 24 h"),
                arguments("tracked-interfaces[0].weight", number + ", -253 to 253"),
                arguments("authentication.hmac.active-key", number + ", one of the keys [1]"),
                arguments("authentication.hmac.time-window", time + ", 1 s to 300 s"),
                arguments("checks.db.status", number + ", 200 to 599"),
                arguments("checks.db.weight", number + ", -254 to 254 and not 0"),
                arguments("checks.db.interval", time + ", 1 ms to 1 day"),
                arguments("checks.db.timeout", time + ", 1 ms to 1 day"),
                arguments("checks.db.rise", number + ", 1 to 1000000"),
                arguments("checks.db.fall", number + ", 1 to 1000000"),
                arguments("checks.db.retries", number + ", 0 to 1000000"),
                arguments("checks.db.retry-delay", time + ", 0 ms to 1 day"),
                arguments("checksum", "one of pseudo-header, message-only"),
                arguments("fence", "one of auto, lifetime, none"),
                arguments("virtual-mac", "one of off, on, adverts-from-base"),
                arguments("placement", "one of interface, process-bound"),
                arguments("authentication.hmac.mode", "one of enforce, permissive, receive-only"),
                arguments("authentication.hmac.anti-replay", "one of time, monotonic"),
                arguments("checks.db.initially", "one of pending, healthy, unhealthy"));
    }

    @ParameterizedTest
    @MethodSource("wordsWhereNoneBelong")
    void saysWhatMayBeInPlaceOfAWord(String property, String wanted) {
        Map<String, Object> properties = new LinkedHashMap<>(Map.of(
                "floatingip.interface", "eth0",
                "floatingip.virtual-router-id", "52",
                "floatingip.addresses", "10.0.0.10/24",
                "floatingip.checks.db.http", "http://127.0.0.1/",
                "floatingip.tracked-interfaces[0].name", "eth1",
                "floatingip.authentication.hmac.keys.1", "ab".repeat(32)));
        properties.put("floatingip." + property, "many");
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
        ConfigurationPropertySources.attach(environment);

        FloatingIpStartException refused =
                catchThrowableOfType(FloatingIpStartException.class, () -> Instances.read(environment));
        assertThat(refused).hasMessageStartingWith("floatingip." + property + " must be " + wanted + ", got ");
        assertThat(refused.action()).startsWith("Set floatingip." + property + " to " + wanted + "; docs/");
    }

    @Test
    void everyNumberTimeAndChoiceIsTriedWithAWord() {
        Set<String> tried = wordsWhereNoneBelong()
                .map(arguments -> arguments.get()[0].toString().replaceFirst("^checks\\.db\\.", "checks."))
                .map(name -> name.replace("[0]", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        // Among the cases above.
        tried.add("advert-interval");
        assertThat(tried).containsExactlyElementsOf(limited("", InstanceProperties.class));
    }

    private static Set<String> limited(String prefix, Class<?> record) {
        Set<String> limited = new TreeSet<>();
        UnknownProperties.children(record).forEach((name, type) -> {
            Type inner = type instanceof ParameterizedType container
                    ? container.getActualTypeArguments()[container.getActualTypeArguments().length - 1]
                    : type;
            if (inner instanceof Class<?> nested && nested.isRecord()) {
                limited.addAll(limited(prefix + name + ".", nested));
            } else if (inner == int.class
                    || inner == Integer.class
                    || inner == Duration.class
                    || inner instanceof Class<?> choice && choice.isEnum()) {
                limited.add(prefix + name);
            }
        });
        return limited;
    }

    @Test
    void refusesAMethodForAFloatingIpThatIsNotThere(CapturedOutput output) {
        assertThatThrownBy(() -> run(RIGHT, Misnamed.class)).isNotNull();
        assertRefused(output, "@OnMaster(\"web\") is on", "Name one that is there: [eth0-52].");
    }

    static class Misnamed extends Application {
        @OnMaster("web")
        void serve() {}
    }

    @Test
    void lazyBeansMakeNothingFailLater(CapturedOutput output) {
        // Nobody knows before the second one is joined.
        assertThatThrownBy(() -> run(
                        List.of(
                                "spring.main.lazy-initialization=true",
                                "floatingip.instances.a.interface=eth0",
                                "floatingip.instances.a.virtual-router-id=1",
                                "floatingip.instances.a.addresses=10.0.0.10",
                                "floatingip.instances.b.interface=eth0",
                                "floatingip.instances.b.virtual-router-id=2",
                                "floatingip.instances.b.addresses=10.0.0.10"),
                        Application.class))
                .isNotNull();
        assertRefused(output, "belongs to", "An address can float in one virtual router only.");
    }

    @Test
    void showsWhereAKeepalivedConfIsWrong(@TempDir Path folder, CapturedOutput output) throws IOException {
        Path file = Files.writeString(folder.resolve("k.conf"), "vrrp_instance a {\n  virtual_router_id 300\n}\n");
        assertThatThrownBy(() -> run(List.of("floatingip.keepalived-conf=" + file), Application.class))
                .isNotNull();
        assertRefused(output, "k.conf:2:", "Correct the file");
    }

    @Test
    void showsNoSecret(CapturedOutput output) {
        List<String> properties = new ArrayList<>(RIGHT);
        properties.add("floatingip.authentication.hmac.keys.1=abcdef0123xyz");
        assertThatThrownBy(() -> run(properties, Application.class)).isNotNull();
        assertThat(output).contains("APPLICATION FAILED TO START").doesNotContain("abcdef0123");
    }

    @Test
    void saysHowToGetTheCapabilities() {
        FloatingIpStartException refused = Refusals.refused(
                "floatingip",
                new FloatingIpException(
                        "this process lacks CAP_NET_RAW (to send). Give it both:\n  systemd unit: a\n  docker: b"));
        assertThat(refused).hasMessage("This process lacks CAP_NET_RAW (to send).");
        assertThat(refused.action())
                .isEqualTo(
                        "Give it both:\n  systemd unit: a\n  docker: b.\nTo develop and test without it: floatingip.network=simulated, or floatingip.enabled=false.");
    }

    @Test
    void namesTheInterfacesThatExist() {
        FloatingIpStartException refused = Refusals.refused(
                "floatingip.instances.web",
                new FloatingIpException("there is no interface eth7; this machine has eth0, lo"));
        assertThat(refused).hasMessage("There is no interface eth7; this machine has eth0, lo.");
        assertThat(refused.action()).startsWith("Set floatingip.instances.web.interface to one of: eth0, lo.\n");
    }

    @Test
    void saysWhichNetworksThereAre(CapturedOutput output) {
        assertThatThrownBy(() -> new SpringApplicationBuilder(Application.class)
                        .web(WebApplicationType.NONE)
                        .registerShutdownHook(false)
                        .run("--floatingip.network=imaginary"))
                .isNotNull();
        assertRefused(
                output,
                "floatingip.network must be one of machine, simulated, got \"imaginary\"",
                "Set floatingip.network to one of machine, simulated;");
    }

    private static void run(List<String> properties, Class<?> application) {
        List<String> arguments = new ArrayList<>(List.of("--floatingip.network=simulated"));
        properties.forEach(property -> arguments.add("--" + property));
        new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .registerShutdownHook(false)
                .run(arguments.toArray(String[]::new));
    }

    private static void assertRefused(CapturedOutput output, String description, String action) {
        String said = output.toString();
        int begin = said.indexOf("Description:");
        int middle = said.indexOf("Action:");
        assertThat(said).contains("APPLICATION FAILED TO START");
        assertThat(said.substring(begin, middle)).contains(description);
        assertThat(said.substring(middle)).contains(action);
        assertThat(answering()).as("nothing is left").isEmpty();
    }

    private static List<SimHost> answering() {
        return LAN.ask(it -> List.copyOf(it.answering("10.0.0.10")));
    }
}
