package io.floatingip.keepalived;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Lines and blocks of a file in keepalived's format. */
final class Output {
    private final StringBuilder out = new StringBuilder();
    private int depth;

    String text() {
        return out.toString();
    }

    void open(String head) {
        line(head + " {");
        depth++;
    }

    void close() {
        depth--;
        line("}");
    }

    void lineIf(boolean condition, String text) {
        if (condition) {
            line(text);
        }
    }

    void line(String text) {
        out.append("    ".repeat(depth)).append(text).append('\n');
    }

    /** A keyword and a value, if there is one. */
    void value(String keyword, Optional<String> value) {
        value.ifPresent(text -> line(keyword + " " + quote(text)));
    }

    /** A keyword, a command and the user it runs as, if there is one. */
    void script(String keyword, Optional<ScriptCall> script) {
        script.ifPresent(call -> line(keyword + " " + quote(call.line())
                + call.user().map(user -> " " + quote(user)).orElse("")
                + call.group().map(group -> " " + quote(group)).orElse("")));
    }

    /** The user a command runs as, where that is a line of its own. */
    void user(ScriptCall script) {
        script.user()
                .ifPresent(user -> line("user " + quote(user)
                        + script.group().map(group -> " " + quote(group)).orElse("")));
    }

    /** {@code yes} or {@code no}. */
    static String flag(boolean value) {
        return value ? "yes" : "no";
    }

    /** What stands behind a name that is tracked. */
    static String weight(int weight, boolean reversed) {
        return " weight " + weight + (reversed ? " reverse" : "");
    }

    /** In seconds, with as many decimals as it takes: {@code 0.25}. */
    static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toNanos(), 9).stripTrailingZeros().toPlainString();
    }

    /** Without the interface it was read from. */
    static String host(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress()).getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError("an address has 4 or 16 bytes", e);
        }
    }

    /** As one word: in quotes unless it is plain. */
    static String quote(String text) {
        if (text.matches("[A-Za-z0-9_.:/-]+")) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f || c == '$') {
                // The dollar sign would begin a substitution, which comes before quotes are looked at.
                quoted.append(String.format(Locale.ROOT, "\\%03o", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
