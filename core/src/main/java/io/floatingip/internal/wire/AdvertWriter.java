package io.floatingip.internal.wire;

import io.floatingip.ChecksumMode;
import io.floatingip.IpFamily;
import io.floatingip.VrrpVersion;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last packet and changes in it what changes: the id and the counters for the next advert, destination and checksum for the next
 * peer. It is built anew only for another advert or source.
 *
 * <p>Copies of one advert to several peers share id, sequence number and signature, as keepalived's do. A call is for a copy if advert, source
 * and wall time are those of the call before, and the destination is not the one that this advert was first written for.
 */
final class AdvertWriter {
    private static final int VRRP = 112;
    private static final int COUNT_MAX = 255;

    private final WireProfile profile;
    private final Credentials credentials;
    /** InetAddress gives its bytes only as a new array: those that are known beforehand are read once. */
    private final Map<InetAddress, AddressBits> destinations = new HashMap<>();

    private ByteBuffer packet = ByteBuffer.allocate(0);
    private int messageAt;
    private int messageEnd;
    private AddressBits sourceBits = new AddressBits(0, 0);
    private @Nullable Advert advert;
    private @Nullable InetAddress source;
    private @Nullable InetAddress destination;
    private @Nullable InetAddress firstDestination;
    private long wallNanos;
    private int identification;

    AdvertWriter(WireProfile profile, Credentials credentials) {
        this.profile = profile;
        this.credentials = credentials;
        destinations.put(profile.group(), AddressBits.of(profile.group()));
        profile.peers().keySet().forEach(peer -> destinations.put(peer, AddressBits.of(peer)));
    }

    void write(Advert nextAdvert, InetAddress from, InetAddress to, long now, ByteBuffer out) {
        boolean rebuilt = !isPrepared(nextAdvert, from);
        if (rebuilt) {
            prepare(nextAdvert, from);
        }
        boolean copy = !rebuilt && now == wallNanos && !to.equals(firstDestination);
        if (!copy) {
            firstDestination = to;
            wallNanos = now;
            count();
        }
        if (profile.family() == IpFamily.IPV4 && (!copy || !to.equals(destination))) {
            address(to);
        }
        out.clear().put(packet.array(), 0, packet.limit()).flip();
    }

    private boolean isPrepared(Advert next, InetAddress from) {
        Advert last = advert;
        return last != null
                && (last == next
                        || last.version() == next.version()
                                && last.virtualRouterId() == next.virtualRouterId()
                                && last.priority() == next.priority()
                                && last.adverNanos() == next.adverNanos()
                                && sameElements(last.addresses(), next.addresses()))
                && from.equals(source);
    }

    /** List.equals would make an iterator. */
    private static boolean sameElements(List<InetAddress> a, List<InetAddress> b) {
        if (a == b) {
            return true;
        }
        boolean same = a.size() == b.size();
        for (int i = 0; same && i < a.size(); i++) {
            same = a.get(i).equals(b.get(i));
        }
        return same;
    }

    private void prepare(Advert next, InetAddress from) {
        int headers = profile.family() == IpFamily.IPV4 ? Ipv4Header.LENGTH + credentials.headerLength() : 0;
        requireFits(next, from);
        advert = null;
        messageAt = headers;
        messageEnd = headers
                + Message.length(
                        next.version(), profile.family(), next.addresses().size());
        packet = ByteBuffer.allocate(messageEnd + credentials.trailerLength());
        sourceBits = AddressBits.of(from);
        if (profile.family() == IpFamily.IPV4) {
            int protocol = credentials.header().isPresent() ? AuthenticationHeader.PROTOCOL : VRRP;
            Ipv4Header.write(packet, packet.limit(), profile.hopLimit(), protocol, sourceBits.ipv4());
            credentials.header().ifPresent(header -> header.write(packet, sourceBits.ipv4()));
        }
        Message.write(packet, messageAt, next, profile.family(), credentials);
        advert = next;
        source = from;
    }

    private void requireFits(Advert next, InetAddress from) {
        if (next.version() != profile.version() || next.virtualRouterId() != profile.virtualRouterId()) {
            throw new IllegalArgumentException("advert must be " + profile.version() + " for virtual router "
                    + profile.virtualRouterId() + ", got " + next);
        }
        if (next.addresses().size() > COUNT_MAX) {
            throw new IllegalArgumentException("an advert holds at most " + COUNT_MAX + " addresses, got "
                    + next.addresses().size());
        }
        for (InetAddress address : next.addresses()) {
            requireFamily(address);
        }
        requireFamily(from);
    }

    private void requireFamily(InetAddress address) {
        if (IpFamily.of(address) != profile.family()) {
            throw new IllegalArgumentException("addresses must be " + profile.family() + ", got " + address);
        }
    }

    private void count() {
        identification = Ipv4Header.nextIdentification(identification);
        if (profile.family() == IpFamily.IPV4) {
            packet.putShort(Ipv4Header.IDENTIFICATION, (short) identification);
        }
        if (credentials.header().isPresent()) {
            credentials.header().get().count();
        }
        if (credentials.trailerLength() > 0) {
            credentials.trailer().orElseThrow().sign(packet, messageAt, messageEnd, sourceBits, wallNanos);
        }
    }

    private void address(InetAddress to) {
        AddressBits known = destinations.get(to);
        if (known == null) {
            requireFamily(to);
            known = AddressBits.of(to);
        }
        packet.putInt(Ipv4Header.DESTINATION, known.ipv4());
        packet.putShort(messageAt + Message.CHECKSUM, (short) 0);
        long sum = Checksum.sum(packet, messageAt, messageEnd);
        if (profile.version() == VrrpVersion.V3 && profile.checksum() == ChecksumMode.PSEUDO_HEADER) {
            sum += Checksum.ipv4PseudoHeader(sourceBits.ipv4(), known.ipv4(), messageEnd - messageAt);
        }
        packet.putShort(messageAt + Message.CHECKSUM, (short) Checksum.field(sum));
        if (credentials.header().isPresent()) {
            credentials.header().get().seal(packet, packet.limit());
        }
        destination = to;
    }
}
