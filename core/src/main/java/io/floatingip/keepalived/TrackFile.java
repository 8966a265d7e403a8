package io.floatingip.keepalived;

/**
 * A {@code vrrp_track_file}: a file that holds a number.
 *
 * @param weight what the number is multiplied with before it is added to the priority; 0: any number but 0 takes the instance out
 * @param reversed whether the sign is turned
 */
public record TrackFile(String name, String file, int weight, boolean reversed) {}
