package io.floatingip.gateway.proxy;

import java.util.concurrent.atomic.LongAdder;

/** What all listeners together have seen. */
final class Counters {
    final LongAdder requests = new LongAdder();
    final LongAdder active = new LongAdder();
    /** Answered with 5xx by the gateway itself, or cut off by an upstream. */
    final LongAdder errors = new LongAdder();
    /** Answered with 4xx by the gateway itself. */
    final LongAdder refused = new LongAdder();
}
