package io.floatingip.gateway.balance;

import io.floatingip.gateway.config.Service;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** One of the scheduling algorithms of Linux's IPVS, as keepalived names them. Any thread. */
interface Algorithm {
    /**
     * @param usable all that are alive and have a weight, the same array as long as nothing changes
     * @param free those of them that take more now; not empty
     */
    Backend choose(Backend[] usable, Backend[] free, Query query);

    static Algorithm of(Service.Algorithm name) {
        return switch (name) {
            case RR -> new RoundRobin(false);
            case WRR -> new RoundRobin(true);
            case LC -> new Least(false);
            case WLC -> new Least(true);
            case SH ->
                new Hashing(true) {
                    @Override
                    int hash(Query query) {
                        return Hashing.hash(query.client());
                    }
                };
            case DH ->
                new Hashing(false) {
                    @Override
                    int hash(Query query) {
                        return query.destination().hashCode();
                    }
                };
            case LBLC -> new Locality();
        };
    }

    /** One after the other; with weights, each as often as its weight in a round, and not all of one's turns at once. */
    final class RoundRobin implements Algorithm {
        private final boolean weighted;
        private int index = -1;
        private int level;

        RoundRobin(boolean weighted) {
            this.weighted = weighted;
        }

        @Override
        public synchronized Backend choose(Backend[] usable, Backend[] free, Query query) {
            return next(free);
        }

        synchronized Backend next(Backend[] free) {
            if (!weighted) {
                index = (index + 1) % free.length;
                return free[index];
            }
            int step = 0;
            int max = 0;
            // Read once: a reload may change them at any moment, and nobody might reach the level then.
            int[] weights = new int[free.length];
            for (int i = 0; i < free.length; i++) {
                weights[i] = free[i].weight();
                step = gcd(weights[i], step);
                max = Math.max(max, weights[i]);
            }
            // The level sinks by the greatest common divisor with every round: who weighs that much has a turn.
            level = Math.min(level, max);
            while (true) {
                index = (index + 1) % free.length;
                if (index == 0) {
                    level -= step;
                    if (level <= 0) {
                        level = max;
                    }
                }
                if (weights[index] >= level) {
                    return free[index];
                }
            }
        }

        private static int gcd(int a, int b) {
            return b == 0 ? a : gcd(b, a % b);
        }
    }

    /** The fewest running requests, by weight if that counts; those that are equal take turns. */
    final class Least implements Algorithm {
        private final boolean weighted;
        private final RoundRobin turns;

        Least(boolean weighted) {
            this.weighted = weighted;
            turns = new RoundRobin(weighted);
        }

        @Override
        public Backend choose(Backend[] usable, Backend[] free, Query query) {
            Backend[] least = new Backend[free.length];
            int count = 0;
            long leastActive = 0;
            long leastWeight = 1;
            for (Backend backend : free) {
                long active = backend.active();
                long weight = weighted ? backend.weight() : 1;
                long difference = count == 0 ? -1 : active * leastWeight - leastActive * weight;
                if (difference < 0) {
                    count = 0;
                    leastActive = active;
                    leastWeight = weight;
                }
                if (difference <= 0) {
                    least[count++] = backend;
                }
            }
            return count == 1 ? least[0] : turns.next(Arrays.copyOf(least, count));
        }
    }

    /** The same for the same key: a table, filled by weight if that counts. Who is busy is stood in for by the next in the table. */
    abstract class Hashing implements Algorithm {
        private static final int SLOTS = 4096;
        private final boolean weighted;
        private volatile Table table = new Table(new Backend[0], new Backend[0]);

        private record Table(Backend[] of, Backend[] slots) {}

        Hashing(boolean weighted) {
            this.weighted = weighted;
        }

        abstract int hash(Query query);

        @Override
        public Backend choose(Backend[] usable, Backend[] free, Query query) {
            Table present = table;
            if (present.of() != usable) {
                present = new Table(usable, fill(usable));
                table = present;
            }
            // The golden ratio spreads neighbours over the table.
            int slot = (hash(query) * 0x9E3779B1) >>> 20;
            for (int i = 0; i < SLOTS; i++) {
                Backend backend = present.slots()[(slot + i) % SLOTS];
                if (free == usable || Arrays.asList(free).contains(backend)) {
                    return backend;
                }
            }
            return free[0];
        }

        private Backend[] fill(Backend[] usable) {
            Backend[] slots = new Backend[SLOTS];
            long[] credit = new long[usable.length];
            for (int slot = 0; slot < SLOTS; slot++) {
                long total = 0;
                int richest = 0;
                for (int i = 0; i < usable.length; i++) {
                    long weight = weighted ? usable[i].weight() : 1;
                    credit[i] += weight;
                    total += weight;
                    if (credit[i] > credit[richest]) {
                        richest = i;
                    }
                }
                credit[richest] -= total;
                slots[slot] = usable[richest];
            }
            return slots;
        }

        /** IPv6 addresses are folded, as IPVS does. */
        static int hash(InetAddress address) {
            byte[] bytes = address.getAddress();
            int folded = 0;
            for (int i = 0; i < bytes.length; i += 4) {
                folded ^= (bytes[i] & 0xff) << 24
                        | (bytes[i + 1] & 0xff) << 16
                        | (bytes[i + 2] & 0xff) << 8
                        | bytes[i + 3] & 0xff;
            }
            return folded;
        }
    }

    /**
     * What a destination had before, as long as that is not overloaded: more running than its weight, while another runs less than half of its own.
     * Otherwise the least busy by weight, which the destination has from then on.
     */
    final class Locality implements Algorithm {
        private static final int DESTINATIONS_MAX = 65_536;
        private final Least least = new Least(true);

        private final Map<String, Backend> chosen = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Backend> eldest) {
                return size() > DESTINATIONS_MAX;
            }
        };

        @Override
        public synchronized Backend choose(Backend[] usable, Backend[] free, Query query) {
            String destination = query.destination();
            Backend before = chosen.get(destination);
            if (before != null && Arrays.asList(free).contains(before) && !overloaded(before, free)) {
                return before;
            }
            Backend now = least.choose(usable, free, query);
            chosen.put(destination, now);
            return now;
        }

        private static boolean overloaded(Backend backend, Backend[] free) {
            if (backend.active() <= backend.weight()) {
                return false;
            }
            for (Backend other : free) {
                if (other.active() * 2L < other.weight()) {
                    return true;
                }
            }
            return false;
        }
    }
}
