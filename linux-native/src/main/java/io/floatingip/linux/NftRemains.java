package io.floatingip.linux;

import static io.floatingip.linux.NetlinkMessage.F_DUMP;
import static io.floatingip.linux.NetlinkMessage.F_REQUEST;
import static io.floatingip.linux.NftWriter.FAMILY_NETDEV;

import io.floatingip.linux.NetlinkMessage.Attributes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a process that died has left in a table: chains of routers that nobody holds, and the elements that lead to them. They match nothing any
 * more and are removed so that the table does not grow, and can be removed. A router of a living process that is shut may look the same; that
 * process finds its chains missing when it opens the next time and makes them again.
 */
final class NftRemains {
    private static final int GENERIC_HEADER_BYTES = 4;

    private final NetlinkSocket socket;
    private final String table;

    NftRemains(NetlinkSocket socket, String table) {
        this.socket = socket;
        this.table = table;
    }

    /** Removes them, but for the chains of these routers. What cannot be read or removed stays. */
    void sweep(Set<Integer> ours) {
        try {
            // The maps before what is held: a router that is opened in between is seen as held, not as dead.
            List<String> chains = chains();
            List<NftRouter.Element> elements = new ArrayList<>();
            for (String map : NftRules.MAPS) {
                elements.addAll(elements(map));
            }
            Set<Integer> living = held();
            living.addAll(ours);
            for (NftRouter.Element each : elements) {
                if (!living.contains(NftRouter.numberOf(each.chain()))) {
                    commit(batch().deleteElement(each.map(), each.key()));
                }
            }
            for (String chain : chains) {
                int router = NftRouter.numberOf(chain);
                if (router != 0 && !living.contains(router)) {
                    commit(batch().deleteChain(chain));
                }
            }
        } catch (NativeIoException e) {
            // Harmless where it is.
        }
    }

    /** Whether the table is there and no router of any process guards anything in it. */
    boolean nothingHeld() {
        try {
            return held().isEmpty();
        } catch (NativeIoException e) {
            return false;
        }
    }

    /** The chains of the table. */
    List<String> chains() throws NativeIoException {
        List<String> found = new ArrayList<>();
        request(NftWriter.GETCHAIN);
        socket.dump(doing(), found::clear, m -> {
            String in = "";
            String chain = "";
            for (Attributes a = m.attributes(GENERIC_HEADER_BYTES); a.next(); ) {
                switch (a.type()) {
                    case 1 -> in = a.text();
                    case 3 -> chain = a.text();
                    default -> {}
                }
            }
            // The kernel lists those of all tables.
            if (in.equals(table)) {
                found.add(chain);
            }
        });
        return found;
    }

    private List<NftRouter.Element> elements(String map) throws NativeIoException {
        List<NftRouter.Element> found = new ArrayList<>();
        request(NftWriter.GETSETELEM).attribute(2, map);
        socket.dump(doing(), found::clear, m -> elements(m, map, found));
        return found;
    }

    private Set<Integer> held() throws NativeIoException {
        List<NftRouter.Element> found = new ArrayList<>();
        request(NftWriter.GETSETELEM).attribute(2, NftRules.HELD);
        socket.dump(doing(), found::clear, m -> elements(m, NftRules.HELD, found));
        Set<Integer> numbers = new HashSet<>();
        for (NftRouter.Element each : found) {
            numbers.add(
                    ByteBuffer.wrap(each.key()).order(ByteOrder.nativeOrder()).getInt());
        }
        return numbers;
    }

    private static void elements(NetlinkMessage message, String set, List<NftRouter.Element> to) {
        for (Attributes a = message.attributes(GENERIC_HEADER_BYTES); a.next(); ) {
            if (a.type() == 3) {
                for (Attributes list = a.nested(); list.next(); ) {
                    to.add(element(set, list.nested()));
                }
            }
        }
    }

    private static NftRouter.Element element(String set, Attributes fields) {
        byte[] key = {};
        String chain = "";
        while (fields.next()) {
            Attributes inner = fields.nested();
            if (fields.type() == 1 && moveTo(inner, 1)) {
                key = inner.bytes();
            } else if (fields.type() == 2 && moveTo(inner, 2)) {
                Attributes verdict = inner.nested();
                chain = moveTo(verdict, 2) ? verdict.text() : "";
            }
        }
        return new NftRouter.Element(set, key, chain);
    }

    private static boolean moveTo(Attributes in, int type) {
        while (in.next()) {
            if (in.type() == type) {
                return true;
            }
        }
        return false;
    }

    private NetlinkWriter request(int type) {
        return socket.request()
                .message(type, F_REQUEST | F_DUMP, socket.nextSequence())
                .u8(FAMILY_NETDEV)
                .u8(0)
                .be16(0)
                .attribute(1, table);
    }

    private NftWriter batch() {
        return new NftWriter(socket.request(), table, socket.nextSequence());
    }

    private void commit(NftWriter batch) throws NativeIoException {
        batch.end();
        socket.tryTransact(doing(), 1);
    }

    private String doing() {
        return "looking for remains in the packet filter";
    }
}
