package io.floatingip.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every keyword of keepalived is known by name, and no word is lost without a finding. */
class KeywordsTest {
    private static final Path LIST = Path.of("src/test/resources/keepalived/keywords.txt");
    private static final Path GUIDE = Path.of("../docs/keepalived-migration.md");

    /** A keyword and the block it stands in. */
    record Keyword(String block, String name) {}

    static List<Keyword> keywords() throws IOException {
        try (Stream<String> lines = Files.lines(LIST)) {
            return lines.filter(l -> !l.isBlank() && !l.startsWith("#"))
                    .flatMap(l -> {
                        String[] words = l.trim().split("\\s+");
                        return Stream.of(words).skip(1).map(w -> new Keyword(words[0], w));
                    })
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("keywords")
    void knowsByName(Keyword keyword) {
        Report report = parse(keyword, "");
        assertThat(report.toString()).doesNotContain("is no keyword of");
    }

    /** Without those that take as many words as there are. */
    static List<Keyword> keywordsWithAnEnd() throws IOException {
        Set<String> endless = Set.of("process", "interfaces", "group", "notification_email", "virtual_server_group");
        return keywords().stream()
                .filter(k -> !endless.contains(k.name()))
                .filter(k -> !k.equals(new Keyword("garp_group", "interface")))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("keywordsWithAnEnd")
    void losesNoWordSilently(Keyword keyword) {
        Report report = parse(keyword, " zero one two three four five");
        assertThat(report.findings().stream().filter(f -> f.at().line() == 3))
                .as(report.toString())
                .isNotEmpty();
    }

    @Test
    void listsWhatTheMappersKnow() throws IOException {
        Set<Keyword> listed = new HashSet<>(keywords());
        Set<String> missing = new TreeSet<>();
        Stream.of(Globals.MAPPED, KnownKeywords.GLOBAL.keywords())
                .flatMap(Set::stream)
                .filter(k -> !listed.contains(new Keyword("global_defs", k)))
                .forEach(missing::add);
        Stream.of(InstanceMapper.MAPPED, KnownKeywords.INSTANCE.keywords())
                .flatMap(Set::stream)
                .filter(k -> !listed.contains(new Keyword("vrrp_instance", k)))
                .forEach(missing::add);
        Stream.of(GroupMapper.MAPPED, KnownKeywords.GROUP.keywords())
                .flatMap(Set::stream)
                .filter(k -> !listed.contains(new Keyword("vrrp_sync_group", k)))
                .forEach(missing::add);
        ServerMapper.VIRTUAL.stream()
                .filter(k -> !listed.contains(new Keyword("virtual_server", k)))
                .forEach(missing::add);
        ServerMapper.REAL.stream()
                .filter(k -> !listed.contains(new Keyword("real_server", k)))
                .forEach(missing::add);
        assertThat(missing).isEmpty();
    }

    @Test
    void standsInTheMigrationGuide() throws IOException {
        Set<String> named = new HashSet<>();
        Matcher code = Pattern.compile("`([^`]+)`").matcher(Files.readString(GUIDE));
        while (code.find()) {
            named.addAll(List.of(code.group(1).split("\\s+")));
        }
        // What the headings of the tables are about.
        Set<String> blocks = Set.of("global_defs", "vrrp_instance");
        assertThat(keywords().stream()
                        .map(Keyword::name)
                        .filter(name -> !named.contains(name) && !blocks.contains(name)))
                .isEmpty();
    }

    private static Report parse(Keyword keyword, String words) {
        String block = keyword.block();
        String statement = keyword.name() + words;
        String text = switch (block) {
            case "root" -> "\n\n" + statement + " {\n}\n";
            case "real_server" -> "virtual_server 10.0.0.1 80 {\n real_server 10.0.0.2 80 {\n" + statement + "\n}\n}";
            case "check" ->
                "virtual_server 10.0.0.1 80 {\nreal_server 10.0.0.2 80 { HTTP_GET { \n" + statement + "\n}\n}\n}";
            default -> block + (block.equals("virtual_server") ? " 10.0.0.1 80" : " A") + "\n{\n" + statement + "\n}";
        };
        return KeepalivedConfig.parse(text, "test", "host").report();
    }
}
