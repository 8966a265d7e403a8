package io.floatingip.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From characters to a tree of statements: comments, quotes, braces, definitions, sequences, includes. */
class ReadingTest {
    private final Findings findings = new Findings();

    @TempDir
    private Path directory;

    @Test
    void endsAStatementWithItsLineOrABrace() {
        assertThat(tree("a 1 2\nb { c d\n e }\nf\n{\n g\n}\nh{i}")).isEqualTo("a(1|2) b{c(d) e} f{g} h{i}");
        assertThat(report()).isEmpty();
    }

    @Test
    void takesCommentsAwayButNotInQuotes() {
        assertThat(tree("a 3#three\n# b\n! c\nd \"#1 !2\" '!'#e\n#{")).isEqualTo("a(3) d(#1 !2|!)");
        assertThat(report()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    "b c"          | b c
                    'b "c'         | b "c
                    b" c "d        | b c d
                    "b\\"c"        | b"c
                    "\\x41\\102\\\\"  | AB\\
                    ""             | ``
                    b\\c           | b\\c
                    "{ }"          | { }
                    ${UNKNOWN}x    | ${UNKNOWN}x
                    """)
    void readsAWordAsQuoted(String written, String meant) {
        Node node = nodes("a " + written + "\n").get(0);
        assertThat(node.arguments()).hasSize(1);
        assertThat(node.arguments().get(0).text()).isEqualTo(meant);
        assertThat(report()).isEmpty();
    }

    @Test
    void tellsWhereAWordStands() {
        List<Node> nodes = nodes("a {\n\t b  c\n}\n");
        assertThat(nodes.get(0).block().get(0).at()).hasToString("test:2:3");
        assertThat(nodes.get(0).block().get(0).arguments().get(0).at()).hasToString("test:2:6");
    }

    @Test
    void substitutesDefinitionsWhenTheyAreUsed() {
        String text = """
                $BASE=10.2.${SUB}
                $SUB=0
                a ${BASE}.100/32
                $SUB=10
                a ${BASE}.100/32
                b $SUB x$SUB
                b ${NONE} $NONE
                """;
        assertThat(tree(text)).isEqualTo("a(10.2.0.100/32) a(10.2.10.100/32) b(10|x10) b(${NONE}|$NONE)");
    }

    @Test
    void substitutesDefinitionsOfSeveralLines() {
        String text = """
                $BLOCK= \\
                block ${N} { \\
                  @host inner 1 \\
                  @other inner 2 \\
                }
                $N=0
                $BLOCK
                $N=1
                $BLOCK
                """;
        assertThat(tree(text)).isEqualTo("block(0){inner(1)} block(1){inner(1)}");
        assertThat(report()).isEmpty();
    }

    @Test
    void keepsTheLinesOfThisHost() {
        assertThat(tree("@host a\n@other b\n@^host c\n@^other d\n$WHO=@host\n$WHO e\n@host $X=1\nf $X"))
                .isEqualTo("a d e f(1)");
    }

    @Test
    void unrollsSequencesAndLists() {
        assertThat(tree("~SEQ(N, 0, 3) a 10.0.${N}.1")).isEqualTo("a(10.0.0.1) a(10.0.1.1) a(10.0.2.1) a(10.0.3.1)");
        assertThat(tree("~SEQx(N, 0x90, 0x10, 0xb0) a :${N}:")).isEqualTo("a(:90:) a(:a0:) a(:b0:)");
        assertThat(tree("~SEQ(N, -2) a ${N}")).isEqualTo("a(-1) a(-2)");
        assertThat(tree("~LST({A, B}, {10,1}, {20,4}) ~SEQ(C,168,2,170) a ${A}.${B}.${C}"))
                .isEqualTo("a(10.1.168) a(10.1.170) a(20.4.168) a(20.4.170)");
        assertThat(report()).isEmpty();
    }

    @Test
    void knowsWhatIsPredefined() {
        assertThat(tree("a ${_HASH}b${_BANG} ${_INSTANCE}")).isEqualTo("a(#b!|host)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    a {                 | test:1:1: error: the block of a is not closed: a } is missing
                    `a { } }`           | test:1:7: error: this } closes nothing: is there one too many above?
                    {                   | test:1:1: error: this { belongs to no keyword; its block is left out
                    a { } {             | test:1:7: error: this { belongs to no keyword; its block is left out
                    a "b                | test:1:3: warning: the quote " is not closed on its line; the rest of the line is taken as quoted
                    @ a                 | test:1:1: error: @ needs the id of a host behind it, as @main or @^main
                    ~SEQ(N) a           | test:1:1: error: ~SEQ takes a name, from, step and to, as ~SEQ(N, 1, 1, 9); the line is left out
                    ~SEQ(N,1,0,5) a     | test:1:1: error: ~SEQ has no end, or more than 100000 steps; the line is left out
                    ~LST(N) a           | test:1:1: error: ~LST takes a name and values, or {names} and as many {values} each; the line is left out
                    include x           | test:1:1: error: include needs a file to be relative to; read the configuration from a file
                    """)
    void reportsWhatCannotBeRead(String text, String finding) {
        nodes(text);
        assertThat(report()).contains(finding);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    $A=${A}${A};a ${A}
                    $A=x${B};$B=y${A};a ${B}
                    ~SEQ(A,0,255) ~SEQ(B,0,255) ~SEQ(C,0,255) a ${A}
                    ~SEQ(A,0,99999) $B=1
                    """)
    void endsWhatWouldHaveNoEnd(String text) {
        String report = KeepalivedConfig.parse(text.replace(';', '\n'), "test", "host")
                .report()
                .toString();
        assertThat(report.contains("; what follows is not read")
                        || report.contains("What follows is not read")
                        || report.isEmpty())
                .as(report)
                .isTrue();
    }

    @Test
    void followsIncludes() throws IOException {
        Files.createDirectories(directory.resolve("conf.d"));
        write("main.conf", "a\ninclude conf.d/*.conf\ninclude {x,y}.conf\nz");
        write("conf.d/2.conf", "c {\n d\n");
        write("conf.d/1.conf", "b ${_PWD}");
        write("conf.d/.3.conf", "hidden");
        write("y.conf", "}");
        List<Node> nodes = file("main.conf");
        assertThat(render(nodes)).isEqualTo("a b(" + directory.resolve("conf.d") + ") c{d} z");
        assertThat(nodes.get(2).block().get(0).at())
                .isEqualTo(new Position(directory.resolve("conf.d/2.conf").toString(), 2, 2));
        assertThat(report()).isEmpty();
    }

    @Test
    void aDefinitionWithoutALineThatItsFileDoesNotEndStandsForNothing() throws IOException {
        write("main.conf", "include y.conf\na b${A}c");
        write("y.conf", "$A=\\");
        assertThat(render(file("main.conf"))).isEqualTo("a(bc)");
        assertThat(findings.report().findings().stream().map(Finding::severity)).containsExactly(Severity.ERROR);
    }

    @Test
    void reportsIncludesOfNothing() throws IOException {
        write("main.conf", "include none.conf\ninclude none*.conf\nincludea none*.conf\ninclude /proc/self/mem");
        file("main.conf");
        assertThat(findings.report().findings().stream().map(Finding::severity))
                .containsExactly(Severity.WARNING, Severity.INFO, Severity.ERROR, Severity.ERROR);
    }

    @Test
    void refusesFilesThatIncludeThemselves() throws IOException {
        Path file = write("main.conf", "include main.conf");
        assertThat(KeepalivedConfig.read(file, "host").report().toString())
                .contains("includes are nested more than 16 deep; does a file include itself?");
    }

    @Test
    void saysThatAFileIsNotThere() {
        Path missing = directory.resolve("missing.conf");
        assertThat(KeepalivedConfig.read(missing, "host").report().findings())
                .containsExactly(new Finding(
                        new Position(missing.toString(), 1, 1),
                        Severity.ERROR,
                        "cannot read " + missing + ": there is no such file"));
    }

    @Test
    void readsWhatIsNotUtf8() throws IOException {
        Path file = directory.resolve("latin.conf");
        Files.write(file, "# gr\u00fcn\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(KeepalivedConfig.read(file, "host").report().toString()).contains("not in UTF-8");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private List<Node> file(String name) {
        Budget budget = new Budget();
        Parser parser = new Parser(findings, budget);
        new LineReader("host", findings, budget, parser::line).file(directory.resolve(name));
        return parser.end();
    }

    private List<Node> nodes(String text) {
        Budget budget = new Budget();
        Parser parser = new Parser(findings, budget);
        new LineReader("host", findings, budget, parser::line).text(text, "test", null);
        return new ArrayList<>(parser.end());
    }

    private String tree(String text) {
        return render(nodes(text));
    }

    private String report() {
        return findings.report().toString();
    }

    private static String render(List<Node> nodes) {
        return nodes.stream().map(ReadingTest::render).collect(Collectors.joining(" "));
    }

    private static String render(Node node) {
        String words = node.arguments().isEmpty()
                ? ""
                : "(" + node.arguments().stream().map(Word::text).collect(Collectors.joining("|")) + ")";
        return node.name() + words + (node.hasBlock() ? "{" + render(node.block()) + "}" : "");
    }
}
