package io.floatingip.keepalived;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A program to run.
 *
 * @param line as configured, one string
 * @param user to run it as; empty for the file's {@code script_user}, or else the user of this process
 */
public record ScriptCall(String line, Optional<String> user, Optional<String> group) {
    public ScriptCall {
        if (line.isBlank()) {
            throw new IllegalArgumentException("a script needs a command");
        }
    }

    /**
     * What to run: {@link #arguments()}, by a shell if the line asks for one, and by {@code runuser}, which needs root, if another user than this
     * process's is named.
     */
    public List<String> command() {
        return Commands.of(this);
    }

    /** The program and its arguments: spaces separate them, unless within single or double quotes. */
    public List<String> arguments() {
        List<String> all = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (char c : line.toCharArray()) {
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                inWord = true;
            } else if (c <= ' ') {
                if (inWord) {
                    all.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (inWord) {
            all.add(word.toString());
        }
        return all;
    }
}
