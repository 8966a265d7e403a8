package io.floatingip.internal.runtime;

import io.floatingip.Authentication;
import io.floatingip.ChecksumMode;
import io.floatingip.IpFamily;
import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.VrrpVersion;
import io.floatingip.internal.vrrp.Action;
import io.floatingip.internal.vrrp.Departure;
import io.floatingip.internal.vrrp.Effects;
import io.floatingip.internal.vrrp.Event;
import io.floatingip.internal.vrrp.RouterParams;
import io.floatingip.internal.vrrp.VirtualRouter;
import io.floatingip.internal.wire.Advert;
import io.floatingip.internal.wire.AdvertCodec;
import io.floatingip.internal.wire.Decoded;
import io.floatingip.internal.wire.WireProfile;
import io.floatingip.spi.Packet;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * Plays an election with itself before the first real one: what Java loads and compiles at the first use of a class costs tens of milliseconds,
 * which at short intervals would be missing in the moment that counts.
 */
final class Rehearsal implements Effects {
    private static final int ROUNDS = 300;
    private static final long SECOND = 1_000_000_000L;
    private static boolean done;

    private final InetAddress source = literal(192, 0, 2, 1);
    private final InetAddress peer = literal(192, 0, 2, 2);
    private final Advert advert = new Advert(VrrpVersion.V3, 1, 100, SECOND, List.of(literal(192, 0, 2, 3)));
    private final ByteBuffer bytes = ByteBuffer.allocate(AdvertCodec.PACKET_BYTES_MAX);
    private final AdvertCodec codec = new AdvertCodec(new WireProfile(
            VrrpVersion.V3,
            IpFamily.IPV4,
            1,
            SECOND,
            ChecksumMode.PSEUDO_HEADER,
            Authentication.none(),
            Groups.of(IpFamily.IPV4),
            255,
            Map.of(),
            advert.addresses(),
            false));

    private Rehearsal() {}

    /** Once in a process; some tens of milliseconds. */
    static synchronized void once() {
        if (done) {
            return;
        }
        done = true;
        Rehearsal rehearsal = new Rehearsal();
        for (int i = 0; i < ROUNDS; i++) {
            rehearsal.play(i);
        }
    }

    private void play(int round) {
        RouterParams params = new RouterParams(
                VrrpVersion.V3,
                IpFamily.IPV4,
                100,
                SECOND,
                3,
                true,
                0,
                source,
                RouterParams.leaseNanos(SECOND, 3),
                false,
                5,
                SECOND,
                SECOND);
        VirtualRouter router = new VirtualRouter(params);
        long now = round * 100 * SECOND;
        perform(router.handle(new Event.Startup(0, Reason.JOINED, ""), now));
        codec.encode(advert.withPriority(120), peer, Groups.of(IpFamily.IPV4), 0, bytes);
        Packet packet = new Packet().setIpv4(bytes, now);
        if (AdvertCodec.virtualRouterId(packet) == 1
                && codec.decode(packet, source, 0) instanceof Decoded.Accepted accepted) {
            perform(router.handle(new Event.AdvertReceived(accepted.advert(), accepted.sender(), now), now));
            if (codec.repeatsLastAccepted(packet)) {
                router.heardAgain(accepted.advert(), accepted.sender(), now);
            }
        }
        now += 4 * SECOND;
        perform(router.tick(now));
        for (int i = 0; i < 4; i++) {
            now += router.nanosUntilDue(now);
            perform(router.tick(now));
        }
        perform(router.handle(new Event.Leave(new Departure(Role.RELEASED, true, false, Reason.RELEASED, "")), now));
        perform(router.tick(now + 2 * SECOND));
    }

    private void perform(List<Action> actions) {
        for (int i = 0; i < actions.size(); i++) {
            actions.get(i).performOn(this);
        }
    }

    @Override
    public void sendAdvert(int priority) {
        codec.encode(advert.withPriority(priority), source, Groups.of(IpFamily.IPV4), 0, bytes);
    }

    @Override
    public void openFence() {}

    @Override
    public void closeFenceAfter(long nanos) {}

    @Override
    public void shutFence() {}

    @Override
    public void placeBehindFence() {}

    @Override
    public void addAddresses() {}

    @Override
    public void removeAddresses() {}

    @Override
    public void announce(int times) {}

    @Override
    public void stopAnnouncing() {}

    @Override
    public void notify(Role role, Reason reason, String detail) {}

    private static InetAddress literal(int a, int b, int c, int d) {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d});
        } catch (UnknownHostException e) {
            throw new AssertionError("4 bytes always make an address", e);
        }
    }
}
