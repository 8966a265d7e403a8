package io.floatingip.linux;

import static io.floatingip.linux.Libc.ETH_P_ARP;
import static io.floatingip.linux.Libc.ETH_P_IP;
import static io.floatingip.linux.Libc.ETH_P_IPV6;
import static io.floatingip.linux.Libc.IPPROTO_AH;
import static io.floatingip.linux.Libc.IPPROTO_ICMPV6;
import static io.floatingip.linux.Libc.IPPROTO_VRRP;
import static io.floatingip.linux.NftWriter.ACCEPT;
import static io.floatingip.linux.NftWriter.DROP;
import static io.floatingip.linux.NftWriter.GOTO;
import static io.floatingip.linux.NftWriter.HOOK_EGRESS;
import static io.floatingip.linux.NftWriter.HOOK_INGRESS;
import static io.floatingip.linux.NftWriter.JUMP;
import static io.floatingip.linux.NftWriter.LINK_HEADER;
import static io.floatingip.linux.NftWriter.NETWORK_HEADER;
import static io.floatingip.linux.NftWriter.SET_DYNAMIC;
import static io.floatingip.linux.NftWriter.SET_MAP;
import static io.floatingip.linux.NftWriter.SET_TIMEOUT;
import static io.floatingip.linux.NftWriter.TRANSPORT_HEADER;
import static io.floatingip.linux.NftWriter.TYPE_INTEGER;
import static io.floatingip.linux.NftWriter.TYPE_IPV4;
import static io.floatingip.linux.NftWriter.TYPE_IPV6;
import static io.floatingip.linux.NftWriter.TYPE_MARK;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The rules of the fence, one table for each device that adverts leave by. What a packet costs does not depend on how many routers and addresses
 * there are: one lookup by its address, and for a guarded one that may pass a second. Of the 750 ns that a 64-byte datagram takes from sender to
 * receiver over a veth pair, each hook costs 40, each rule 5, the lookup 20 and a guard 45; so IPv4 comes first, and without a jump.
 *
 * <pre>
 *  in-eth0       what comes in: destination, solicited target (in6) or ARP target (inarp) in a map of addresses → guard-4-52
 *  out-eth0      what goes out: an advert → adverts4, adverts4ah, adverts6: priority 0 passes, else source and VRID in a map → advert-4-52
 *                source, advertised target (out6) or ARP sender (outarp) in a map of addresses → guard-4-52
 *  guard-4-52    if 4-52 is live: accept; else if it is held: drop
 *  advert-4-52   if 4-52 is live or opening: live for a lease from now, held for the time of holding, → advertised; else if it is held: drop
 * </pre>
 *
 * <p>Everything that lasts hangs on timed elements. {@code live} lasts one lease, {@code held} longer; adverts make and keep them. {@code opening}
 * lets the first advert out, and nothing else: no one hears of an address before it is claimed. So a process that stops, however it does, closes
 * the fence after a lease and opens the address to anyone on this host when holding ends; what then remains in the table matches nothing, and
 * whoever starts next removes it. An element of a map has no time of its own: one advert could not renew those of many addresses, and no thread has to.
 *
 * <p>Adverts are matched on the way out, not queued behind a decision in user space: the sending is the renewal. That one which left the process
 * after its lease is dropped, too, so a process stopped between deciding and sending does no harm when it goes on.
 *
 * <p>On the way in the fence stands before everyone's rules and flow tables; on the way out behind them, so that an advert which another rule
 * drops renews nothing. An advert to a single peer may wait for its hardware address and never leave: after each of those a {@link RenewalFrame}
 * renews, and ends here. Packets with a VLAN tag belong to a device of their own, and are left alone here; priority tags (VLAN 0) are not. A
 * guard asks for the tag last, as that is what costs most: until the lease has run out both kinds pass.
 */
final class NftRules {
    static final String ADDRESSES4 = "addresses4";
    static final String ADDRESSES6 = "addresses6";
    // The same addresses as in addresses6 under another type, which only the nft command minds.
    static final String TARGETS6 = "targets6";
    static final String ADVERTS4 = "adverts4";
    static final String ADVERTS6 = "adverts6";
    static final String HELD = "held";
    static final String LIVE = "live";
    static final String OPENING = "opening";
    static final List<String> MAPS = List.of(ADDRESSES4, ADDRESSES6, TARGETS6, ADVERTS4, ADVERTS6);

    private static final String CHAIN_ADVERTS4 = "adverts4";
    private static final String CHAIN_ADVERTS4_AH = "adverts4ah";
    private static final String CHAIN_ADVERTS6 = "adverts6";
    // Where an advert goes when it has renewed what there is to renew. To be named anew whenever what
    // a table holds changes: those of other versions are told by it.
    static final String ADVERTISED = "advertised";

    private static final String IN6 = "in6";
    private static final String IN_ARP = "inarp";
    private static final String MAYBE_ADVERT4 = "maybe-advert4";
    private static final String OUT6 = "out6";
    private static final String OUT_ARP = "outarp";
    private static final List<String> FAMILIES = List.of(IN6, IN_ARP, MAYBE_ADVERT4, OUT6, OUT_ARP);

    // With 100 ticks a second. A time that is no tick at all would be taken for none: the element would stay for good.
    private static final long TICK_MILLIS_MAX = 10;

    private static final int PRIORITY_IN = -500;
    private static final int PRIORITY_OUT = 500;

    private static final int ETH_P_8021Q = 0x8100;
    private static final int ARP_REQUEST = 1;
    private static final int NEIGHBOR_SOLICITATION = 135;
    private static final int NEIGHBOR_ADVERTISEMENT = 136;
    // In 112 (VRRP) and 51 (AH), not in 6 (TCP), 17 (UDP) and 1 (ICMP).
    private static final int MAYBE_ADVERT_BIT = IPPROTO_VRRP & IPPROTO_AH & 0x20;

    // RFC 4302: what keepalived puts before an advert, with HMAC-MD5-96.
    static final int AUTHENTICATION_HEADER_BYTES = 24;

    private NftRules() {}

    static String table(String device) {
        return "floatingip-" + device;
    }

    static String in(String device) {
        return "in-" + device;
    }

    static String out(String device) {
        return "out-" + device;
    }

    /** Whether routers of several processes share what the chain does. */
    static boolean shared(String chain) {
        return NftRouter.numberOf(chain) == 0;
    }

    /** The table with what its routers share. */
    static void addTable(NftWriter to) {
        to.addTable(0)
                .addSet(ADDRESSES4, TYPE_IPV4, 4, SET_MAP, NftTypes.NONE)
                .addSet(ADDRESSES6, TYPE_IPV6, 16, SET_MAP, NftTypes.NONE)
                .addSet(TARGETS6, TYPE_INTEGER, 16, SET_MAP, NftTypes.NEIGHBOR_TARGET)
                .addSet(ADVERTS4, TYPE_IPV4 << 6 | TYPE_INTEGER, 8, SET_MAP, NftTypes.IPV4_ADVERT)
                .addSet(ADVERTS6, TYPE_IPV6 << 6 | TYPE_INTEGER, 20, SET_MAP, NftTypes.IPV6_ADVERT)
                .addSet(HELD, TYPE_MARK, 4, SET_DYNAMIC | SET_TIMEOUT, NftTypes.MARK)
                .addSet(LIVE, TYPE_MARK, 4, SET_DYNAMIC | SET_TIMEOUT, NftTypes.MARK)
                .addSet(OPENING, TYPE_MARK, 4, SET_TIMEOUT, NftTypes.MARK)
                .addChain(CHAIN_ADVERTS4)
                .addChain(CHAIN_ADVERTS4_AH)
                .addChain(CHAIN_ADVERTS6)
                .addChain(ADVERTISED);
        to.rule(ADVERTISED)
                .load(LINK_HEADER, 0, 6, 0)
                .equal(hardwareAddress(RenewalFrame.DESTINATION))
                .verdict(DROP)
                .endRule();
        to.rule(ADVERTISED).verdict(ACCEPT).endRule();
        addFamilies(to);
        adverts4(to, CHAIN_ADVERTS4, 0);
        adverts4(to, CHAIN_ADVERTS4_AH, AUTHENTICATION_HEADER_BYTES);
        leaving(to, CHAIN_ADVERTS6, 0);
        to.rule(CHAIN_ADVERTS6)
                .protocol(ETH_P_IPV6)
                .load(NETWORK_HEADER, 8, 16, 0)
                .load(TRANSPORT_HEADER, 1, 1, 4)
                .verdictOf(ADVERTS6)
                .endRule();
    }

    private static void adverts4(NftWriter to, String chain, int offset) {
        leaving(to, chain, offset);
        to.rule(chain)
                .protocol(ETH_P_IP)
                .load(NETWORK_HEADER, 12, 4, 0)
                .load(TRANSPORT_HEADER, offset + 1, 1, 1)
                .verdictOf(ADVERTS4)
                .endRule();
    }

    /** Whoever gives up may always say so, and holds nothing by saying it. */
    private static void leaving(NftWriter to, String chain, int offset) {
        to.rule(chain)
                .load(TRANSPORT_HEADER, offset + 2, 1, 0)
                .equal((byte) 0)
                .verdict(ACCEPT)
                .endRule();
    }

    /**
     * What is done with packets of the other protocols, whatever device they come from. That rules match the protocol once more is for the nft command,
     * which takes the loaded bytes for an address only then.
     */
    private static void addFamilies(NftWriter to) {
        FAMILIES.forEach(to::addChain);
        // Requests only: what a new holder announces by replies may still reach this host's own neighbour table.
        to.rule(IN_ARP)
                .protocol(ETH_P_ARP)
                .load(NETWORK_HEADER, 6, 2, 0)
                .equal((byte) 0, (byte) ARP_REQUEST)
                .load(NETWORK_HEADER, 24, 4, 0)
                .verdictOf(ADDRESSES4)
                .endRule();
        to.rule(IN6)
                .protocol(ETH_P_IPV6)
                .load(NETWORK_HEADER, 24, 16, 0)
                .verdictOf(ADDRESSES6)
                .endRule();
        neighbor(to, IN6, NEIGHBOR_SOLICITATION);

        maybeAdvert4(to, IPPROTO_VRRP, CHAIN_ADVERTS4);
        maybeAdvert4(to, IPPROTO_AH, CHAIN_ADVERTS4_AH);
        to.rule(OUT_ARP)
                .protocol(ETH_P_ARP)
                .load(NETWORK_HEADER, 14, 4, 0)
                .verdictOf(ADDRESSES4)
                .endRule();
        to.rule(OUT6).transport(IPPROTO_VRRP).verdict(JUMP, CHAIN_ADVERTS6).endRule();
        to.rule(OUT6)
                .protocol(ETH_P_IPV6)
                .load(NETWORK_HEADER, 8, 16, 0)
                .verdictOf(ADDRESSES6)
                .endRule();
        neighbor(to, OUT6, NEIGHBOR_ADVERTISEMENT);
    }

    private static void maybeAdvert4(NftWriter to, int protocol, String chain) {
        to.rule(MAYBE_ADVERT4)
                .protocol(ETH_P_IP)
                .load(NETWORK_HEADER, 9, 1, 0)
                .equal((byte) protocol)
                .verdict(JUMP, chain)
                .endRule();
    }

    /** The two chains that see what one device receives and sends. */
    static void addDevice(NftWriter to, String device) {
        String in = in(device);
        String out = out(device);
        to.addBaseChain(in, HOOK_INGRESS, device, PRIORITY_IN).addBaseChain(out, HOOK_EGRESS, device, PRIORITY_OUT);
        guarded4(to, in, 16);
        dispatch(to, in, IN6, IN_ARP);
        // One bit tells VRRP and AH from TCP, UDP and ICMP: the kernel evaluates such loads without a call, and what
        // passes by this in another protocol is looked at again.
        to.rule(out)
                .load(NETWORK_HEADER, 9, 1, 0)
                .and((byte) MAYBE_ADVERT_BIT)
                .equal((byte) MAYBE_ADVERT_BIT)
                .verdict(JUMP, MAYBE_ADVERT4)
                .endRule();
        guarded4(to, out, 12);
        dispatch(to, out, OUT6, OUT_ARP);
    }

    private static void guarded4(NftWriter to, String chain, int offset) {
        to.rule(chain)
                .protocol(ETH_P_IP)
                .load(NETWORK_HEADER, offset, 4, 0)
                .verdictOf(ADDRESSES4)
                .endRule();
    }

    private static void dispatch(NftWriter to, String from, String ipv6, String arp) {
        to.rule(from).protocol(ETH_P_IP).verdict(ACCEPT).endRule();
        to.rule(from).protocol(ETH_P_IPV6).verdict(GOTO, ipv6).endRule();
        to.rule(from).protocol(ETH_P_ARP).verdict(GOTO, arp).endRule();
    }

    private static void passTagged(NftWriter to, String chain) {
        to.rule(chain)
                .load(LINK_HEADER, 12, 2, 0)
                .equal((byte) (ETH_P_8021Q >>> 8), (byte) ETH_P_8021Q)
                .load(LINK_HEADER, 14, 2, 0)
                .and((byte) 0x0f, (byte) 0xff)
                .notEqual((byte) 0, (byte) 0)
                .verdict(ACCEPT)
                .endRule();
    }

    private static void neighbor(NftWriter to, String chain, int type) {
        to.rule(chain)
                .transport(IPPROTO_ICMPV6)
                .load(TRANSPORT_HEADER, 0, 1, 0)
                .equal((byte) type)
                .load(TRANSPORT_HEADER, 8, 16, 0)
                .verdictOf(TARGETS6)
                .endRule();
    }

    /** The two chains of a router, in place of those it may have had. */
    static void addRouter(NftWriter to, NftRouter router) {
        String guard = router.guardChain();
        String advert = router.advertChain();
        to.addChain(guard).deleteRules(guard).addChain(advert).deleteRules(advert);
        to.rule(guard).constant(router.key()).in(LIVE).verdict(ACCEPT).endRule();
        passTagged(to, guard);
        dropHeld(to, guard, router);
        // What a VLAN carries renews nothing here.
        passTagged(to, advert);
        renew(to, advert, router, LIVE);
        renew(to, advert, router, OPENING);
        dropHeld(to, advert, router);
        to.rule(advert).verdict(GOTO, ADVERTISED).endRule();
    }

    private static void renew(NftWriter to, String chain, NftRouter router, String of) {
        to.rule(chain)
                .constant(router.key())
                .in(of)
                .refresh(LIVE, router.leaseMillis())
                .refresh(HELD, router.holdMillis())
                .verdict(GOTO, ADVERTISED)
                .endRule();
    }

    private static byte[] hardwareAddress(long bits) {
        return Arrays.copyOfRange(ByteBuffer.allocate(Long.BYTES).putLong(bits).array(), 2, Long.BYTES);
    }

    /** Of one that was not live a moment ago. */
    private static void dropHeld(NftWriter to, String chain, NftRouter router) {
        to.rule(chain).constant(router.key()).in(HELD).verdict(DROP).endRule();
    }

    /** Guards the addresses of a router, and lets an advert out that leaves within this time, and by it their traffic for a lease. */
    static void open(NftWriter to, NftRouter router, long millis) {
        hold(to, router);
        arm(to, OPENING, router, millis);
    }

    /** Guards the addresses of a router. */
    static void hold(NftWriter to, NftRouter router) {
        for (NftRouter.Element each : router.elements()) {
            to.addElement(each.map(), each.key(), each.chain());
        }
        arm(to, HELD, router, router.holdMillis());
    }

    /** Lets the traffic of what is held through for this time, or until a lease after the next advert. */
    static void enliven(NftWriter to, NftRouter router, long millis) {
        arm(to, LIVE, router, millis);
    }

    /** It is open no more. */
    static void close(NftWriter to, NftRouter router) {
        disarm(to, LIVE, router);
    }

    /** What is open closes after this time unless an advert leaves; fails with ENOENT, and does nothing, if it has closed already. */
    static void closeAfter(NftWriter to, NftRouter router, long millis) {
        long lasts = Math.max(millis, TICK_MILLIS_MAX);
        to.deleteElement(LIVE, router.key()).addElement(LIVE, router.key(), lasts);
        stopOpening(to, router);
    }

    /** No advert opens it any more that has not left yet. */
    static void stopOpening(NftWriter to, NftRouter router) {
        disarm(to, OPENING, router);
    }

    /** The time of an element that exists cannot be changed before Linux 6.12. */
    private static void arm(NftWriter to, String set, NftRouter router, long millis) {
        disarm(to, set, router);
        to.addElement(set, router.key(), Math.max(millis, TICK_MILLIS_MAX));
    }

    /** One that does not exist cannot be deleted before Linux 6.3. */
    private static void disarm(NftWriter to, String set, NftRouter router) {
        to.addElement(set, router.key(), TICK_MILLIS_MAX).deleteElement(set, router.key());
    }

    /** Undoes {@link #open}, whatever is left of it: but for these elements of the maps, which belong to another router now. */
    static void shut(NftWriter to, NftRouter router, List<NftRouter.Element> others, boolean disarm) {
        for (NftRouter.Element each : router.elements()) {
            if (!others.contains(each)) {
                to.addElement(each.map(), each.key(), each.chain()).deleteElement(each.map(), each.key());
            }
        }
        if (disarm) {
            disarm(to, HELD, router);
            close(to, router);
            stopOpening(to, router);
        }
    }

    /** Removes the chains of a router that is shut. */
    static void deleteRouter(NftWriter to, NftRouter router) {
        to.deleteChain(router.guardChain()).deleteChain(router.advertChain());
    }

    /** Removes the table; fails with EBUSY if any router of any process has chains in it, open or not. */
    static void deleteTable(NftWriter to, Iterable<String> devices) {
        for (String device : devices) {
            to.deleteChain(in(device)).deleteChain(out(device));
        }
        FAMILIES.forEach(to::deleteChain);
        to.deleteChain(CHAIN_ADVERTS4)
                .deleteChain(CHAIN_ADVERTS4_AH)
                .deleteChain(CHAIN_ADVERTS6)
                .deleteChain(ADVERTISED);
        for (String map : MAPS) {
            to.deleteSet(map);
        }
        to.deleteSet(HELD).deleteSet(LIVE).deleteSet(OPENING).deleteEmptyTable();
    }
}
