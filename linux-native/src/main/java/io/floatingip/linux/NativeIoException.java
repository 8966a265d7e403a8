package io.floatingip.linux;

import java.io.IOException;

/** The kernel refused: which call, which errno, what for. */
public final class NativeIoException extends IOException {
    private static final long serialVersionUID = 1;

    private final String call;
    private final int errno;

    NativeIoException(String call, int errno, String doing) {
        this(call, errno, doing, Errno.hint(errno));
    }

    NativeIoException(String call, int errno, String doing, String hint) {
        super(doing + ": " + call + " failed with " + Errno.name(errno) + " (" + errno + ")"
                + (hint.isEmpty() ? "" : ": " + hint));
        this.call = call;
        this.errno = errno;
    }

    /** The system call, or the netlink request, that failed. */
    public String call() {
        return call;
    }

    /** The kernel's error number, for example 105 for ENOBUFS. */
    public int errno() {
        return errno;
    }

    /** The name of the error number, for example {@code ENOBUFS}. */
    public String errnoName() {
        return Errno.name(errno);
    }
}
