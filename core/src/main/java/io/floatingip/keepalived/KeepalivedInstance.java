package io.floatingip.keepalived;

import io.floatingip.FloatingIpConfig;
import java.util.List;

/**
 * A {@code vrrp_instance}.
 *
 * @param name as in the file; the configuration's name too
 * @param tracking the checks it follows, those of its group included
 * @param mail whether changes of its role are mailed
 * @param at where it stands
 */
public record KeepalivedInstance(
        String name,
        FloatingIpConfig config,
        List<Tracking> tracking,
        NotifyScripts notifyScripts,
        boolean mail,
        Position at) {
    public KeepalivedInstance {
        tracking = List.copyOf(tracking);
    }
}
