package io.floatingip.spi;

/**
 * An address found on this machine.
 *
 * @param interfaceName where
 * @param prefixLength with which prefix
 * @param ours whether it carries this library's mark (IFA_PROTO or journal), so that it may be taken over or removed
 */
public record HeldAddress(String interfaceName, int prefixLength, boolean ours) {}
