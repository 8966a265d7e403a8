package io.floatingip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The package rules of ARCHITECTURE.md, read from the sources: imports, and names written out in full. */
class PackageRulesTest {
    private static final Path SOURCES = Path.of("src/main/java").toAbsolutePath();
    private static final Pattern QUALIFIED =
            Pattern.compile("\\b(?:java|javax|jdk|sun|com|org|io|net)(?:\\.[a-z]\\w*)+(?:\\.[A-Z]\\w*)+(?:\\.\\*)?");
    private static final Pattern NOT_CODE = Pattern.compile(
            "/\\*.*?\\*/|//[^\\n]*|'(?:\\\\.|[^'\\\\])'|\"(?:[^\"\\\\]++|\\\\.)*+\"|^package [^;]*;",
            Pattern.DOTALL | Pattern.MULTILINE);

    /** What of {@code io.floatingip} itself is a value and nothing more. */
    private static final Set<String> VALUES = Set.of(
            "io.floatingip.Authentication",
            "io.floatingip.ChecksumMode",
            "io.floatingip.IpFamily",
            "io.floatingip.Reason",
            "io.floatingip.Role",
            "io.floatingip.VirtualAddress",
            "io.floatingip.VrrpVersion");

    @Test
    void wireIsBytesAndMeaningAndNothingElse() {
        assertThat(usedBy("internal/wire"))
                .allMatch(type -> ofTheProtocol(type)
                        || type.startsWith("java.nio.")
                        || type.startsWith("java.security.")
                        || type.startsWith("javax.crypto.")
                        || type.startsWith("io.floatingip.internal.wire.")
                        || type.equals("io.floatingip.spi.Packet"));
    }

    @Test
    void vrrpIsPureAndKnowsOfWireOnlyTheAdvert() {
        assertThat(usedBy("internal/vrrp"))
                .allMatch(type -> ofTheProtocol(type)
                        || type.startsWith("io.floatingip.internal.vrrp.")
                        || type.equals("io.floatingip.internal.wire.Advert"));
    }

    private static boolean ofTheProtocol(String type) {
        return VALUES.contains(topLevel(type))
                || type.startsWith("java.net.Inet")
                || type.equals("java.net.UnknownHostException")
                || type.startsWith("java.util.") && !type.startsWith("java.util.concurrent.")
                || type.startsWith("org.jspecify.");
    }

    @Test
    void wireAndVrrpReadNoClockAndStartNoThread() {
        Pattern impure =
                Pattern.compile("\\b(?:nanoTime|currentTimeMillis|Instant|Thread|Random|synchronized|volatile)\\b");
        for (String folder : List.of("internal/wire", "internal/vrrp")) {
            code(folder)
                    .forEach((file, code) -> assertThat(
                                    impure.matcher(code).results().map(r -> r.group()))
                            .as(file)
                            .isEmpty());
        }
    }

    @Test
    void spiKnowsValuesOnly() {
        assertThat(usedBy("spi"))
                .filteredOn(PackageRulesTest::ours)
                .allMatch(type -> VALUES.contains(topLevel(type)) || type.startsWith("io.floatingip.spi."));
    }

    @Test
    void theApiReachesInsideToJoinAndNowhereElse() {
        assertThat(usedBy(""))
                .filteredOn(type -> type.startsWith("io.floatingip.internal."))
                .containsExactly(
                        "io.floatingip.internal.runtime.DefaultFloatingIp",
                        "io.floatingip.internal.runtime.DefaultFloatingIpGroup");
    }

    @Test
    void onlyRuntimeSeesAll() {
        for (String folder : folders()) {
            if (!folder.isEmpty() && !folder.equals("internal/runtime")) {
                assertThat(usedBy(folder))
                        .as(folder)
                        .noneMatch(type -> type.startsWith("io.floatingip.internal.runtime.")
                                || type.startsWith("io.floatingip.internal.vrrp.") && !folder.equals("internal/vrrp"));
            }
        }
    }

    @Test
    void nobodyNeedsWhatMayBeLeftOut() {
        for (String optional : List.of("simulation", "keepalived", "netty")) {
            for (String folder : folders()) {
                if (!folder.equals(optional)) {
                    assertThat(usedBy(folder))
                            .as(folder + " without " + optional)
                            .noneMatch(type -> type.startsWith("io.floatingip." + optional + "."));
                }
            }
        }
    }

    /** Health checks, notifications and Netty have to do with real machines, on threads of their own: their time is the machine's. */
    @Test
    void theClockOfTheProtocolIsReadInOnePlace() {
        Pattern read = Pattern.compile("\\bSystem\\s*(?:\\.|::)\\s*nanoTime\\b");
        List<String> readers = new ArrayList<>();
        for (String folder : folders()) {
            if (Set.of("internal/health", "internal/notify", "netty").contains(folder)) {
                continue;
            }
            code(folder).forEach((file, code) -> read.matcher(code).results().forEach(r -> readers.add(file)));
        }
        assertThat(readers).containsExactly("spi/Ticker.java");
    }

    @Test
    void theRulesSeeTheSources() {
        assertThat(folders()).contains("", "spi", "internal/wire", "internal/vrrp", "internal/runtime");
        assertThat(usedBy("internal/vrrp")).contains("io.floatingip.internal.wire.Advert", "java.net.InetAddress");
        assertThat(usedBy("internal/runtime"))
                .contains("io.floatingip.internal.vrrp.VirtualRouter", "org.slf4j.Logger");
    }

    private static boolean ours(String type) {
        return type.startsWith("io.floatingip.");
    }

    /** Without the names of nested types. */
    private static String topLevel(String type) {
        Matcher matcher = Pattern.compile("((?:[a-z]\\w*\\.)+[A-Z]\\w*).*").matcher(type);
        return matcher.matches() ? matcher.group(1) : type;
    }

    /** Every type that a package names, those of its own folder excepted where no import is needed. */
    private static Set<String> usedBy(String folder) {
        return code(folder).values().stream()
                .flatMap(code -> QUALIFIED.matcher(code).results().map(r -> r.group()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, String> code(String folder) {
        Map<String, String> code = new TreeMap<>();
        Path root = SOURCES.resolve("io/floatingip");
        try (Stream<Path> files = Files.list(root.resolve(folder))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                code.put(
                        root.relativize(file).toString(),
                        NOT_CODE.matcher(Files.readString(file)).replaceAll(" "));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return code;
    }

    /** All folders with sources, as seen from {@code io/floatingip}. */
    private static Set<String> folders() {
        Path root = SOURCES.resolve("io/floatingip");
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(f -> f.toString().endsWith(".java"))
                    .map(f -> root.relativize(f.getParent()).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
