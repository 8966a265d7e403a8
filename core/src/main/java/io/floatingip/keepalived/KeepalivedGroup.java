package io.floatingip.keepalived;

import java.util.List;

/**
 * A {@code vrrp_sync_group}: instances that are master together or not at all.
 *
 * @param members names of instances, at least one
 * @param mail whether changes of its role are mailed
 */
public record KeepalivedGroup(
        String name, List<String> members, NotifyScripts notifyScripts, boolean mail, Position at) {
    public KeepalivedGroup {
        members = List.copyOf(members);
    }
}
