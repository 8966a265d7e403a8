package io.floatingip.linux;

import io.floatingip.IpFamily;
import io.floatingip.spi.Packet;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where adverts are received to, one at a time, for all sockets of a network: msghdr, iovec, sender, control messages and data in one slab.
 * Receiving and showing allocate nothing.
 */
final class ReceiveBuffer {
    /** Larger than any advert; of what is longer the start is shown. */
    static final int DATA_BYTES = 8192;

    private static final int MSGHDR = 0;
    private static final int IOVEC = 64;
    private static final int NAME = 96;
    private static final int NAME_BYTES = 32;
    private static final int CONTROL = 128;
    private static final int CONTROL_BYTES = 256;
    private static final int DATA = 512;
    private static final int CMSG_HEADER = 16;
    private static final int SCM_TIMESTAMPNS = Libc.SO_TIMESTAMPNS;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Slab slab = new Slab(DATA + DATA_BYTES);
    private final Slab timespec = new Slab(16);
    private final ByteBuffer bytes = slab.bytes();
    private final ByteBuffer network = slab.bytes().duplicate().order(ByteOrder.BIG_ENDIAN);
    private final ByteBuffer data;
    private final Packet packet = new Packet();

    // What the control messages said.
    private long stamp;
    private int hopLimit;
    private long destinationHigh;
    private long destinationLow;

    ReceiveBuffer() {
        data = slab.bytes().duplicate().position(DATA).slice().order(ByteOrder.BIG_ENDIAN);
        MessageHeader.write(bytes, MSGHDR, slab.address(NAME), slab.address(IOVEC), slab.address(CONTROL));
        bytes.putLong(IOVEC, slab.address(DATA));
        bytes.putLong(IOVEC + 8, DATA_BYTES);
    }

    /** Receives one packet; returns its length or {@link Sys#AGAIN}. */
    int receive(Fd fd, String doing) throws NativeIoException {
        MessageHeader.lengths(bytes, MSGHDR, NAME_BYTES, CONTROL_BYTES);
        return Sys.recvmsg(fd.number(), slab.address(MSGHDR), 0, doing);
    }

    /** Points the packet at what was received. It did not arrive before {@code notBefore}. */
    void show(IpFamily family, int length, long notBefore) {
        readControl();
        long arrived = arrival(notBefore);
        data.limit(length).position(0);
        if (family == IpFamily.IPV4) {
            packet.setIpv4(data, arrived);
        } else {
            packet.setIpv6(
                    data,
                    Libc.IPPROTO_VRRP,
                    network.getLong(NAME + 8),
                    network.getLong(NAME + 16),
                    destinationHigh,
                    destinationLow,
                    hopLimit,
                    arrived);
        }
    }

    Packet packet() {
        return packet;
    }

    private void readControl() {
        stamp = 0;
        hopLimit = 0;
        destinationHigh = 0;
        destinationLow = 0;
        int end = CONTROL + (int) MessageHeader.controlLength(bytes, MSGHDR);
        for (int at = CONTROL; at + CMSG_HEADER <= end; ) {
            int length = (int) bytes.getLong(at);
            int level = bytes.getInt(at + 8);
            int type = bytes.getInt(at + 12);
            int value = at + CMSG_HEADER;
            if (length < CMSG_HEADER || at + length > end) {
                return;
            }
            if (level == Libc.SOL_SOCKET && type == SCM_TIMESTAMPNS) {
                stamp = bytes.getLong(value) * NANOS_PER_SECOND + bytes.getLong(value + 8);
            } else if (level == Libc.IPPROTO_IPV6 && type == Libc.IPV6_HOPLIMIT) {
                hopLimit = bytes.getInt(value);
            } else if (level == Libc.IPPROTO_IPV6 && type == Libc.IPV6_PKTINFO) {
                destinationHigh = network.getLong(value);
                destinationLow = network.getLong(value + 8);
            }
            at += length + 7 & ~7;
        }
    }

    /** The kernel stamps with the wall clock, which may have been set since: the result stays between when it can have been and now. */
    private long arrival(long notBefore) {
        long now = System.nanoTime();
        if (stamp == 0) {
            return now;
        }
        long age = Sys.clockNanos(Libc.CLOCK_REALTIME, timespec) - stamp;
        return now - Math.max(0, Math.min(age, now - notBefore));
    }
}
