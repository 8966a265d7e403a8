package io.floatingip.keepalived;

import org.jspecify.annotations.Nullable;

/** Splits a line into words and braces. */
final class Tokens {
    private final Line line;
    private final String text;
    private final Findings findings;
    private int at;

    Tokens(Line line, Findings findings) {
        this.line = line;
        this.text = line.text();
        this.findings = findings;
    }

    /** The next word; null at the end. */
    @Nullable
    Word next() {
        while (at < text.length() && text.charAt(at) <= ' ') {
            if (text.charAt(at) != ' ' && text.charAt(at) != '\t' && text.charAt(at) != '\r') {
                findings.warning(line.at(at), "a control character separates words here");
            }
            at++;
        }
        if (at == text.length()) {
            return null;
        }
        int start = at;
        if (isBrace(at)) {
            at++;
            return word(text.substring(start, at), false, start);
        }
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        while (at < text.length() && text.charAt(at) > ' ' && !isBrace(at)) {
            char c = text.charAt(at);
            if (c == '"' || c == '\'') {
                quoted = true;
                quoted(c, word);
            } else if (text.startsWith("${", at) && text.indexOf('}', at) > 0) {
                // A name that is not defined stays as it is, braces included: scripts have their own.
                int end = text.indexOf('}', at) + 1;
                word.append(text, at, end);
                at = end;
            } else {
                word.append(c);
                at++;
            }
        }
        return word(word.toString(), quoted, start);
    }

    private Word word(String value, boolean quoted, int start) {
        return new Word(value, quoted, line.file(), line.number(), line.column(start));
    }

    private boolean isBrace(int index) {
        return text.charAt(index) == '{' || text.charAt(index) == '}';
    }

    /** Reads to the closing quote, or to the end of the line, which has been reported. */
    private void quoted(char quote, StringBuilder word) {
        at++;
        while (at < text.length() && text.charAt(at) != quote) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
                escaped(word);
            } else {
                word.append(text.charAt(at++));
            }
        }
        at = Math.min(at + 1, text.length());
    }

    private void escaped(StringBuilder word) {
        char c = text.charAt(at++);
        switch (c) {
            case 'a' -> word.append('\007');
            case 'b' -> word.append('\b');
            case 'E' -> word.append('\033');
            case 'f' -> word.append('\f');
            case 'n' -> word.append('\n');
            case 'r' -> word.append('\r');
            case 't' -> word.append('\t');
            case 'v' -> word.append('\013');
            case 'x' -> numbered(word, 16, 2);
            case 'c' -> {
                if (at < text.length()) {
                    word.append((char) (text.charAt(at++) & 0x1f));
                }
            }
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                at--;
                numbered(word, 8, 3);
            }
            default -> word.append(c);
        }
    }

    private void numbered(StringBuilder word, int radix, int digitsMax) {
        int value = 0;
        int digits = 0;
        while (digits < digitsMax && at < text.length() && Character.digit(text.charAt(at), radix) >= 0) {
            value = value * radix + Character.digit(text.charAt(at++), radix);
            digits++;
        }
        word.append((char) (value & 0xff));
    }
}
