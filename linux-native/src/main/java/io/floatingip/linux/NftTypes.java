package io.floatingip.linux;

import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * Descriptions of set keys for the nft command, kept by the kernel as opaque bytes: what {@code typeof} and byte order mean in a listing. Without
 * them nft 1.0.6 cannot load a ruleset that it has listed itself, and a saved firewall would fail at the next boot.
 *
 * <p>Nested values: tag u8, length u8, bytes; numbers are u32 of the host. 0 byte order of the key, 1 of the data, 3 the expression the key is
 * loaded by, 4 the data's. An expression is 0 kind, 1 description: of a payload 0 protocol, 1 field, 2 header, 3 offset, 4 bits.
 */
final class NftTypes {
    private static final String BYTE_ORDERS = "000400000000" + "010400000000";
    private static final String VERDICTS = "0408" + "000401000000" + "0100" + "060400000000";

    /** {@code @th,64,128}: the target of a neighbour solicitation or advertisement. */
    static final byte[] NEIGHBOR_TARGET = description("000402000000" + "010400000000"
            + "0326" + "000407000000" + "011e" + "000400000000" + "010400000000" + "020403000000" + "030440000000"
            + "040480000000"
            + VERDICTS);

    /** {@code ip saddr . @th,8,8}: the sender of an advert and its virtual router id. */
    static final byte[] IPV4_ADVERT = advert("0c000000", "0b000000");

    /** {@code ip6 saddr . @th,8,8}. */
    static final byte[] IPV6_ADVERT = advert("0d000000", "08000000");

    /** {@code mark}: a number in host order. */
    static final byte[] MARK = description("000401000000");

    static final byte[] NONE = {};

    private NftTypes() {}

    private static byte[] advert(String protocol, String field) {
        return description(BYTE_ORDERS
                + "0346" + "00040d000000" + "013e"
                + "0014" + "000407000000" + "010c" + "0004" + protocol + "0104" + field
                + "0126" + "000407000000" + "011e" + "000400000000" + "010400000000" + "020403000000" + "030408000000"
                + "040408000000"
                + VERDICTS);
    }

    /** For little-endian hosts; on others the listing is without it. */
    private static byte[] description(String hex) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                ? HexFormat.of().parseHex(hex)
                : NONE;
    }
}
