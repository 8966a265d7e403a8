package io.floatingip.keepalived;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What {@code $NAME} and <code>${NAME}</code> stand for. Values are substituted when used, not when defined, and can hold further names. */
final class Definitions {
    // $NAME counts only at the end of a word, ${NAME} anywhere; the predefined ones may have arguments.
    private static final Pattern USE = Pattern.compile(
            "\\$(?:\\{([A-Za-z_][A-Za-z0-9_]*)((?:\\s+[A-Za-z0-9_]+)*)\\s*\\}|([A-Za-z_][A-Za-z0-9_]*)(?=\\s|$))");
    private static final int RANDOM_MAX = 32767;

    private final String configId;
    private final Findings findings;
    private final Budget budget;
    private final Map<String, List<Line>> values = new HashMap<>();
    private final Random random = new Random();
    private @Nullable Path directory;

    Definitions(String configId, Findings findings, Budget budget) {
        this.configId = configId;
        this.findings = findings;
        this.budget = budget;
    }

    void define(String name, List<Line> value) {
        values.put(name, List.copyOf(value));
    }

    void forget(String name) {
        values.remove(name);
    }

    /** Enters a file's directory; returns the one before. */
    @Nullable
    Path directory(@Nullable Path value) {
        Path before = directory;
        directory = value;
        return before;
    }

    /** The line with its first name substituted, several lines if the value has several; empty if there is nothing to substitute. */
    List<Line> substituteOne(Line line) {
        if (line.text().indexOf('$') < 0) {
            return List.of();
        }
        Matcher use = USE.matcher(line.text());
        while (use.find()) {
            String name = use.group(1) != null ? use.group(1) : use.group(3);
            List<Line> value = values.get(name);
            if (value != null) {
                return substitute(line, use.start(), use.end(), value);
            }
            Optional<String> predefined = predefined(name, use.group(2), line.at(use.start()));
            if (predefined.isPresent()) {
                budget.copy(
                        line.at(use.start()), line.length() + predefined.get().length());
                return List.of(line.replace(use.start(), use.end(), predefined.get()));
            }
        }
        return List.of();
    }

    private List<Line> substitute(Line line, int from, int to, List<Line> value) {
        if (value.isEmpty()) {
            return List.of(line.replace(from, to, ""));
        }
        if (value.size() == 1) {
            budget.copy(line.at(from), line.length() + value.get(0).length());
            return List.of(line.replace(from, to, value.get(0).text()));
        }
        List<Line> lines = new ArrayList<>(value);
        Line before = line.part(0, from);
        Line after = line.part(to, line.length());
        if (!before.trim().isEmpty()) {
            lines.set(0, before.plus(lines.get(0)));
        }
        if (!after.trim().isEmpty()) {
            lines.set(lines.size() - 1, lines.get(lines.size() - 1).plus(after));
        }
        budget.copy(
                line.at(from),
                line.length() + lines.stream().mapToInt(Line::length).sum());
        return lines;
    }

    private Optional<String> predefined(String name, @Nullable String arguments, Position at) {
        return switch (name) {
            case "_PWD" -> Optional.of(directory == null ? "" : directory.toString());
            case "_INSTANCE" -> Optional.of(configId);
            case "_HASH" -> Optional.of("#");
            case "_BANG" -> Optional.of("!");
            case "_RANDOM" -> Optional.of(randomNumber(arguments, at));
            case "_ENV" -> Optional.of(environment(arguments, at));
            default -> Optional.empty();
        };
    }

    private String randomNumber(@Nullable String arguments, Position at) {
        String[] bounds = arguments == null ? new String[0] : arguments.trim().split("\\s+");
        int min = 0;
        int max = RANDOM_MAX;
        try {
            if (bounds.length > 0 && !bounds[0].isEmpty()) {
                min = Integer.parseInt(bounds[0]);
            }
            if (bounds.length > 1) {
                max = Integer.parseInt(bounds[1]);
            }
        } catch (NumberFormatException e) {
            findings.warning(
                    at, "_RANDOM takes two numbers, ${_RANDOM 0 9}; a number of 0 to " + RANDOM_MAX + " is taken");
        }
        int number = min > max ? min : (int) (min + (long) (random.nextDouble() * ((long) max - min + 1)));
        findings.info(at, "_RANDOM is another number each time the file is read");
        return Integer.toString(number);
    }

    private String environment(@Nullable String arguments, Position at) {
        String name = arguments == null ? "" : arguments.trim();
        String value = name.isEmpty() ? null : System.getenv(name);
        if (value == null) {
            findings.warning(at, "the environment has no variable \"" + name + "\"; nothing is put in its place");
            return "";
        }
        return value.lines().findFirst().orElse("");
    }
}
