package io.floatingip.linux;

import static io.floatingip.linux.Libc.AF_NETLINK;
import static io.floatingip.linux.Libc.MSG_TRUNC;
import static io.floatingip.linux.Libc.SOCK_RAW;
import static io.floatingip.linux.Libc.SOL_NETLINK;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A netlink socket that talks with the kernel alone. A request has been carried out and its answers are queued when send returns, so nothing here
 * waits. Used by one thread.
 *
 * <pre>{@code
 * socket.request().message(type, F_REQUEST | F_ACK | …, socket.nextSequence()).u8(…).attribute(…);
 * socket.transact("what we are doing");
 * }</pre>
 */
final class NetlinkSocket implements AutoCloseable {
    private static final int REQUEST_BYTES = 64 * 1024;
    // The kernel's largest piece of a dump is 32 KiB.
    private static final int REPLY_BYTES = 64 * 1024;
    private static final int DUMP_ATTEMPTS = 5;

    private final Fd fd;
    private final Slab out = new Slab(REQUEST_BYTES);
    private final Slab in = new Slab(REPLY_BYTES);
    private final NetlinkWriter writer = new NetlinkWriter(out.bytes());
    private final NetlinkMessage reader = new NetlinkMessage(in.bytes(), 0);
    private final int port;
    private int sequence;
    private String errorText = "";
    // Whether answers may be queued that nobody waits for any more.
    private boolean leftovers;

    private NetlinkSocket(Fd fd, int groups) throws NativeIoException {
        this.fd = fd;
        Slab address = new Slab(SockAddr.NL_BYTES + Integer.BYTES);
        Sys.bind(fd, address, SockAddr.netlink(address.bytes(), 0, 0, groups), "opening a netlink socket");
        Sys.getsockname(fd, address, SockAddr.NL_BYTES, "opening a netlink socket");
        port = address.bytes().getInt(4);
        // Connected to port 0, the kernel: what other processes send is refused.
        SockAddr.netlink(address.bytes(), 0, 0, 0);
        Sys.connect(fd, address, SockAddr.NL_BYTES, "opening a netlink socket");
        Sys.setsockopt(fd, SOL_NETLINK, Libc.NETLINK_EXT_ACK, 1, "asking netlink for error texts");
        Sys.setsockopt(fd, SOL_NETLINK, Libc.NETLINK_CAP_ACK, 1, "asking netlink for short errors");
    }

    /**
     * Opens a socket in the network namespace of the calling thread.
     *
     * @param protocol NETLINK_ROUTE or NETLINK_NETFILTER
     * @param groups bit mask of the groups whose notifications to receive; 0 for requests only
     */
    static NetlinkSocket open(int protocol, int groups) throws NativeIoException {
        Fd fd = Sys.socket(AF_NETLINK, SOCK_RAW, protocol, "opening a netlink socket");
        try {
            return new NetlinkSocket(fd, groups);
        } catch (NativeIoException e) {
            fd.close();
            throw e;
        }
    }

    /** With strict checking of dump requests, so that the kernel filters them (5.0 and later; older ones send more than asked). */
    NetlinkSocket strict() {
        try {
            Sys.setsockopt(fd, SOL_NETLINK, Libc.NETLINK_GET_STRICT_CHK, 1, "asking netlink to filter dumps");
        } catch (NativeIoException e) {
            // Readers compare what they get with what they asked for anyway.
        }
        return this;
    }

    Fd fd() {
        return fd;
    }

    /** The kernel's name for this socket: notifications of what it caused carry it. */
    int port() {
        return port;
    }

    /** An empty request, to be written and then handed over by {@link #transact} or {@link #dump}. */
    NetlinkWriter request() {
        return writer.clear();
    }

    int nextSequence() {
        return ++sequence;
    }

    /** Sends the one message of the request and awaits its acknowledgement. It must carry F_ACK. Allocates nothing unless it fails. */
    void transact(String doing) throws NativeIoException {
        transact(doing, 1);
    }

    /**
     * Sends the request and awaits {@code acknowledgements}: the number of messages with F_ACK in it.
     *
     * @throws NativeIoException with the first error the kernel reported
     */
    void transact(String doing, int acknowledgements) throws NativeIoException {
        int error = tryTransact(doing, acknowledgements);
        if (error != 0) {
            throw failed(doing, error);
        }
    }

    /** As {@link #transact(String, int)}, but returns the first error of the kernel as a number, 0 for none. */
    int tryTransact(String doing, int acknowledgements) throws NativeIoException {
        discardLeftovers();
        errorText = "";
        int first = sequence;
        Sys.send(fd.number(), out.address(), writer.end(), 0, doing);
        int error = 0;
        int seen = 0;
        while (seen < acknowledgements) {
            int length = receive(doing);
            if (length == Sys.AGAIN) {
                // A batch that failed as a whole acknowledges only what it refused.
                return error != 0 ? error : Errno.EAGAIN;
            }
            // The shape every acknowledgement has: read in place, nothing allocated.
            if (acknowledgements == 1 && isAcknowledgement(length, first)) {
                leftovers = false;
                return 0;
            }
            for (NetlinkMessage m = reader.rewind(length); m.next(); ) {
                if (m.type() == NetlinkMessage.ERROR) {
                    seen++;
                    if (m.errno() != 0 && error == 0) {
                        error = m.errno();
                        errorText = m.errorText();
                    }
                }
            }
        }
        leftovers = error != 0;
        return error;
    }

    /** The exception for an error that {@link #tryTransact} returned last. */
    NativeIoException failed(String doing, int error) {
        String hint = errorText.isEmpty() ? Errno.hint(error) : "the kernel says: " + errorText;
        return new NativeIoException("netlink request", error, doing, hint);
    }

    /**
     * Sends the request, which must carry F_DUMP and nothing else, and hands every message of the answer to {@code each}; if the kernel's tables
     * changed meanwhile, {@code restart} is run and everything asked again.
     */
    void dump(String doing, Runnable restart, Consumer<NetlinkMessage> each) throws NativeIoException {
        for (int attempt = 1; ; attempt++) {
            discardLeftovers();
            restart.run();
            Sys.send(fd.number(), out.address(), writer.end(), 0, doing);
            if (readDump(doing, each) || attempt == DUMP_ATTEMPTS) {
                return;
            }
        }
    }

    /** Whether the dump was consistent. */
    private boolean readDump(String doing, Consumer<NetlinkMessage> each) throws NativeIoException {
        boolean consistent = true;
        while (true) {
            int length = receive(doing);
            if (length == Sys.AGAIN) {
                throw new NativeIoException("netlink dump", Errno.EAGAIN, doing, "the answer ended early");
            }
            for (NetlinkMessage m = reader.rewind(length); m.next(); ) {
                consistent &= (m.flags() & NetlinkMessage.F_DUMP_INTR) == 0;
                if (m.type() == NetlinkMessage.ERROR || m.type() == NetlinkMessage.DONE) {
                    if (m.errno() != 0) {
                        errorText = m.type() == NetlinkMessage.ERROR ? m.errorText() : "";
                        throw failed(doing, m.errno());
                    }
                    leftovers = false;
                    return consistent;
                }
                each.accept(m);
            }
        }
    }

    /**
     * Takes one datagram of notifications, if there is one.
     *
     * @return null if nothing is queued
     * @throws NativeIoException ENOBUFS if notifications were lost
     */
    @Nullable
    NetlinkMessage notifications() throws NativeIoException {
        int length = receive("reading netlink notifications");
        return length == Sys.AGAIN ? null : reader.rewind(length);
    }

    @Override
    public void close() {
        fd.close();
    }

    private boolean isAcknowledgement(int length, int expected) {
        return length >= NetlinkMessage.HEADER_BYTES + 4
                && (in.bytes().getShort(4) & 0xffff) == NetlinkMessage.ERROR
                && in.bytes().getInt(8) == expected
                && in.bytes().getInt(NetlinkMessage.HEADER_BYTES) == 0;
    }

    /** What an earlier request that failed half-way left behind. */
    private void discardLeftovers() throws NativeIoException {
        while (leftovers && receive("reading netlink leftovers") != Sys.AGAIN) {
            // nothing to keep
        }
        leftovers = true;
    }

    private int receive(String doing) throws NativeIoException {
        int length = Sys.recv(fd.number(), in.address(), REPLY_BYTES, MSG_TRUNC, doing);
        if (length > REPLY_BYTES) {
            throw new NativeIoException("recv", Errno.EMSGSIZE, doing, "a netlink message of " + length + " bytes");
        }
        return length;
    }
}
