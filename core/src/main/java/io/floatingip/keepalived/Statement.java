package io.floatingip.keepalived;

import io.floatingip.IpFamily;
import io.floatingip.VirtualAddress;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Takes a statement's words one by one, and reports those that nobody took. */
final class Statement {
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(\\.\\d{0,9})?|\\.\\d{1,9}");
    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,9}");

    private final Node node;
    private final Findings findings;
    private int next;

    Statement(Node node, Findings findings) {
        this.node = node;
        this.findings = findings;
    }

    Node node() {
        return node;
    }

    String name() {
        return node.name();
    }

    boolean hasMore() {
        return next < node.arguments().size();
    }

    /** The next word, not taken. */
    Optional<Word> peek() {
        return hasMore() ? Optional.of(node.arguments().get(next)) : Optional.empty();
    }

    /** Takes the next word, if there is one. */
    Optional<Word> word() {
        Optional<Word> word = peek();
        next += word.isPresent() ? 1 : 0;
        return word;
    }

    /** Takes the next word if it is this one. */
    boolean word(String wanted) {
        boolean is = peek().filter(w -> w.is(wanted)).isPresent();
        next += is ? 1 : 0;
        return is;
    }

    /** Takes the rest. */
    List<Word> words() {
        List<Word> rest = node.arguments().subList(next, node.arguments().size());
        next = node.arguments().size();
        return rest;
    }

    /** Where the next word stands, or the keyword if there is none. */
    Position here() {
        return peek().map(Word::at).orElse(node.at());
    }

    /** Takes a word that has to be there; reports if it is not. */
    Optional<Word> required(String what) {
        if (!hasMore()) {
            findings.error(node.at(), name() + " needs " + what);
        }
        return word();
    }

    /** Takes a word that is of no use without it; only a warning if it is missing. */
    Optional<Word> wanted(String what) {
        if (!hasMore()) {
            findings.warning(node.at(), name() + " needs " + what + "; it is left out");
        }
        return word();
    }

    /** A number that matters: anything else is an error. */
    OptionalInt number(int min, int max) {
        return number(min, max, Severity.ERROR);
    }

    /** A number that has a default: anything else is a warning, and the default is used. */
    OptionalInt numberOrDefault(int min, int max) {
        return number(min, max, Severity.WARNING);
    }

    private OptionalInt number(int min, int max, Severity severity) {
        Optional<Word> word = severity == Severity.ERROR ? required("a number") : wanted("a number");
        if (word.isEmpty()) {
            return OptionalInt.empty();
        }
        String text = word.get().text();
        if (INTEGER.matcher(text).matches()) {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return OptionalInt.of(number);
            }
        }
        String message = name() + " must be a number from " + min + " to " + max + ", got " + shown(text);
        if (severity == Severity.ERROR) {
            findings.error(word.get().at(), message);
        } else {
            findings.warning(word.get().at(), message + "; the default is used");
        }
        return OptionalInt.empty();
    }

    /** Seconds with decimals that matter: anything else is an error. */
    Optional<Duration> seconds(double min, double max) {
        return required("a time in seconds").flatMap(w -> seconds(w, min, max, Severity.ERROR));
    }

    /** Seconds that have a default: anything else is a warning, and the default is used. */
    Optional<Duration> secondsOrDefault(double min, double max) {
        return wanted("a time in seconds").flatMap(w -> seconds(w, min, max, Severity.WARNING));
    }

    private Optional<Duration> seconds(Word word, double min, double max, Severity severity) {
        if (SECONDS.matcher(word.text()).matches()) {
            BigDecimal seconds = new BigDecimal(word.text().endsWith(".") ? word.text() + "0" : word.text());
            if (seconds.doubleValue() >= min && seconds.doubleValue() <= max) {
                return Optional.of(Duration.ofNanos(seconds.movePointRight(9).longValue()));
            }
        }
        String message = name() + " must be a time in seconds from " + plain(min) + " to " + plain(max) + ", got "
                + shown(word.text());
        if (severity == Severity.ERROR) {
            findings.error(word.at(), message);
        } else {
            findings.warning(word.at(), message + "; the default is used");
        }
        return Optional.empty();
    }

    private static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    /** A flag, which may have a word of its own: {@code smtp_alert} is {@code smtp_alert true}. */
    boolean flag() {
        Optional<Word> word = word();
        if (word.isEmpty()) {
            return true;
        }
        switch (word.get().text()) {
            case "true", "on", "yes" -> {
                return true;
            }
            case "false", "off", "no" -> {
                return false;
            }
            default -> {
                findings.warning(
                        word.get().at(),
                        name() + " takes on or off, true or false, yes or no, got "
                                + shown(word.get().text()) + "; taken as on");
                return true;
            }
        }
    }

    /** An IP address that matters: anything else is an error. */
    Optional<InetAddress> address() {
        return required("an IP address").flatMap(w -> address(w, findings));
    }

    static Optional<InetAddress> address(Word word, Findings findings) {
        Optional<InetAddress> address = IpFamily.literal(word.text());
        if (address.isEmpty()) {
            findings.error(word.at(), "expected an IP address, got " + shown(word.text()));
        }
        return address;
    }

    /** Takes a command and the user it runs as. */
    Optional<ScriptCall> script() {
        Optional<Word> line = wanted("a command");
        Optional<Word> user = line.flatMap(l -> word());
        Optional<Word> group = user.flatMap(u -> word());
        if (line.isPresent() && line.get().text().isBlank()) {
            findings.warning(line.get().at(), name() + " needs a command; it is left out");
            return Optional.empty();
        }
        return line.map(l -> new ScriptCall(l.text(), user.map(Word::text), group.map(Word::text)));
    }

    /** Reports what was not taken: further words, and a block where there should be none. */
    void end() {
        endOfWords();
        if (node.hasBlock()) {
            findings.warning(node.at(), name() + " takes no block; what is in it is left out");
        }
    }

    /** Reports what was not taken of the words. */
    void endOfWords() {
        if (hasMore()) {
            List<Word> rest = words();
            findings.warning(
                    rest.get(0).at(),
                    "not understood behind " + name() + " and left out: "
                            + shown(String.join(
                                    " ", rest.stream().map(Word::text).toList())));
        }
    }

    /** Text of a file as a message shows it: short, and without control characters. */
    static String shown(String text) {
        String printable = IncludeFiles.printable(text);
        return "\"" + (printable.length() > 60 ? printable.substring(0, 57) + "..." : printable) + "\"";
    }

    /** Whether a text reads as an address, with or without a prefix length. */
    static boolean looksLikeAddress(String text) {
        try {
            VirtualAddress.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return text.matches("\\d+\\.\\d+.*");
        }
    }
}
