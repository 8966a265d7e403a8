/**
 * A LAN of network namespaces on this machine: hosts on a bridge, processes in them, a client that keeps asking, captures, and links that can
 * be cut. For the demo and the kernel tests; not published.
 *
 * <p>Needs root, or a user namespace in which this process is root ({@code unshare -Urn}). Nothing outlives the process that made it, however
 * it ends: a namespace exists as long as the process inside that holds it, and all of these die with their parent.
 */
package io.floatingip.lab;
