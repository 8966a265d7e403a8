package io.floatingip.standalone;

import io.floatingip.ChecksumMode;
import io.floatingip.FenceMode;
import io.floatingip.FloatingIpConfig;
import io.floatingip.VirtualAddress;
import io.floatingip.VrrpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** A floating IP described on the command line. */
final class JoinOptions {
    @Option(
            names = {"-i", "--interface"},
            required = true,
            paramLabel = "NAME",
            description =
                    "Interface that adverts are sent and received on and that carries the addresses, for example eth0.")
    private String networkInterface;

    @Option(
            names = "--vrid",
            required = true,
            paramLabel = "1-255",
            description =
                    "Virtual router id: equal on all nodes of this floating IP, different from all others on the LAN.")
    private int virtualRouterId;

    @Option(
            names = {"-a", "--address"},
            required = true,
            paramLabel = "ADDRESS[/PREFIX]",
            description =
                    "Floating address, 10.99.0.66/32 or 2001:db8::66/128; repeat it for several. Without a prefix it is that of a host.")
    private List<String> addresses = new ArrayList<>();

    @Option(
            names = "--priority",
            paramLabel = "1-255",
            defaultValue = "100",
            description =
                    "The highest priority alive becomes master; 255 is the owner of the address. Default: ${DEFAULT-VALUE}.")
    private int priority;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "1s",
            converter = TimeConverter.class,
            description =
                    "Time between adverts, with unit: 1s, 250ms. Version 3: 10ms to 40.95s in steps of 10ms; version 2: whole seconds."
                            + " The others take over after about three of them. Default: ${DEFAULT-VALUE}.")
    private Duration interval;

    @Option(
            names = "--version",
            paramLabel = "2|3",
            defaultValue = "3",
            description =
                    "VRRP version, equal on all nodes; 2 is IPv4 only and keepalived's own default. Default: ${DEFAULT-VALUE}.")
    private int version;

    @Option(
            names = "--no-preempt",
            description = "Leave the address with a master of lower priority as long as it lives.")
    private boolean noPreempt;

    @Option(
            names = "--checksum",
            paramLabel = "RULE",
            defaultValue = "PSEUDO_HEADER",
            description =
                    "What the checksum of version 3 over IPv4 covers when sending: ${COMPLETION-CANDIDATES}. Both are accepted."
                            + " Default: ${DEFAULT-VALUE}, as keepalived and FRR.")
    private ChecksumMode checksum;

    @Option(
            names = "--fence",
            paramLabel = "MODE",
            defaultValue = "AUTO",
            description =
                    "What takes the address away when this process is killed or frozen: ${COMPLETION-CANDIDATES}. Default:"
                            + " ${DEFAULT-VALUE}, whatever the kernel and the interval allow.")
    private FenceMode fence;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name in lines and logs. Default: interface and virtual router id, eth0-52.")
    private String name;

    FloatingIpConfig.Builder builder() {
        FloatingIpConfig.Builder builder = FloatingIpConfig.builder()
                .networkInterface(networkInterface)
                .virtualRouterId(virtualRouterId)
                .priority(priority)
                .version(vrrpVersion())
                .advertInterval(interval)
                .preempt(!noPreempt)
                .checksum(checksum)
                .fence(fence);
        if (name != null) {
            builder.name(name);
        }
        for (String address : addresses) {
            builder.address(VirtualAddress.parse(address));
        }
        return builder;
    }

    private VrrpVersion vrrpVersion() {
        return switch (version) {
            case 2 -> VrrpVersion.V2;
            case 3 -> VrrpVersion.V3;
            default -> throw new IllegalArgumentException("version must be 2 or 3, got " + version);
        };
    }
}
