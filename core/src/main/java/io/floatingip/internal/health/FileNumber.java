package io.floatingip.internal.health;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The number a file holds, as keepalived's track_file reads it: the first 128 bytes, decimal, octal or hexadecimal as in C; no file is 0. */
record FileNumber(Path file) implements NumberCheck {
    private static final int BYTES_MAX = 128;

    @Override
    public int number() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return parse(new String(in.readNBytes(BYTES_MAX), StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** What C's strtol with base 0 makes of it, kept to the range of an int; text that is no number is 0. */
    static int parse(String text) {
        int at = 0;
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) >= '\t' && text.charAt(at) <= '\r')) {
            at++;
        }
        boolean negative = at < text.length() && text.charAt(at) == '-';
        if (negative || at < text.length() && text.charAt(at) == '+') {
            at++;
        }
        int base = 10;
        if (at < text.length() && text.charAt(at) == '0') {
            boolean hexadecimal = at + 2 < text.length()
                    && Character.toLowerCase(text.charAt(at + 1)) == 'x'
                    && Character.digit(text.charAt(at + 2), 16) >= 0;
            base = hexadecimal ? 16 : 8;
            at += hexadecimal ? 2 : 0;
        }
        long value = 0;
        for (; at < text.length(); at++) {
            int digit = text.charAt(at) < 128 ? Character.digit(text.charAt(at), base) : -1;
            if (digit < 0) {
                break;
            }
            value = Math.min(Integer.MAX_VALUE + 1L, value * base + digit);
        }
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, negative ? -value : value));
    }
}
