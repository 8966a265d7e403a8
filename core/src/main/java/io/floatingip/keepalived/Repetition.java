package io.floatingip.keepalived;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ~SEQ(n, from, step, to) line} and {@code ~LST(name, value, ...) line}: a line for each value.
 *
 * @param names what each value is called in the line
 * @param values for each repetition, one for each name
 * @param rest the line to repeat
 */
record Repetition(List<String> names, List<List<String>> values, Line rest) {
    private static final Pattern HEAD = Pattern.compile("~(SEQx?|LST)\\(([^()]*)\\)(.*)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern ELEMENT = Pattern.compile("\\s*(?:\\{([^{}]*)\\}|([^,{}]*))\\s*(,|$)");
    private static final int REPETITIONS_MAX = 100_000;

    static Optional<Repetition> parse(Line line, Findings findings) {
        Matcher head = HEAD.matcher(line.text());
        if (!head.matches()) {
            findings.error(
                    line.at(0),
                    "expected ~SEQ(name, from, step, to) or ~LST(name, value, ...) and what to repeat; the line is left out");
            return Optional.empty();
        }
        Line rest = line.part(head.start(3), line.length());
        try {
            return Optional.of(
                    head.group(1).equals("LST")
                            ? list(elements(head.group(2)), rest)
                            : sequence(elements(head.group(2)), head.group(1).endsWith("x"), rest));
        } catch (IllegalArgumentException e) {
            findings.error(line.at(0), e.getMessage() + "; the line is left out");
            return Optional.empty();
        }
    }

    private static Repetition sequence(List<List<String>> elements, boolean hexadecimal, Line rest) {
        if (elements.size() < 2 || elements.size() > 4 || elements.stream().anyMatch(e -> e.size() != 1)) {
            throw new IllegalArgumentException("~SEQ takes a name, from, step and to, as ~SEQ(N, 1, 1, 9)");
        }
        String name = name(elements.get(0).get(0));
        long to = number(elements.get(elements.size() - 1).get(0));
        long from =
                elements.size() == 2 ? to > 0 ? 1 : -1 : number(elements.get(1).get(0));
        long step = elements.size() == 4 ? number(elements.get(2).get(0)) : to < from ? -1 : 1;
        if (step == 0 || Math.abs((to - from) / step) > REPETITIONS_MAX) {
            throw new IllegalArgumentException("~SEQ has no end, or more than " + REPETITIONS_MAX + " steps");
        }
        List<List<String>> values = new ArrayList<>();
        for (long n = from; step > 0 ? n <= to : n >= to; n += step) {
            values.add(List.of(hexadecimal ? Long.toHexString(n) : Long.toString(n)));
        }
        return new Repetition(List.of(name), values, rest);
    }

    private static Repetition list(List<List<String>> elements, Line rest) {
        List<String> names = elements.get(0).stream().map(Repetition::name).toList();
        List<List<String>> values = elements.subList(1, elements.size());
        if (values.isEmpty() || values.stream().anyMatch(v -> v.size() != names.size())) {
            throw new IllegalArgumentException("~LST takes a name and values, or {names} and as many {values} each");
        }
        return new Repetition(names, values, rest);
    }

    private static String name(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no name for what is repeated");
        }
        return text;
    }

    private static long number(String text) {
        try {
            long number = Long.decode(text);
            if (Math.abs(number) > Integer.MAX_VALUE) {
                throw new NumberFormatException(text);
            }
            return number;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("~SEQ takes numbers, got \"" + text + "\"", e);
        }
    }

    /** {@code a, {b, c}} is [[a], [b, c]]. */
    private static List<List<String>> elements(String text) {
        List<List<String>> elements = new ArrayList<>();
        Matcher matcher = ELEMENT.matcher(text);
        int at = 0;
        while (matcher.find(at) && matcher.start() == at) {
            String several = matcher.group(1);
            elements.add(
                    several == null
                            ? List.of(matcher.group(2).trim())
                            : List.of(several.split(",", -1)).stream()
                                    .map(String::trim)
                                    .toList());
            if (matcher.group(3).isEmpty()) {
                return elements;
            }
            at = matcher.end();
        }
        throw new IllegalArgumentException("\"" + text + "\" is no list of values");
    }
}
