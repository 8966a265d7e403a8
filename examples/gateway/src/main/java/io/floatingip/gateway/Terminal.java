package io.floatingip.gateway;

import java.io.PrintWriter;

/**
 * Where a program prints, line by line and at once.
 *
 * @param program begins every line on standard error
 */
public record Terminal(String program, PrintWriter out, PrintWriter err) {
    /** A line on standard output. */
    public void print(String line) {
        out.println(line);
        out.flush();
    }

    /** A line on standard error. */
    public void say(String line) {
        err.println(program + ": " + line);
        err.flush();
    }
}
