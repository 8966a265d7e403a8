package io.floatingip.linux;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import jnr.ffi.LibraryLoader;
import jnr.ffi.LibraryOption;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * The only caller of the C library: repeats what a signal interrupted, and turns a result below 0 into a {@link NativeIoException} that says what
 * was being done. Calls that a packet's path uses allocate nothing unless they fail.
 */
final class Sys {
    /** Result of a read that would have had to wait. */
    static final int AGAIN = -1;

    private static final long CHAIN_LENGTH_MAX = 4096;
    private static final int LISTEN_BACKLOG = 128;

    private Sys() {}

    /** Loaded by the first use of native code, not before: {@link #load()}. */
    private static final class Bound {
        static final Libc.Functions C = LibraryLoader.create(Libc.Functions.class)
                .option(LibraryOption.LoadNow, Boolean.TRUE)
                .failImmediately()
                .load("c");
        static final Runtime RUNTIME = Runtime.getRuntime(C);
    }

    /**
     * Binds the C library; repeating it costs nothing.
     *
     * @throws NativeAccessException with the setting that allows it
     */
    static void load() throws NativeAccessException {
        try {
            Bound.C.close(-1);
        } catch (LinkageError | RuntimeException e) {
            throw new NativeAccessException(loadingAdvice(e), e);
        }
    }

    /** What to do about a failure to load native code. */
    static String loadingAdvice(Throwable failure) {
        StringBuilder chain = new StringBuilder();
        for (Throwable t = failure; t != null && chain.length() < CHAIN_LENGTH_MAX; t = t.getCause()) {
            chain.append(t).append('\n');
        }
        String text = chain.toString();
        String start = "cannot load the native bindings (jnr-ffi) for the Linux kernel: ";
        if (text.contains("IllegalCallerException") || text.contains("llegal native access")) {
            return start + "this JVM denies native access; start it with --enable-native-access=ALL-UNNAMED, or put"
                    + " Enable-Native-Access: ALL-UNNAMED into the manifest of the main jar";
        }
        if (text.contains("failed to map segment")
                || text.contains("Operation not permitted")
                || text.contains("noexec")
                || text.contains("Read-only file system")
                || text.contains("Permission denied")) {
            return start + "its library cannot be unpacked and executed in " + System.getProperty("java.io.tmpdir")
                    + " (mounted noexec or read-only?); set -Djffi.extract.dir=DIR to a directory where files may be"
                    + " executed, or -Djffi.boot.library.path=DIR to one that holds the unpacked library";
        }
        return start + failure;
    }

    static long address(ByteBuffer direct) {
        return Pointer.wrap(Bound.RUNTIME, direct).address();
    }

    static Fd socket(int domain, int type, int protocol, String doing) throws NativeIoException {
        int cloexec = type | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK;
        return fd(Bound.C.socket(domain, cloexec, protocol), "socket", doing);
    }

    static void bind(Fd fd, Slab memory, int length, String doing) throws NativeIoException {
        check(Bound.C.bind(fd.number(), memory.address(), length), "bind", doing);
    }

    static void connect(Fd fd, Slab memory, int length, String doing) throws NativeIoException {
        check(Bound.C.connect(fd.number(), memory.address(), length), "connect", doing);
    }

    static void listen(Fd fd, String doing) throws NativeIoException {
        check(Bound.C.listen(fd.number(), LISTEN_BACKLOG), "listen", doing);
    }

    /** An option of exactly {@code length} bytes to the start of memory; behind it four bytes are used, too. */
    static void getsockopt(Fd fd, int level, int name, Slab memory, int length, String doing) throws NativeIoException {
        memory.bytes().putInt(length, length);
        check(
                Bound.C.getsockopt(fd.number(), level, name, memory.address(), memory.address(length)),
                "getsockopt(" + level + ", " + name + ")",
                doing);
    }

    /** The socket's own address, of at most {@code length} bytes, to the start of memory; behind it four bytes are used, too. */
    static void getsockname(Fd fd, Slab memory, int length, String doing) throws NativeIoException {
        memory.bytes().putInt(length, length);
        check(Bound.C.getsockname(fd.number(), memory.address(), memory.address(length)), "getsockname", doing);
    }

    static void setsockopt(Fd fd, int level, int name, int value, String doing) throws NativeIoException {
        setsockopt(fd, level, name, new byte[0], value, doing);
    }

    static void setsockopt(Fd fd, int level, int name, byte[] value, String doing) throws NativeIoException {
        setsockopt(fd, level, name, value, 0, doing);
    }

    private static void setsockopt(Fd fd, int level, int name, byte[] value, int number, String doing)
            throws NativeIoException {
        Slab memory = new Slab(Math.max(Integer.BYTES, value.length));
        memory.bytes().putInt(0, number);
        memory.bytes().put(0, value);
        int length = value.length == 0 ? Integer.BYTES : value.length;
        if (Bound.C.setsockopt(fd.number(), level, name, memory.address(), length) < 0) {
            throw new NativeIoException("setsockopt(" + level + ", " + name + ")", errno(), doing);
        }
        Reference.reachabilityFence(memory);
    }

    /** Sends the message that msghdr describes; returns the number of bytes. */
    static int sendmsg(int fd, long msghdr, int flags, String doing) throws NativeIoException {
        return (int) check(trySendmsg(fd, msghdr, flags), "sendmsg", doing);
    }

    /** As {@link #sendmsg}, where a failure is nothing to speak of; negative if it fails. */
    static long trySendmsg(int fd, long msghdr, int flags) {
        long rc;
        do {
            rc = Bound.C.sendmsg(fd, msghdr, flags);
        } while (rc < 0 && interrupted());
        return rc;
    }

    /** Receives into what msghdr describes; returns the number of bytes or {@link #AGAIN}. */
    static int recvmsg(int fd, long msghdr, int flags, String doing) throws NativeIoException {
        long rc;
        do {
            rc = Bound.C.recvmsg(fd, msghdr, flags);
        } while (rc < 0 && interrupted());
        return rc < 0 && errno() == Errno.EAGAIN ? AGAIN : (int) check(rc, "recvmsg", doing);
    }

    static int send(int fd, long buffer, int length, int flags, String doing) throws NativeIoException {
        long rc;
        do {
            rc = Bound.C.send(fd, buffer, length, flags);
        } while (rc < 0 && interrupted());
        return (int) check(rc, "send", doing);
    }

    /** Receives; returns the number of bytes (the true one with MSG_TRUNC) or {@link #AGAIN}. */
    static int recv(int fd, long buffer, int length, int flags, String doing) throws NativeIoException {
        long rc;
        do {
            rc = Bound.C.recv(fd, buffer, length, flags);
        } while (rc < 0 && interrupted());
        return rc < 0 && errno() == Errno.EAGAIN ? AGAIN : (int) check(rc, "recv", doing);
    }

    static int write(int fd, long buffer, int length, String doing) throws NativeIoException {
        long rc;
        do {
            rc = Bound.C.write(fd, buffer, length);
        } while (rc < 0 && interrupted());
        return rc < 0 && errno() == Errno.EAGAIN ? AGAIN : (int) check(rc, "write", doing);
    }

    /** No repetition on EINTR: Linux has closed it all the same. */
    static void close(int fd) {
        Bound.C.close(fd);
    }

    static Fd open(String path, int flags, String doing) throws NativeIoException {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        Slab memory = new Slab(name.length + 1);
        memory.bytes().put(0, name);
        Fd fd = fd(Bound.C.open(memory.address(), flags | Libc.O_CLOEXEC), "open", doing);
        Reference.reachabilityFence(memory);
        return fd;
    }

    static void ioctl(Fd fd, long request, Slab argument, String doing) throws NativeIoException {
        check(Bound.C.ioctl(fd.number(), request, argument.address()), "ioctl", doing);
    }

    static Fd epollCreate(String doing) throws NativeIoException {
        return fd(Bound.C.epoll_create1(Libc.EPOLL_CLOEXEC), "epoll_create1", doing);
    }

    static void epollCtl(Fd epoll, int op, Fd fd, long event, String doing) throws NativeIoException {
        check(Bound.C.epoll_ctl(epoll.number(), op, fd.number(), event), "epoll_ctl", doing);
    }

    /** The number of events; 0 if the time was over or a signal came. */
    static int epollWait(Fd epoll, long events, int max, int timeoutMillis) throws NativeIoException {
        int rc = Bound.C.epoll_wait(epoll.number(), events, max, timeoutMillis);
        return rc < 0 && interrupted() ? 0 : (int) check(rc, "epoll_wait", "waiting for packets");
    }

    static Fd timerfd(String doing) throws NativeIoException {
        int flags = Libc.TFD_CLOEXEC | Libc.TFD_NONBLOCK;
        return fd(Bound.C.timerfd_create(Libc.CLOCK_MONOTONIC, flags), "timerfd_create", doing);
    }

    static void timerfdSettime(Fd fd, long itimerspec, String doing) throws NativeIoException {
        check(Bound.C.timerfd_settime(fd.number(), 0, itimerspec, 0), "timerfd_settime", doing);
    }

    static Fd eventfd(String doing) throws NativeIoException {
        return fd(Bound.C.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK), "eventfd", doing);
    }

    /** The time of a clock in nanoseconds. */
    static long clockNanos(int clock, Slab timespec) {
        if (Bound.C.clock_gettime(clock, timespec.address()) < 0) {
            throw new IllegalStateException("clock_gettime(" + clock + ") failed with errno " + errno());
        }
        ByteBuffer bytes = timespec.bytes();
        return bytes.getLong(0) * 1_000_000_000L + bytes.getLong(Long.BYTES);
    }

    static void setns(Fd namespace, int type, String doing) throws NativeIoException {
        check(Bound.C.setns(namespace.number(), type), "setns", doing);
    }

    static void unshare(int flags, String doing) throws NativeIoException {
        check(Bound.C.unshare(flags), "unshare", doing);
    }

    private static Fd fd(int rc, String call, String doing) throws NativeIoException {
        return new Fd((int) check(rc, call, doing));
    }

    private static long check(long rc, String call, String doing) throws NativeIoException {
        if (rc < 0) {
            // Read at once and on this thread: the next call replaces it.
            throw new NativeIoException(call, errno(), doing);
        }
        return rc;
    }

    private static boolean interrupted() {
        return errno() == Errno.EINTR;
    }

    private static int errno() {
        return Bound.RUNTIME.getLastError();
    }
}
