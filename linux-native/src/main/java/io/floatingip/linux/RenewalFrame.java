package io.floatingip.linux;

import io.floatingip.spi.FenceSpec;
import java.nio.ByteBuffer;

/**
 * What renews a lease where adverts go to peers one by one: such an advert waits in the neighbour's queue, and is dropped there, if the peer cannot
 * be reached, and the fence, which sees only what leaves, would shut a master in because the other node is off. This one looks like the advert to
 * the fence, needs no neighbour, and is dropped by the fence itself. Its destination is one that no bridge forwards (IEEE 802.1D, table 7-10), should
 * it leave after all.
 */
final class RenewalFrame {
    /** 01:80:c2:00:00:0e. */
    static final long DESTINATION = 0x0180_c200_000eL;

    private static final int ADVERT_BYTES = 8;

    private RenewalFrame() {}

    static byte[] of(FenceSpec spec, byte[] hardware) {
        byte[] source = spec.source().getAddress();
        boolean ipv4 = source.length == 4;
        int header = spec.channel().authenticationHeader() ? NftRules.AUTHENTICATION_HEADER_BYTES : 0;
        int at = EthernetHeader.BYTES;
        int payload = at + (ipv4 ? 20 : 40);
        int end = payload + header + ADVERT_BYTES;
        ByteBuffer out = ByteBuffer.allocate(end);
        EthernetHeader.write(out, DESTINATION, hardware, ipv4 ? Libc.ETH_P_IP : Libc.ETH_P_IPV6);
        if (ipv4) {
            out.put(at, (byte) 0x45).putShort(at + 2, (short) (end - at));
            out.put(at + 8, (byte) 255).put(at + 9, (byte) (header > 0 ? Libc.IPPROTO_AH : Libc.IPPROTO_VRRP));
            out.put(at + 12, source).put(at + 16, source);
        } else {
            out.put(at, (byte) 0x60).putShort(at + 4, (short) (end - payload));
            out.put(at + 6, (byte) Libc.IPPROTO_VRRP).put(at + 7, (byte) 255);
            out.put(at + 8, source).put(at + 24, source);
        }
        int advert = payload + header;
        out.put(advert, (byte) 0x31)
                .put(advert + 1, (byte) spec.virtualRouterId())
                .put(advert + 2, (byte) 1);
        return out.array();
    }
}
