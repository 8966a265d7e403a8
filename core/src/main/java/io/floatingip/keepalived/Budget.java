package io.floatingip.keepalived;

/** Bounds what reading may cost, whatever the files hold: definitions that contain each other and sequences of sequences grow without end. */
final class Budget {
    static final int BYTES_MAX = 4 << 20;
    static final int FILES_MAX = 1000;
    static final int INCLUDE_DEPTH_MAX = 16;
    static final int LINE_LENGTH_MAX = 64 << 10;
    private static final int WORDS_MAX = 150_000;
    private static final int LINES_MAX = 150_000;
    private static final long COPIED_MAX = 64L << 20;

    private static final int DEFINITIONS_MAX = 20_000;

    private int bytes;
    private int files;
    private int lines;
    private int words;
    private int definitions;
    private long copied;

    /** Thrown when a bound is reached; reading ends with an error there. */
    static final class Exceeded extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Position at;

        Exceeded(Position at, String message) {
            super(message, null, false, false);
            this.at = at;
        }

        Position at() {
            return at;
        }
    }

    int bytesLeft() {
        return BYTES_MAX - bytes;
    }

    void file(Position at, int size) {
        bytes += size;
        if (bytes > BYTES_MAX) {
            throw new Exceeded(at, "the files have more than " + (BYTES_MAX >> 20) + " MiB; what follows is not read");
        }
        if (++files > FILES_MAX) {
            throw new Exceeded(at, "more than " + FILES_MAX + " files are included; what follows is not read");
        }
    }

    void line(Position at) {
        if (++lines > LINES_MAX) {
            throw new Exceeded(
                    at, "definitions and sequences make more than " + LINES_MAX + " lines; what follows is not read");
        }
    }

    void definition(Position at) {
        if (++definitions > DEFINITIONS_MAX) {
            throw new Exceeded(at, "more than " + DEFINITIONS_MAX + " definitions; what follows is not read");
        }
    }

    void word(Position at) {
        if (++words > WORDS_MAX) {
            throw new Exceeded(at, "more than " + WORDS_MAX + " words; what follows is not read");
        }
    }

    /** Counts the characters a substitution makes. */
    void copy(Position at, int characters) {
        copied += characters + 16L;
        if (characters > LINE_LENGTH_MAX) {
            throw new Exceeded(
                    at,
                    "definitions make a line of more than " + LINE_LENGTH_MAX
                            + " characters; does one contain itself? What follows is not read");
        }
        if (copied > COPIED_MAX) {
            throw new Exceeded(
                    at, "definitions are substituted too often; does one contain itself? What follows is not read");
        }
    }
}
