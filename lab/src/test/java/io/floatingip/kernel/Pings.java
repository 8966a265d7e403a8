package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Host;
import io.floatingip.lab.Running;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Echo requests, one each millisecond, answered by the kernel of whoever holds the address: nothing else is between. */
record Pings(Running ping) {
    static Pings start(Host client, String address, int count) {
        return new Pings(client.start(
                "ping", List.of("ping", "-q", "-n", "-i", "0.001", "-c", Integer.toString(count), "-W", "1", address)));
    }

    /** Waits for the last one. */
    long lost() {
        String summary =
                ping.awaitLine("packets transmitted", Duration.ofSeconds(40)).text();
        Matcher counts =
                Pattern.compile("(\\d+) packets transmitted, (\\d+) received").matcher(summary);
        assertThat(counts.find()).as(summary).isTrue();
        return Long.parseLong(counts.group(1)) - Long.parseLong(counts.group(2));
    }
}
