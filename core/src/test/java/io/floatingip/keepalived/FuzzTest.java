package io.floatingip.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Any bytes end in a report, soon and within 64 MB: what reads them is a JVM that has no more. A minute with {@code -Dfuzz.seconds=60}, as in {@code
 * ./test}; the seed is in the message.
 */
@Timeout(300)
@Tag("once")
class FuzzTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/keepalived");
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "\"",
            "'",
            "\\",
            "#",
            "!",
            "$A=",
            "${A}",
            "$A ",
            "${A",
            "@host ",
            "@^host ",
            "@other ",
            "@^",
            "\n@host include part\n",
            "$A=\\\n",
            "$A_1=2\n",
            "${A_1}",
            "${_PWD}",
            "${_INSTANCE}",
            "${_HASH}",
            "${_BANG}",
            "~SEQx(A,f,-1,0) ",
            "~SEQ(A,1,9) ",
            "~LST({A,B},{1,2}) ",
            "include *\n",
            "include fuzz\n",
            "\ninclude part\n",
            "\nincludea {part,fuzz,none}\n",
            "\nincluder ${A}*\n",
            "\n",
            "\r",
            "\0",
            " ",
            "\t",
            "\u00ff",
            "-1",
            "0",
            "255",
            "256",
            "99999999999",
            "0.01",
            "1e9",
            "10.0.0.1",
            "10.0.0.1/33",
            "10.0.0.300",
            "fe80::1%eth0",
            "::",
            "::ffff:1.2.3.4",
            "fd99::1/128",
            "weight",
            "reverse",
            "dev",
            "hex:zz",
            "${_RANDOM 1 0}",
            "${_ENV PATH}");

    /** What the samples have not: every kind of line that makes other lines. */
    private static final String LEXICAL = """
            $A=eth0
            $B_1=\\
              priority ${P} \\
              advert_int 1
            @host $P=100
            @^host $P=150
            $ADDRESS=10.0.0.11/24 dev $A
            ~LST({I,V},{one,1},{two,2}) include part
            vrrp_instance "a ${_HASH} b" { # comment
                interface $A ! comment
                virtual_router_id 7
                $B_1
                @other priority 1
                include part
                virtual_ipaddress {
                    ~SEQ(N, 1, 2, 9) 10.0.0.${N}/24 dev $A
                    $ADDRESS
                    ${_ENV NOTHING}10.0.0.10
                }
                notify "/bin/echo \\"a\\" 'b c' \\x41"
            }
            include {part,none}*
            """;

    private static final Duration EACH = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    @Test
    void readsAnyBytes() throws Exception {
        inSmallJvm(directory.toString(), System.getProperty("fuzz.seconds", "4"));
    }

    @Test
    void beginsWithLinesThatAreUnderstood() {
        KeepalivedConfig read = KeepalivedConfig.parse(LEXICAL, "lexical", "host");
        assertThat(read.instances())
                .as(read.report().toString())
                .singleElement()
                .satisfies(instance -> {
                    assertThat(instance.name()).isEqualTo("a # b");
                    assertThat(instance.config().priority()).isEqualTo(100);
                    assertThat(instance.config().addresses()).hasSize(7);
                });
    }

    @Test
    void staysWithinItsBoundsOnTheWorstFiles() throws Exception {
        inSmallJvm();
    }

    private static void inSmallJvm(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                FuzzTest.class.getName()));
        command.addAll(List.of(arguments));
        Process reader = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(reader.waitFor()).as(said).isZero();
    }

    /** Reads what is made of chance for some seconds, or without arguments the worst files, with the memory that this JVM was given. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 0) {
            readWorst();
        } else {
            readAny(Path.of(arguments[0]), Duration.ofSeconds(Integer.parseInt(arguments[1])));
        }
    }

    private static void readAny(Path directory, Duration time) throws IOException {
        List<byte[]> corpus = new ArrayList<>();
        for (String name : List.of("01-two-nodes-pass", "02-tracked-service", "03-everything")) {
            corpus.add(Files.readAllBytes(DIRECTORY.resolve(name + ".conf")));
        }
        corpus.add(LEXICAL.getBytes(StandardCharsets.UTF_8));
        corpus.add(new byte[0]);
        Path file = directory.resolve("fuzz");
        Path part = directory.resolve("part");
        long until = System.nanoTime() + time.toNanos();
        int reports = 0;
        int written = 0;
        for (long seed = 0; System.nanoTime() - until < 0; seed++) {
            Random random = new Random(seed);
            Files.write(file, mutated(corpus, random));
            Files.write(part, mutated(corpus, random));
            long startedAt = System.nanoTime();
            KeepalivedConfig config;
            try {
                config = KeepalivedConfig.read(file, "host");
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("seed " + seed, e);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - startedAt))
                    .as("seed %d", seed)
                    .isLessThan(EACH);
            assertThat(config.report().findings())
                    .as("seed %d", seed)
                    .allMatch(f -> f.at().line() > 0
                            && f.at().column() > 0
                            && f.message().chars().noneMatch(c -> c < ' '));
            if (!config.instances().isEmpty()) {
                givesBackWhatItWrites(config, seed);
                written++;
            }
            reports += config.report().findings().isEmpty() ? 0 : 1;
        }
        assertThat(reports).isPositive();
        assertThat(written).isPositive();
    }

    private static void givesBackWhatItWrites(KeepalivedConfig config, long seed) {
        String text = config.write();
        KeepalivedConfig again = KeepalivedConfig.parse(text, "written", "host");
        assertThat(again.instances().stream().map(i -> Described.of(i.config()) + i.tracking() + i.notifyScripts()))
                .as("seed %d%n%s%n%s", seed, again.report(), text)
                .containsExactlyElementsOf(config.instances().stream()
                        .map(i -> Described.of(i.config()) + i.tracking() + i.notifyScripts())
                        .toList());
        assertThat(again.write()).as("seed %d", seed).isEqualTo(text);
    }

    private static byte[] mutated(List<byte[]> corpus, Random r) {
        byte[] base = corpus.get(r.nextInt(corpus.size()));
        StringBuilder text = new StringBuilder(new String(base, StandardCharsets.ISO_8859_1));
        for (int i = r.nextInt(40); i >= 0; i--) {
            int at = text.isEmpty() ? 0 : r.nextInt(text.length());
            switch (r.nextInt(5)) {
                case 0 -> text.insert(at, PIECES.get(r.nextInt(PIECES.size())));
                case 1 -> text.insert(at, (char) r.nextInt(256));
                case 2 -> text.delete(at, Math.min(text.length(), at + r.nextInt(30)));
                case 3 -> text.insert(at, text.substring(at, Math.min(text.length(), at + r.nextInt(300))));
                default -> {
                    int end = Math.min(text.length(), at + 1 + r.nextInt(12));
                    text.replace(at, end, PIECES.get(r.nextInt(PIECES.size())));
                }
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        return r.nextBoolean() ? bytes : text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void readWorst() {
        for (String line : List.of(
                "{",
                "}",
                "a ",
                "a {\n",
                "a{}",
                "\n",
                "vrrp_instance a {}\n",
                "$A=1\n",
                "$A%d=1\n",
                "$A= \\\n x \\\n",
                "@host ",
                "~SEQ(A,1,99999) a b c d e f\n",
                "\"",
                "\\",
                "vrrp_script a%d { script x\n}\n",
                "static_ipaddress { 10.0.0.1\n}\n",
                "vrrp_instance A%d {\nvirtual_router_id 1\nvirtual_ipaddress { 10.0.0.1\n}\n}\n")) {
            StringBuilder text = new StringBuilder(Budget.BYTES_MAX);
            for (int i = 0; text.length() < Budget.BYTES_MAX - 100; i++) {
                text.append(line.replace("%d", Integer.toString(i)));
            }
            long startedAt = System.nanoTime();
            Report report =
                    KeepalivedConfig.parse(text.toString(), "worst", "host").report();
            assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).as(line).isLessThan(EACH);
            assertThat(report.findings().size()).as(line).isLessThanOrEqualTo(Report.FINDINGS_MAX);
        }
    }
}
