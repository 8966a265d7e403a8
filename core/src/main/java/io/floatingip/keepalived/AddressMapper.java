package io.floatingip.keepalived;

import io.floatingip.IpFamily;
import io.floatingip.VirtualAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the addresses of {@code virtual_ipaddress}, {@code virtual_ipaddress_excluded} and {@code static_ipaddress}. */
final class AddressMapper {
    private static final int DEVICE_LENGTH_MAX = 15;
    private static final String NO_BROADCAST = "beside a peer brd is left out, as in keepalived";

    private final Findings findings;
    private final boolean isStatic;

    AddressMapper(Findings findings, boolean isStatic) {
        this.findings = findings;
        this.isStatic = isStatic;
    }

    /** An address and where it stands. */
    record Placed(VirtualAddress address, Position at) {}

    List<Placed> map(Node block) {
        if (!block.arguments().isEmpty()) {
            new Statement(block, findings).endOfWords();
        }
        List<Placed> addresses = new ArrayList<>();
        for (Node node : block.block()) {
            address(node).ifPresent(a -> addresses.add(new Placed(a, node.at())));
        }
        return addresses;
    }

    private Optional<VirtualAddress> address(Node node) {
        VirtualAddress address;
        try {
            // Without the slash keepalived takes the host's prefix, as the library does.
            address = VirtualAddress.parse(node.name());
        } catch (IllegalArgumentException e) {
            findings.error(node.at(), IncludeFiles.printable(String.valueOf(e.getMessage())));
            return Optional.empty();
        }
        Statement s = new Statement(node, findings);
        while (s.hasMore()) {
            Word option = s.word().orElseThrow();
            address = option(address, option, s);
        }
        s.end();
        return Optional.of(address);
    }

    private VirtualAddress option(VirtualAddress address, Word option, Statement s) {
        switch (option.text()) {
            case "dev" -> {
                return device(address, option, s);
            }
            case "label" -> {
                return label(address, option, s);
            }
            case "scope" -> {
                return scope(address, option, s);
            }
            case "noprefixroute" -> {
                return address.noPrefixRoute(true);
            }
            case "brd", "broadcast" -> {
                return broadcast(address, option, s);
            }
            case "peer" -> {
                return peer(address, option, s);
            }
            case "use_vmac" ->
                findings.warning(option.at(), "use_vmac of an address is not done; set use_vmac in its instance");
            case "no_track" ->
                findings.info(option.at(), "an address that somebody removes is put back here, tracked or not");
            case "-nodad" ->
                findings.warning(
                        option.at(),
                        "duplicate address detection stays off: it would keep a floating address from working when two nodes meet");
            case "home", "mngtmpaddr", "autojoin" ->
                findings.warning(
                        option.at(), "the address flag " + option + " is not set; it has no use on a floating address");
            case "preferred_lft" -> preferredLifetime(address, option, s);
            case "track_group" -> {
                value(option, s);
                findings.warning(
                        option.at(),
                        isStatic
                                ? "static addresses do not follow instances here"
                                : "track_group is for static addresses; it is left out");
            }
            default -> unknown(option);
        }
        return address;
    }

    /** A word that could be a second address must not be lost; anything else is told. */
    private void unknown(Word option) {
        if (Statement.looksLikeAddress(option.text())) {
            findings.error(
                    option.at(),
                    "each address stands on a line of its own; " + Statement.shown(option.text())
                            + " would be left out");
        } else {
            findings.warning(
                    option.at(), Statement.shown(option.text()) + " is no option of an address; it is left out");
        }
    }

    private Optional<Word> value(Word option, Statement s) {
        if (!s.hasMore()) {
            findings.warning(option.at(), option + " needs a value; it is left out");
        }
        return s.word();
    }

    private VirtualAddress device(VirtualAddress address, Word option, Statement s) {
        Optional<Word> name = s.word();
        if (name.isEmpty() || !isDevice(name.get().text())) {
            findings.error(
                    name.map(Word::at).orElse(option.at()),
                    "dev needs an interface of 1 to " + DEVICE_LENGTH_MAX + " characters");
            return address;
        }
        return address.device(name.get().text());
    }

    static boolean isDevice(String name) {
        return !name.isEmpty()
                && name.length() <= DEVICE_LENGTH_MAX
                && name.chars().allMatch(c -> c > ' ' && c != '/' && c != 0x7f);
    }

    private VirtualAddress label(VirtualAddress address, Word option, Statement s) {
        Optional<Word> text = value(option, s);
        if (text.isEmpty()) {
            return address;
        }
        try {
            return address.label(text.get().text());
        } catch (IllegalArgumentException e) {
            findings.warning(option.at(), IncludeFiles.printable(String.valueOf(e.getMessage())) + "; it is left out");
            return address;
        }
    }

    private VirtualAddress scope(VirtualAddress address, Word option, Statement s) {
        Optional<Word> name = value(option, s);
        if (name.isEmpty()) {
            return address;
        }
        if (address.family() == IpFamily.IPV6) {
            findings.warning(option.at(), "scope is for IPv4 addresses; it is left out");
            return address;
        }
        for (VirtualAddress.Scope scope : VirtualAddress.Scope.values()) {
            if (name.get().is(scope.name().toLowerCase(Locale.ROOT))
                    || name.get().is(Integer.toString(scope.number()))) {
                return address.scope(scope);
            }
        }
        findings.warning(
                name.get().at(),
                "scope must be global, site, link or host, got "
                        + Statement.shown(name.get().text()) + "; global is taken");
        return address;
    }

    /** An address, or + or - for all bits of the host set or not. */
    private VirtualAddress broadcast(VirtualAddress address, Word option, Statement s) {
        Optional<Word> value = value(option, s);
        if (value.isEmpty()) {
            return address;
        }
        boolean derived = value.get().is("+") || value.get().is("-");
        if (address.family() == IpFamily.IPV6 || derived && address.prefixLength() > 30) {
            findings.warning(
                    option.at(),
                    address + " has no broadcast address, as it is IPv6 or of too few hosts; it is left out");
            return address;
        }
        Optional<InetAddress> wanted = derived
                ? Optional.of(ofSubnet(address, value.get().is("+")))
                : IpFamily.literal(value.get().text()).filter(a -> IpFamily.of(a) == IpFamily.IPV4);
        if (wanted.isEmpty()) {
            findings.warning(
                    value.get().at(),
                    "brd must be an IPv4 address, + or -, got "
                            + Statement.shown(value.get().text()) + "; it is left out");
            return address;
        }
        if (address.peer().isPresent()) {
            findings.info(option.at(), NO_BROADCAST);
            return address;
        }
        return address.broadcast(wanted.get());
    }

    private static InetAddress ofSubnet(VirtualAddress address, boolean set) {
        int host = -1 >>> address.prefixLength();
        int bits = ByteBuffer.wrap(address.address().getAddress()).getInt();
        byte[] result =
                ByteBuffer.allocate(4).putInt(set ? bits | host : bits & ~host).array();
        try {
            return InetAddress.getByAddress(result);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address has 4 bytes", e);
        }
    }

    private VirtualAddress peer(VirtualAddress address, Word option, Statement s) {
        Optional<Word> value = value(option, s);
        if (value.isEmpty()) {
            return address;
        }
        int most = address.family().prefixLengthMax();
        String text = value.get().text();
        Optional<InetAddress> peer = IpFamily.literal(
                        text.endsWith("/" + most) ? text.substring(0, text.indexOf('/')) : text)
                .filter(a -> IpFamily.of(a) == address.family());
        if (peer.isEmpty()) {
            findings.warning(
                    value.get().at(),
                    "peer must be a single host of the same family, got " + Statement.shown(text) + "; it is left out");
            return address;
        }
        if (address.prefixLength() != most) {
            findings.info(
                    option.at(),
                    "an address with a peer is that of a host, as in keepalived; /" + address.prefixLength()
                            + " is left out");
        }
        if (address.broadcast().isPresent()) {
            findings.info(option.at(), NO_BROADCAST);
        }
        return host(address).peer(peer.get());
    }

    /** As a single host, without a broadcast address. */
    private static VirtualAddress host(VirtualAddress address) {
        VirtualAddress host =
                VirtualAddress.of(address.address()).scope(address.scope()).noPrefixRoute(address.noPrefixRoute());
        host = address.device().isPresent() ? host.device(address.device().get()) : host;
        return address.label().isPresent() ? host.label(address.label().get()) : host;
    }

    private void preferredLifetime(VirtualAddress address, Word option, Statement s) {
        Optional<Word> value = value(option, s);
        boolean hostIpv6 = address.family() == IpFamily.IPV6 && address.prefixLength() == 128;
        if (value.isPresent() && !value.get().is(hostIpv6 ? "0" : "forever")) {
            findings.warning(
                    option.at(),
                    "the preferred lifetime is 0 for IPv6 addresses of /128, so that no connection starts from them, and forever for others; "
                            + (address.family() == IpFamily.IPV6
                                    ? "choose by the length, /128 or another"
                                    : "where connections must not start from it, name their source in a route"));
        }
    }
}
