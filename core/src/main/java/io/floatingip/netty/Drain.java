package io.floatingip.netty;

/** What a {@link FloatingServer} tells each of its connections, as a user event in the pipeline, when the address is about to be given away. */
public enum Drain {
    /** Serve, but bring it to an end: close after the next answer. New connections are told at once. */
    BEGUN,
    /** The last moment: close if nothing runs and something has been answered before. */
    LAST,
    /** The address stays after all. */
    OVER
}
