package io.floatingip.linux;

import static io.floatingip.linux.TwoHosts.address;
import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.VirtualAddress;
import io.floatingip.linux.RouteMessages.AddressEntry;
import io.floatingip.linux.RouteMessages.LinkEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Messages of a little endian machine. */
class RouteMessagesTest {
    private final byte[] memory = new byte[256];
    private final ByteBuffer buffer = ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);
    private final NetlinkWriter writer = new NetlinkWriter(buffer);

    RouteMessagesTest() {
        Arrays.fill(memory, (byte) 0xa5);
    }

    @Test
    void ipv4AddressIsAddedWithLabelLifetimeAndMark() {
        VirtualAddress address = VirtualAddress.parse("10.0.0.100/24").label("eth0:ha");
        RouteMessages.addAddress(writer, 7, NetlinkMessage.F_CREATE | NetlinkMessage.F_EXCL, 3, address, 2);
        assertThat(written())
                .isEqualTo("58000000" + "1400" + "0506" + "07000000" + "00000000"
                        + "02" + "18" + "00" + "00" + "03000000"
                        + "08000200" + "0a000064"
                        + "08000100" + "0a000064"
                        + "0c000300" + "657468303a686100"
                        + "14000600" + "02000000" + "02000000" + "00000000" + "00000000"
                        + "08000800" + "00000000"
                        + "05000b00" + "70000000");
    }

    @Test
    void ipv6HostAddressIsDeprecatedAndNotProbedFor() {
        VirtualAddress address = VirtualAddress.parse("fd00::100").noPrefixRoute(true);
        RouteMessages.addAddress(writer, 7, NetlinkMessage.F_CREATE | NetlinkMessage.F_REPLACE, 3, address, 0);
        String bytes = "fd000000000000000000000000000100";
        assertThat(written())
                .isEqualTo("64000000" + "1400" + "0505" + "07000000" + "00000000"
                        + "0a" + "80" + "00" + "00" + "03000000"
                        + "14000200" + bytes
                        + "14000100" + bytes
                        + "14000600" + "00000000" + "ffffffff" + "00000000" + "00000000"
                        + "08000800" + "02020000"
                        + "05000b00" + "70000000");
    }

    @Test
    void ipv6AddressWithAPrefixOfItsOwnIsPreferredAsLongAsItIsValid() {
        RouteMessages.addAddress(writer, 7, NetlinkMessage.F_CREATE, 3, VirtualAddress.parse("fd00::100/64"), 5);
        assertThat(written()).contains("14000600" + "05000000" + "05000000");
    }

    @Test
    void removalNamesThePrefixSoThatAnotherOneStays() {
        RouteMessages.removeAddress(writer, 7, 3, VirtualAddress.parse("10.0.0.100/24"));
        assertThat(written())
                .isEqualTo("28000000" + "1500" + "0500" + "07000000" + "00000000"
                        + "02" + "18" + "00" + "00" + "03000000"
                        + "08000200" + "0a000064"
                        + "08000100" + "0a000064");
    }

    @Test
    void writtenAddressIsReadBack() {
        VirtualAddress virtual =
                VirtualAddress.parse("10.0.0.100/24").label("eth0:ha").noPrefixRoute(true);
        RouteMessages.addAddress(writer, 7, 0, 3, virtual, 0);
        NetlinkMessage message = new NetlinkMessage(buffer, writer.end());
        assertThat(message.next()).isTrue();
        assertThat(RouteMessages.isMarked(message)).isTrue();
        AddressEntry entry = RouteMessages.readAddress(message);
        assertThat(entry)
                .isEqualTo(new AddressEntry(
                        3, address("10.0.0.100"), address("10.0.0.100"), 24, 0, 0x200, "eth0:ha", RouteMessages.MARK));
        assertThat(entry.asVirtualAddress("eth0")).isEqualTo(virtual);
        assertThat(entry.is(VirtualAddress.parse("10.0.0.100/32"))).isFalse();
    }

    @Test
    void broadcastAndPeerAreWrittenAndThePeerIsReadBack() {
        VirtualAddress virtual = VirtualAddress.parse("10.0.0.100")
                .broadcast(address("10.0.0.255"))
                .peer(address("10.9.0.1"));
        RouteMessages.addAddress(writer, 7, NetlinkMessage.F_CREATE, 3, virtual, 0);
        assertThat(written())
                .contains("02" + "20" + "00" + "00" + "03000000" + "08000200" + "0a000064" + "08000100" + "0a090001")
                .contains("08000400" + "0a0000ff");
        NetlinkMessage message = new NetlinkMessage(buffer, writer.end());
        assertThat(message.next()).isTrue();
        AddressEntry entry = RouteMessages.readAddress(message);
        assertThat(entry.is(virtual)).isTrue();
        assertThat(entry.is(VirtualAddress.parse("10.0.0.100"))).isFalse();
        assertThat(entry.asVirtualAddress("eth0"))
                .isEqualTo(VirtualAddress.parse("10.0.0.100").peer(address("10.9.0.1")));
    }

    @Test
    void macvlanIsMadeInVepaModeWithItsHardwareAddress() {
        RouteMessages.addMacvlan(writer, 7, "vrrp.51", 3, new byte[] {0, 0, 0x5e, 0, 1, 0x33});
        assertThat(written())
                .isEqualTo("5c000000" + "1000" + "0506" + "07000000" + "00000000"
                        + "00000000" + "00000000" + "00000000" + "00000000"
                        + "0c000300" + "767272702e353100"
                        + "08000500" + "03000000"
                        + "0a000100" + "00005e000133" + "0000"
                        + "1c001280" + "0c000100" + "6d6163766c616e00" + "0c000280" + "08000100" + "02000000");
    }

    @Test
    void linkIsReadWithWhatMattersAboutIt() {
        RouteMessages.addMacvlan(writer, 7, "vrrp.51", 3, new byte[] {0, 0, 0x5e, 0, 1, 0x33});
        buffer.putShort(NetlinkMessage.HEADER_BYTES + 2, (short) 1);
        buffer.putInt(NetlinkMessage.HEADER_BYTES + 4, 9).putInt(NetlinkMessage.HEADER_BYTES + 8, 0x11043);
        NetlinkMessage message = new NetlinkMessage(buffer, writer.end());
        assertThat(message.next()).isTrue();
        LinkEntry link = RouteMessages.readLink(message);
        assertThat(link).isEqualTo(new LinkEntry(9, "vrrp.51", 1, 0x11043, 0, 0x5e000133L, 3, "macvlan"));
        assertThat(link.up()).isTrue();
        assertThat(link.hasNeighbors()).isTrue();
    }

    private String written() {
        int length = writer.end();
        assertThat(memory[length]).isEqualTo((byte) 0xa5);
        return HexFormat.of().formatHex(memory, 0, length);
    }
}
