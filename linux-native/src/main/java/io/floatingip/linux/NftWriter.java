package io.floatingip.linux;

import static io.floatingip.linux.NetlinkMessage.F_APPEND;
import static io.floatingip.linux.NetlinkMessage.F_CREATE;
import static io.floatingip.linux.NetlinkMessage.F_EXCL;
import static io.floatingip.linux.NetlinkMessage.F_REQUEST;

import org.jspecify.annotations.Nullable;

/**
 * Writes one batch of nf_tables requests about one table of the netdev family (linux/netfilter/nf_tables.h). The kernel carries out a batch as a
 * whole or not at all. Only the last request asks for an acknowledgement: the first answer is then the first error, or the acknowledgement.
 *
 * <pre>
 *  BATCH_BEGIN | request … | BATCH_END      each: nlmsghdr | family u8, version u8, resource be16 | attributes
 * </pre>
 */
final class NftWriter {
    static final int NEWTABLE = message(0);
    static final int DELTABLE = message(2);
    static final int NEWCHAIN = message(3);
    static final int GETCHAIN = message(4);
    static final int DELCHAIN = message(5);
    static final int NEWRULE = message(6);
    static final int DELRULE = message(8);
    static final int NEWSET = message(9);
    static final int DELSET = message(11);
    static final int NEWSETELEM = message(12);
    static final int GETSETELEM = message(13);
    static final int DELSETELEM = message(14);

    static final int FAMILY_NETDEV = 5;
    static final int HOOK_INGRESS = 0;
    static final int HOOK_EGRESS = 1;
    /** Of a table: gone as soon as the socket that made it is closed, and untouchable for others. */
    static final int TABLE_OWNER = 2;

    static final int SET_MAP = 8;
    static final int SET_TIMEOUT = 16;
    static final int SET_DYNAMIC = 32;

    // What the nft command calls the types; the kernel keeps the numbers for it. A concatenation has six bits for each.
    static final int TYPE_INTEGER = 4;
    static final int TYPE_IPV4 = 7;
    static final int TYPE_IPV6 = 8;
    static final int TYPE_MARK = 19;
    private static final int TYPE_VERDICT = 0xffffff00;

    static final int DROP = 0;
    static final int ACCEPT = 1;
    static final int JUMP = -3;
    static final int GOTO = -4;

    /** Where {@link #load} counts from. */
    static final int LINK_HEADER = 0;

    static final int NETWORK_HEADER = 1;
    static final int TRANSPORT_HEADER = 2;

    /** Of 255 routers sixteen addresses each. */
    private static final int MAP_SIZE = 4096;

    private static final int BATCH_BEGIN = 16;
    private static final int BATCH_END = 17;
    private static final int SUBSYSTEM = 10;
    /** Delete a table only if it is empty. */
    private static final int F_NONREC = 0x100;

    private static final int VERDICT_REGISTER = 0;
    // The first of sixteen registers of four bytes.
    private static final int REGISTER = 8;
    private static final int META_PROTOCOL = 1;
    private static final int META_MARK = 3;
    private static final int META_TRANSPORT = 16;

    private final NetlinkWriter out;
    private final String table;
    private final int sequence;
    private int sets;

    /** Begins a batch in an empty request. */
    NftWriter(NetlinkWriter out, String table, int sequence) {
        this.out = out;
        this.table = table;
        this.sequence = sequence;
        header(BATCH_BEGIN, F_REQUEST, 0, SUBSYSTEM);
    }

    private static int message(int number) {
        return SUBSYSTEM << 8 | number;
    }

    /** Ends the batch; it must hold a request. */
    void end() {
        out.acknowledged();
        header(BATCH_END, F_REQUEST, 0, SUBSYSTEM);
    }

    /** Whether nothing was written yet. */
    boolean isEmpty() {
        return out.messages() == 1;
    }

    // Tables and chains.

    NftWriter addTable(int flags) {
        request(NEWTABLE, F_CREATE | F_EXCL);
        if (flags != 0) {
            out.attributeBe32(2, flags);
        }
        return this;
    }

    /** With all that is in it. */
    NftWriter deleteTable() {
        return request(DELTABLE, 0);
    }

    /** Fails with EBUSY if something is left in it. */
    NftWriter deleteEmptyTable() {
        return request(DELTABLE, F_NONREC);
    }

    /** A chain that others jump to; one that exists is no error. */
    NftWriter addChain(String name) {
        request(NEWCHAIN, F_CREATE);
        out.attribute(3, name);
        return this;
    }

    NftWriter addBaseChain(String name, int hook, String device, int priority) {
        request(NEWCHAIN, F_CREATE | F_EXCL);
        out.attribute(3, name)
                .nest(4)
                .attributeBe32(1, hook)
                .attributeBe32(2, priority)
                .attribute(3, device)
                .unnest()
                .attributeBe32(5, ACCEPT)
                .attribute(7, "filter");
        return this;
    }

    /** With its rules. */
    NftWriter deleteChain(String name) {
        request(DELCHAIN, 0);
        out.attribute(3, name);
        return this;
    }

    NftWriter deleteRules(String chain) {
        request(DELRULE, 0);
        out.attribute(2, chain);
        return this;
    }

    // Sets and their elements.

    /**
     * @param flags SET_MAP stands for a map to verdicts
     * @param description for the nft command, see {@link NftTypes}
     */
    NftWriter addSet(String name, int type, int keyBytes, int flags, byte[] description) {
        request(NEWSET, F_CREATE | F_EXCL);
        out.attribute(2, name).attributeBe32(3, flags).attributeBe32(4, type).attributeBe32(5, keyBytes);
        if ((flags & SET_MAP) != 0) {
            // With a size the kernel takes its faster kind of hash table.
            out.attributeBe32(6, TYPE_VERDICT)
                    .attributeBe32(7, 0)
                    .nest(9)
                    .attributeBe32(1, MAP_SIZE)
                    .unnest();
        }
        out.attributeBe32(10, ++sets);
        if (description.length > 0) {
            out.attribute(13, description);
        }
        return this;
    }

    /** Fails with EBUSY if a rule refers to it. Elements do not count: expired ones stay for a while. */
    NftWriter deleteSet(String name) {
        request(DELSET, 0);
        out.attribute(2, name);
        return this;
    }

    /** Adds an element to a map; the same one again is no error, one with another chain is EBUSY. */
    NftWriter addElement(String map, byte[] key, String chain) {
        return element(NEWSETELEM, map, key, chain, 0);
    }

    /** Adds an element to a set; for one that is there, newer kernels begin its time anew, older ones do nothing. */
    NftWriter addElement(String set, byte[] key, long timeoutMillis) {
        return element(NEWSETELEM, set, key, null, timeoutMillis);
    }

    NftWriter deleteElement(String set, byte[] key) {
        return element(DELSETELEM, set, key, null, 0);
    }

    private NftWriter element(int type, String set, byte[] key, @Nullable String chain, long timeoutMillis) {
        request(type, type == NEWSETELEM ? F_CREATE : 0);
        out.attribute(2, set).nest(3).nest(1).nest(1).attribute(1, key).unnest();
        if (chain != null) {
            out.nest(2);
            verdictData(GOTO, chain);
            out.unnest();
        }
        if (timeoutMillis > 0) {
            out.attributeBe64(4, timeoutMillis);
        }
        out.unnest().unnest();
        return this;
    }

    // Rules: expressions that follow each other until one does
    // not match. Registers are numbered from 0, four bytes each.

    NftWriter rule(String chain) {
        request(NEWRULE, F_CREATE | F_APPEND);
        out.attribute(2, chain).nest(4);
        return this;
    }

    NftWriter endRule() {
        out.unnest();
        return this;
    }

    /** Matches the EtherType. */
    NftWriter protocol(int etherType) {
        return meta(META_PROTOCOL).equal((byte) (etherType >>> 8), (byte) etherType);
    }

    /** Matches the IP protocol, or the last next header. */
    NftWriter transport(int protocol) {
        return meta(META_TRANSPORT).equal((byte) protocol);
    }

    /** Loads bytes of the packet into a register and those behind it. */
    NftWriter load(int header, int offset, int length, int register) {
        expression("payload")
                .attributeBe32(1, REGISTER + register)
                .attributeBe32(2, header)
                .attributeBe32(3, offset)
                .attributeBe32(4, length);
        return endExpression();
    }

    NftWriter equal(byte... value) {
        return compare(0, value);
    }

    NftWriter notEqual(byte... value) {
        return compare(1, value);
    }

    private NftWriter compare(int operation, byte... value) {
        expression("cmp")
                .attributeBe32(1, REGISTER)
                .attributeBe32(2, operation)
                .nest(3)
                .attribute(1, value)
                .unnest();
        return endExpression();
    }

    NftWriter and(byte... mask) {
        return bitwise(mask, new byte[mask.length]);
    }

    /** Puts a number into register 0: written as mark AND 0 XOR number, which the nft command can show and read back; an immediate it cannot. */
    NftWriter constant(byte[] value) {
        return meta(META_MARK).bitwise(new byte[value.length], value);
    }

    private NftWriter bitwise(byte[] mask, byte[] xor) {
        expression("bitwise")
                .attributeBe32(1, REGISTER)
                .attributeBe32(2, REGISTER)
                .attributeBe32(3, mask.length)
                .nest(4)
                .attribute(1, mask)
                .unnest()
                .nest(5)
                .attribute(1, xor)
                .unnest();
        return endExpression();
    }

    /** Matches if register 0 is an element of the set that has not expired. */
    NftWriter in(String set) {
        expression("lookup").attribute(1, set).attributeBe32(2, REGISTER);
        return endExpression();
    }

    /** Does what the map has for register 0; nothing if it has nothing. */
    NftWriter verdictOf(String map) {
        expression("lookup").attribute(1, map).attributeBe32(2, REGISTER).attributeBe32(3, VERDICT_REGISTER);
        return endExpression();
    }

    /** Begins the time of the element in register 0 anew. */
    NftWriter refresh(String set, long timeoutMillis) {
        expression("dynset")
                .attribute(1, set)
                .attributeBe32(3, 1)
                .attributeBe32(4, REGISTER)
                .attributeBe64(6, timeoutMillis);
        return endExpression();
    }

    NftWriter verdict(int code) {
        return verdict(code, null);
    }

    NftWriter verdict(int code, @Nullable String chain) {
        expression("immediate").attributeBe32(1, VERDICT_REGISTER).nest(2);
        verdictData(code, chain);
        out.unnest();
        return endExpression();
    }

    private void verdictData(int code, @Nullable String chain) {
        out.nest(2).attributeBe32(1, code);
        if (chain != null) {
            out.attribute(2, chain);
        }
        out.unnest();
    }

    private NftWriter meta(int key) {
        expression("meta").attributeBe32(1, REGISTER).attributeBe32(2, key);
        return endExpression();
    }

    private NetlinkWriter expression(String name) {
        return out.nest(1).attribute(1, name).nest(2);
    }

    private NftWriter endExpression() {
        out.unnest().unnest();
        return this;
    }

    private NftWriter request(int type, int flags) {
        header(type, F_REQUEST | flags, FAMILY_NETDEV, 0);
        out.attribute(1, table);
        return this;
    }

    private void header(int type, int flags, int family, int resource) {
        out.message(type, flags, sequence).u8(family).u8(0).be16(resource);
    }
}
