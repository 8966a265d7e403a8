package io.floatingip.standalone;

import io.floatingip.Announcements;
import io.floatingip.FloatingIpConfig;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How neighbours are told where the address is. */
final class AnnouncementOptions {
    private final Announcements defaults = Announcements.defaults();

    @Option(
            names = "--announce-repeat",
            paramLabel = "1-100",
            description = "Frames for each address when this node becomes master. Default: 5.")
    private int repeat = defaults.repeat();

    @Option(
            names = "--announce-second-after",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "As many again after this time; 0s for none. Default: 5s.")
    private Duration secondAfter = defaults.secondAfter();

    @Option(
            names = "--announce-refresh",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "One frame for each address each time this is over; 0s for none. Default: 60s.")
    private Duration refresh = defaults.refresh();

    @Option(
            names = "--announce-interval",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "Pause between two frames on one interface. Default: 0s.")
    private Duration interval = defaults.interval();

    void apply(FloatingIpConfig.Builder to) {
        to.announcements(new Announcements(repeat, secondAfter, refresh, interval));
    }
}
