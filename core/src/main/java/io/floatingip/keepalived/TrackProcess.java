package io.floatingip.keepalived;

import java.util.List;

/**
 * A {@code vrrp_track_process}: good while enough, and not too many, processes of a name run.
 *
 * @param process the name, and arguments if they matter
 * @param weight 0: a failure takes the instance out; positive: added while good; negative: taken off while bad
 * @param reversed whether the weight's sign is turned
 * @param quorum how many must run
 * @param quorumMax how many may run
 */
public record TrackProcess(
        String name, List<String> process, int weight, boolean reversed, int quorum, int quorumMax) {}
