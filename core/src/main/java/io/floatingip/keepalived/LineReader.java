package io.floatingip.keepalived;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The first of three steps: files to lines. Takes comments away, follows includes, leaves out lines for other hosts ({@code @id}), substitutes
 * definitions and unrolls sequences; what comes out is keywords, values and braces.
 */
final class LineReader {
    private static final Pattern DEFINITION = Pattern.compile("\\$([A-Za-z_][A-Za-z0-9_]*)=(.*)");
    private static final Pattern INCLUDE = Pattern.compile("include([rmwba]?)\\s+(.+)");
    private static final int DEPTH_MAX = 32;

    private final String configId;
    private final Findings findings;
    private final Budget budget;
    private final Consumer<Line> sink;
    private final Definitions definitions;
    private final IncludeFiles includes;
    private int includeDepth;

    LineReader(String configId, Findings findings, Budget budget, Consumer<Line> sink) {
        this.configId = configId;
        this.findings = findings;
        this.budget = budget;
        this.sink = sink;
        this.definitions = new Definitions(configId, findings, budget);
        this.includes = new IncludeFiles(findings, budget);
    }

    /** Reads a file; one that cannot be read is a finding. */
    void file(Path path) {
        Position start = new Position(path.toString(), 1, 1);
        includes.read(path, start, true)
                .ifPresent(text ->
                        text(text, path.toString(), path.toAbsolutePath().getParent()));
    }

    /**
     * Reads a text.
     *
     * @param directory that includes are relative to; null if there is none
     */
    void text(String text, String name, @Nullable Path directory) {
        Path outer = definitions.directory(directory);
        @Nullable List<Line> open = null;
        String openName = "";
        int number = 0;
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            end = end < 0 ? text.length() : end;
            number++;
            if (end - from > Budget.LINE_LENGTH_MAX) {
                throw new Budget.Exceeded(
                        new Position(name, number, 1),
                        "a line of more than " + Budget.LINE_LENGTH_MAX + " characters; what follows is not read");
            }
            Line line = Comments.strip(Line.of(name, number, text.substring(from, end)), findings)
                    .trim();
            from = end + 1;
            if (open != null) {
                budget.line(new Position(name, number, 1));
                boolean more = line.text().endsWith("\\");
                open.add(more ? line.part(0, line.length() - 1).trim() : line);
                if (!more) {
                    definitions.define(openName, open);
                    open = null;
                }
                continue;
            }
            Matcher definition = DEFINITION.matcher(line.text());
            if (definition.matches() && definition.group(2).trim().equals("\\")) {
                budget.definition(line.at(0));
                open = new ArrayList<>();
                openName = definition.group(1);
                continue;
            }
            process(line, directory, false, 0);
        }
        if (open != null) {
            findings.error(
                    new Position(name, number, 1),
                    "the definition of $" + openName + " has no end: its last line must not end with \\");
            definitions.define(openName, open);
        }
        definitions.directory(outer);
    }

    /** Works on a line until nothing is left to substitute, and hands it on. */
    private void process(Line start, @Nullable Path directory, boolean conditional, int depth) {
        if (depth > DEPTH_MAX) {
            throw new Budget.Exceeded(
                    start.at(0),
                    "definitions and sequences are nested too deep; does one contain itself? What follows is not read");
        }
        Line line = start.trim();
        boolean forThisHost = conditional;
        while (!line.isEmpty()) {
            if (line.text().startsWith("@")) {
                Optional<Line> rest = condition(line);
                if (rest.isEmpty()) {
                    return;
                }
                line = rest.get();
                forThisHost = true;
                continue;
            }
            Matcher definition = DEFINITION.matcher(line.text());
            if (definition.matches()) {
                budget.definition(line.at(0));
                definitions.define(
                        definition.group(1),
                        List.of(line.part(definition.start(2), line.length()).trim()));
                return;
            }
            if (line.text().startsWith("~SEQ") || line.text().startsWith("~LST")) {
                repeat(line, directory, forThisHost, depth);
                return;
            }
            List<Line> substituted = definitions.substituteOne(line);
            if (substituted.size() > 1) {
                for (Line each : substituted) {
                    budget.line(each.at(0));
                    process(each, directory, forThisHost, depth + 1);
                }
                return;
            }
            if (substituted.isEmpty()) {
                emit(line, directory, forThisHost);
                return;
            }
            line = substituted.get(0).trim();
        }
    }

    /** What follows {@code @id} or {@code @^id}, if it is for this host. */
    private Optional<Line> condition(Line line) {
        String text = line.text();
        boolean negated = text.startsWith("@^");
        int from = negated ? 2 : 1;
        int to = from;
        while (to < text.length() && text.charAt(to) > ' ') {
            to++;
        }
        if (to == from) {
            findings.error(line.at(0), "@ needs the id of a host behind it, as @main or @^main");
            return Optional.empty();
        }
        boolean same = text.substring(from, to).equals(configId);
        return same == negated
                ? Optional.empty()
                : Optional.of(line.part(to, text.length()).trim());
    }

    private void repeat(Line line, @Nullable Path directory, boolean conditional, int depth) {
        Optional<Repetition> repetition = Repetition.parse(line, findings);
        if (repetition.isEmpty()) {
            return;
        }
        Repetition each = repetition.get();
        for (List<String> values : each.values()) {
            for (int i = 0; i < each.names().size(); i++) {
                definitions.define(each.names().get(i), List.of(Line.of(line.file(), line.number(), values.get(i))));
            }
            budget.line(line.at(0));
            process(each.rest(), directory, conditional, depth + 1);
        }
        each.names().forEach(definitions::forget);
    }

    private void emit(Line line, @Nullable Path directory, boolean conditional) {
        Matcher include = INCLUDE.matcher(line.text());
        if (!include.matches()) {
            budget.line(line.at(0));
            sink.accept(line);
            return;
        }
        if (conditional) {
            findings.info(line.at(0), "keepalived does not follow an include behind @id; here it is followed");
        }
        if (directory == null) {
            findings.error(line.at(0), "include needs a file to be relative to; read the configuration from a file");
            return;
        }
        if (++includeDepth > Budget.INCLUDE_DEPTH_MAX) {
            throw new Budget.Exceeded(
                    line.at(0),
                    "includes are nested more than " + Budget.INCLUDE_DEPTH_MAX
                            + " deep; does a file include itself? What follows is not read");
        }
        String pattern = include.group(2).trim();
        for (Path path : includes.matching(
                directory, pattern, line.at(include.start(2)), !include.group(1).isEmpty())) {
            includes.read(path, line.at(include.start(2)), false)
                    .ifPresent(text ->
                            text(text, path.toString(), path.toAbsolutePath().getParent()));
        }
        includeDepth--;
    }
}
