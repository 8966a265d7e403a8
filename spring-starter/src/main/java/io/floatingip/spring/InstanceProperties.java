package io.floatingip.spring;

import io.floatingip.Authentication;
import io.floatingip.ChecksumMode;
import io.floatingip.FenceMode;
import io.floatingip.Placement;
import io.floatingip.VirtualMac;
import io.floatingip.health.HealthState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/**
 * One floating IP. The defaults are those of {@link io.floatingip.FloatingIpConfig}.
 *
 * @param name Name for logs, metrics and status. Default: the instance's key, or interface and virtual router id.
 * @param networkInterface Interface that adverts are sent and received on and that carries the addresses. Required.
 * @param virtualRouterId Virtual router id, 1 to 255: equal on all nodes of this floating IP, different from all others on the LAN. Required.
 * @param addresses Floating addresses, such as 10.0.0.10/24 or 2001:db8::10; those of both families move together. At least one is required.
 * @param excludedAddresses Addresses that are held with the others but not advertised.
 * @param priority How strongly this node wants the address, 1 to 254; the highest live node becomes master. 255 is the owner of the address.
 * @param version Version of VRRP, 2 or 3, equal on all nodes. keepalived's own default is 2.
 * @param advertInterval How often the master advertises, 10ms to 40.95s, with version 2 whole seconds up to 255s. Others take over after about
 *     three and a half of these.
 * @param downAfterAdverts After how many missed adverts the master counts as down, 1 to 100, equal on all nodes.
 * @param preempt Whether this node takes the address from a live master of lower priority.
 * @param preemptDelay How long a master of lower priority is left alone before it is preempted, up to 1h.
 * @param startupDelay How long to take no part after the application has become ready for the first time, up to 1h.
 * @param drain How long listeners may finish what runs (onDrain) when the address is given away on purpose, up to 1h. Keep it below
 *     spring.lifecycle.timeout-per-shutdown-phase.
 * @param unicastPeers The other nodes, as they send from, where there is no multicast; 10.0.0.2, or 10.0.0.2@254-255 with bounds for the TTL.
 * @param sources Address that adverts are sent from, one for each family. Default: the interface's own.
 * @param multicastGroups Other multicast groups than 224.0.0.18 and ff02::12, one for each family.
 * @param checksum What the checksum of version 3 over IPv4 covers when sending. Both are accepted.
 * @param authentication How adverts are authenticated; by default they are not.
 * @param announcements How neighbours are told where the address is.
 * @param fence What takes the address from this host when the process stops.
 * @param accept Whether this host accepts traffic to the address while it is master.
 * @param virtualMac Whether the address has a hardware address of its own that moves with it.
 * @param placement Where on this host the address is put.
 * @param trackedInterfaces Other interfaces whose state counts.
 * @param strict Whether to hold to the letter of RFC 9568 and refuse what it does not allow.
 * @param checks Health checks by name. A check without a target is the bean of type HealthCheck with this name.
 */
@ConfigurationProperties("floatingip")
public record InstanceProperties(
        @Nullable String name,
        @Name("interface") @Nullable String networkInterface,
        @Nullable Integer virtualRouterId,
        @DefaultValue List<String> addresses,
        @DefaultValue List<String> excludedAddresses,
        @DefaultValue("100") int priority,
        @DefaultValue("3") int version,
        @DefaultValue("1s") Duration advertInterval,
        @DefaultValue("3") int downAfterAdverts,
        @DefaultValue("true") boolean preempt,
        @DefaultValue("0s") Duration preemptDelay,
        @DefaultValue("0s") Duration startupDelay,
        @DefaultValue("0s") Duration drain,
        @DefaultValue List<String> unicastPeers,
        @DefaultValue List<String> sources,
        @DefaultValue List<String> multicastGroups,
        @DefaultValue("pseudo-header") ChecksumMode checksum,
        @DefaultValue AuthenticationProperties authentication,
        @DefaultValue AnnouncementProperties announcements,
        @DefaultValue("auto") FenceMode fence,
        @DefaultValue("true") boolean accept,
        @DefaultValue("off") VirtualMac virtualMac,
        @DefaultValue("interface") Placement placement,
        @DefaultValue List<TrackedInterfaceProperties> trackedInterfaces,
        @DefaultValue("false") boolean strict,
        @DefaultValue Map<String, CheckProperties> checks) {

    /** Without secrets. */
    @Override
    public String toString() {
        return "InstanceProperties(" + name + ", " + networkInterface + ", " + virtualRouterId + ", " + addresses + ")";
    }

    /**
     * Authentication of adverts; one of the three. Values may come from a config tree, as other secrets.
     *
     * @param password VRRPv2's clear-text password (keepalived: auth_type PASS); the first 8 bytes count.
     * @param header Key of VRRPv2's authentication header (keepalived: auth_type AH); the first 8 bytes count.
     * @param hmac HMAC-SHA256 trailer (keepalived 2.4: auth_hmac), for any version.
     */
    public record AuthenticationProperties(
            @Nullable String password,
            @Nullable String header,
            @DefaultValue HmacProperties hmac) {
        @Override
        public String toString() {
            return "AuthenticationProperties";
        }
    }

    /**
     * Authentication by an HMAC-SHA256 trailer.
     *
     * @param keys Keys by their number, 1 to 255, as 64 to 128 hex digits; the same on all nodes.
     * @param activeKey Number of the key that signs. Default: the lowest.
     * @param mode How strictly others are held to it; for introducing it node by node.
     * @param antiReplay What makes an advert fresh: its time, or its sequence alone.
     * @param timeWindow How far clocks may differ, 1s to 300s. Default: three advert intervals, at least 5s.
     */
    public record HmacProperties(
            @DefaultValue Map<Integer, String> keys,
            @Nullable Integer activeKey,
            @DefaultValue("enforce") Authentication.Hmac.Mode mode,
            @DefaultValue("time") Authentication.Hmac.AntiReplay antiReplay,
            @Nullable Duration timeWindow) {
        @Override
        public String toString() {
            return "HmacProperties(keys " + keys.keySet() + ")";
        }
    }

    /**
     * Gratuitous ARP and unsolicited neighbour advertisements.
     *
     * @param repeat Frames for each address at once, 1 to 100.
     * @param secondAfter Delay of a second, equal burst; 0 for none.
     * @param refresh Period of single frames while master; 0 for none.
     * @param interval Pause between two frames on one interface.
     */
    public record AnnouncementProperties(
            @DefaultValue("5") int repeat,
            @DefaultValue("5s") Duration secondAfter,
            @DefaultValue("1m") Duration refresh,
            @DefaultValue("0s") Duration interval) {}

    /**
     * Another interface that counts.
     *
     * @param name Name of the interface.
     * @param weight 0: without the interface this node takes no part. Positive: added to the priority while it is up. Negative: taken off while
     *     it is down. -253 to 253.
     * @param reversed Whether up and down change places.
     */
    public record TrackedInterfaceProperties(
            @Nullable String name,
            @DefaultValue("0") int weight,
            @DefaultValue("false") boolean reversed) {}

    /**
     * A health check: what is looked at (one of tcp to network-interface), how often, and what a failure does.
     *
     * @param tcp Whether a TCP connection can be made, host:port.
     * @param http URLs that are to answer with a status of 200 to 299, one after the other.
     * @param status The one status that http wants instead.
     * @param bodyMatches Regular expression that is to be found in the body of http's answer.
     * @param virtualHost What http's Host header and server name say instead of the URL's host.
     * @param trust PEM file of certificates that http trusts instead of the JVM's.
     * @param command Command, with its arguments, that is to end with exit code 0.
     * @param shell Line for /bin/sh that is to end with exit code 0.
     * @param process Name of a process that is to run on this machine.
     * @param file File that holds a number: with a weight the weight is multiplied by it, without one 0 is healthy.
     * @param networkInterface Network interface that is to be up.
     * @param weight Part of the priority, -254 to 254: a positive one is added while healthy, a negative one while unhealthy. Default: an
     *     unhealthy check releases the address.
     * @param reversed Whether what a failure does is done by success.
     * @param makeBeforeBreak Whether a failure that releases the address goes on serving until a successor has it.
     * @param interval From the beginning of one run to the beginning of the next, 1ms to 1d.
     * @param timeout How long one try may take, 1ms to 1d. Default: the interval.
     * @param rise How many successes in a row make it healthy.
     * @param fall How many failures in a row make it unhealthy.
     * @param initially What is assumed before the first result.
     * @param retries How often a failed run is tried again before it counts.
     * @param retryDelay How long to wait before each of the retries.
     */
    public record CheckProperties(
            @Nullable String tcp,
            @DefaultValue List<String> http,
            @Nullable Integer status,
            @Nullable String bodyMatches,
            @Nullable String virtualHost,
            @Nullable Path trust,
            @DefaultValue List<String> command,
            @Nullable String shell,
            @Nullable String process,
            @Nullable Path file,
            @Nullable String networkInterface,
            @Nullable Integer weight,
            @DefaultValue("false") boolean reversed,
            @DefaultValue("false") boolean makeBeforeBreak,
            @DefaultValue("1s") Duration interval,
            @Nullable Duration timeout,
            @DefaultValue("1") int rise,
            @DefaultValue("1") int fall,
            @DefaultValue("pending") HealthState initially,
            @DefaultValue("0") int retries,
            @DefaultValue("0s") Duration retryDelay) {}
}
