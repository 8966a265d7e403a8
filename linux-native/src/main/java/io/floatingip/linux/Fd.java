package io.floatingip.linux;

/** An open file descriptor; closed once, however often {@link #close()} is called. */
final class Fd implements AutoCloseable {
    private final int number;
    private boolean closed;

    Fd(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Sys.close(number);
        }
    }
}
