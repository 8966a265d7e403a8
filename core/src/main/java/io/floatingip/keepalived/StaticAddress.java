package io.floatingip.keepalived;

import io.floatingip.VirtualAddress;

/**
 * An address of {@code static_ipaddress}, which the machine holds whatever its role.
 *
 * @param address with the interface it belongs on as its device
 */
public record StaticAddress(VirtualAddress address, Position at) {}
