package io.floatingip.standalone;

import io.floatingip.FloatingIpConfig;
import io.floatingip.TrackedInterface;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Who becomes master, and when. */
final class ElectionOptions {
    @Option(
            names = "--priority",
            paramLabel = "1-255",
            description = "The highest priority alive becomes master; 255 is the owner of the address. Default: 100.")
    private int priority = 100;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description =
                    "Time between adverts, with unit: 1s, 250ms. Version 3: 10ms to 40.95s in steps of 10ms; version 2: whole seconds."
                            + " The others take over after about three of them. Default: 1s.")
    private Duration interval = Duration.ofSeconds(1);

    @Option(
            names = "--down-after",
            paramLabel = "1-100",
            description = "After how many missed adverts the master counts as down, equal on all nodes. Default: 3.")
    private int downAfter = 3;

    @Option(
            names = "--no-preempt",
            description = "Leave the address with a master of lower priority as long as it lives.")
    private boolean noPreempt;

    @Option(
            names = "--preempt-delay",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "Leave a master of lower priority alone for this long before taking over. Default: 0s.")
    private Duration preemptDelay = Duration.ZERO;

    @Option(
            names = "--startup-delay",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "Take no part for this long after the start. Default: 0s.")
    private Duration startupDelay = Duration.ZERO;

    @Option(
            names = "--track",
            paramLabel = "NAME[:WEIGHT][:reverse]",
            description =
                    "Another interface that counts. Without a weight this node takes part only while it is up; a positive weight is added to the"
                            + " priority while it is up, a negative one taken off while it is down. :reverse lets up and down change places."
                            + " Repeat it for several.")
    private List<String> tracked = new ArrayList<>();

    @Option(
            names = "--strict",
            description = "Hold to the letter of RFC 9568 and refuse to start with what it does not allow.")
    private boolean strict;

    void apply(FloatingIpConfig.Builder to) {
        to.priority(priority)
                .advertInterval(interval)
                .downAfterAdverts(downAfter)
                .preempt(!noPreempt)
                .preemptDelay(preemptDelay)
                .startupDelay(startupDelay)
                .strict(strict);
        tracked.forEach(text -> to.trackedInterface(trackedInterface(text)));
    }

    private static TrackedInterface trackedInterface(String text) {
        String[] parts = text.split(":", -1);
        int last = parts.length - 1;
        boolean reversed = last > 0 && parts[last].equals("reverse");
        int weights = reversed ? last - 1 : last;
        if (weights > 1 || weights == 1 && !parts[1].matches("[+-]?\\d{1,3}")) {
            throw new IllegalArgumentException(
                    "--track must be NAME, NAME:WEIGHT or NAME:WEIGHT:reverse, such as eth1:-50, got \"" + text + "\"");
        }
        return new TrackedInterface(parts[0], weights == 1 ? Integer.parseInt(parts[1]) : 0, reversed);
    }
}
