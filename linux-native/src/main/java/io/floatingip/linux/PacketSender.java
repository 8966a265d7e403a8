package io.floatingip.linux;

import java.nio.ByteBuffer;

/** Sends Ethernet frames on any interface: one packet socket that receives nothing. Used by the loop thread. */
final class PacketSender implements AutoCloseable {
    private static final int IOVEC = 64;
    private static final int NAME = 80;
    private static final int DATA = 104;
    private static final int DATA_BYTES = 128;

    private final Slab slab = new Slab(DATA + DATA_BYTES);
    private final ByteBuffer frame = slab.bytes().duplicate().position(DATA).slice();
    private final Fd fd;

    PacketSender() throws NativeIoException {
        // Protocol 0 receives nothing.
        fd = Sys.socket(Libc.AF_PACKET, Libc.SOCK_RAW, 0, "opening a socket for announcements");
        MessageHeader.write(slab.bytes(), 0, slab.address(NAME), slab.address(IOVEC), 0);
        MessageHeader.lengths(slab.bytes(), 0, SockAddr.LL_BYTES, 0);
        slab.bytes().putLong(IOVEC, slab.address(DATA));
    }

    /** Where the next frame is written. */
    ByteBuffer frame() {
        return frame;
    }

    /** Sends the frame, whose Ethernet header says where to. */
    void send(int index, int ethertype, int length, String doing) throws NativeIoException {
        address(index, ethertype, length);
        Sys.sendmsg(fd.number(), slab.address(), 0, doing);
    }

    /** As {@link #send}, where a failure is nothing to speak of. */
    void trySend(int index, int ethertype, int length) {
        address(index, ethertype, length);
        Sys.trySendmsg(fd.number(), slab.address(), 0);
    }

    private void address(int index, int ethertype, int length) {
        long destination = EthernetHeader.hardwareAddress(frame, 0);
        SockAddr.linkLayer(slab.bytes(), NAME, ethertype, index, destination);
        slab.bytes().putLong(IOVEC + 8, length);
    }

    @Override
    public void close() {
        fd.close();
    }
}
