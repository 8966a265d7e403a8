package io.floatingip.spi;

import io.floatingip.IpFamily;

/** Which link to open. */
public sealed interface LinkSpec {
    /** An interface of the machine, by name. */
    record Interface(String name) implements LinkSpec {}

    /**
     * A virtual interface above {@code base} with the virtual router's own hardware address (RFC 9568 section 7.3); made when opened,
     * removed when closed. Settings of the kernel that have to change for it are changed, logged, and restored when closed.
     *
     * @param name of the device to make, at most 15 characters
     */
    record VirtualMac(String base, String name, HardwareAddress hardwareAddress, IpFamily family) implements LinkSpec {}

    /**
     * A device that the kernel removes when this process ends, however it ends (a non-persistent TUN), to place addresses on. Nothing is sent
     * or received through it.
     */
    record ProcessBound(String name) implements LinkSpec {}
}
