package io.floatingip.standalone;

import io.floatingip.FenceMode;
import io.floatingip.FloatingIpConfig;
import java.time.Duration;
import picocli.CommandLine.ArgGroup;
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

    @ArgGroup(validate = false, heading = "%nAddresses%n")
    private AddressOptions addresses = new AddressOptions();

    @ArgGroup(validate = false, heading = "%nElection%n")
    private ElectionOptions election = new ElectionOptions();

    @ArgGroup(validate = false, heading = "%nAdverts%n")
    private WireOptions wire = new WireOptions();

    @ArgGroup(validate = false, heading = "%nAuthentication; secrets appear in no log and no message%n")
    private AuthenticationOptions authentication = new AuthenticationOptions();

    @ArgGroup(validate = false, heading = "%nAnnouncements: gratuitous ARP and unsolicited neighbour advertisements%n")
    private AnnouncementOptions announcements = new AnnouncementOptions();

    @Option(
            names = "--fence",
            paramLabel = "MODE",
            defaultValue = "AUTO",
            description =
                    "What takes the address away when this process is killed or frozen: ${COMPLETION-CANDIDATES}. Default:"
                            + " ${DEFAULT-VALUE}, whatever the kernel and the interval allow.")
    private FenceMode fence;

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            defaultValue = "0s",
            converter = TimeConverter.class,
            description =
                    "How long listeners may finish what runs before the address is given away on purpose. Default: ${DEFAULT-VALUE}.")
    private Duration drain;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name in lines and logs. Default: interface and virtual router id, eth0-52.")
    private String name;

    FloatingIpConfig.Builder builder() {
        FloatingIpConfig.Builder builder = FloatingIpConfig.builder()
                .networkInterface(networkInterface)
                .virtualRouterId(virtualRouterId)
                .fence(fence)
                .drain(drain);
        if (name != null) {
            builder.name(name);
        }
        addresses.apply(builder);
        election.apply(builder);
        wire.apply(builder);
        authentication.apply(builder);
        announcements.apply(builder);
        return builder;
    }
}
