package io.floatingip;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How adverts are authenticated. None is the default and what RFC 9568 section 9 leaves. Secrets never appear in {@code toString}, logs or
 * status.
 */
public sealed interface Authentication {
    /** No authentication. */
    static Authentication none() {
        return None.NONE;
    }

    /**
     * VRRPv2's clear-text password (keepalived: {@code auth_type PASS}): protects against a wrong configuration, not against people. The first
     * 8 bytes count.
     */
    static Authentication password(String secret) {
        return new Password(secret.getBytes(StandardCharsets.UTF_8));
    }

    /** VRRPv2 inside an IPsec authentication header, HMAC-MD5-96, as keepalived computes it ({@code auth_type AH}). IPv4 only. */
    static Authentication authenticationHeader(String secret) {
        return new AuthenticationHeader(secret.getBytes(StandardCharsets.UTF_8));
    }

    /** An HMAC-SHA256 trailer (keepalived 2.4: {@code auth_hmac}), for any version and family. */
    static Hmac.Builder hmac() {
        return new Hmac.Builder();
    }

    /** See {@link #none()}. */
    enum None implements Authentication {
        NONE
    }

    /** See {@link #password}. */
    final class Password implements Authentication {
        private final byte[] secret;

        private Password(byte[] secret) {
            this.secret = requireSecret(secret);
        }

        /** A copy of the bytes. */
        public byte[] secret() {
            return secret.clone();
        }

        @Override
        public String toString() {
            return "password";
        }
    }

    /** See {@link #authenticationHeader}. */
    final class AuthenticationHeader implements Authentication {
        private final byte[] secret;

        private AuthenticationHeader(byte[] secret) {
            this.secret = requireSecret(secret);
        }

        /** A copy of the bytes. */
        public byte[] secret() {
            return secret.clone();
        }

        @Override
        public String toString() {
            return "authentication header";
        }
    }

    private static byte[] requireSecret(byte[] secret) {
        if (secret.length == 0) {
            throw new IllegalArgumentException("the password must not be empty");
        }
        return secret;
    }

    /** See {@link #hmac()}. */
    final class Hmac implements Authentication {
        private static final int KEY_BYTES_MIN = 32;
        private static final int KEY_BYTES_MAX = 64;

        private final Map<Integer, byte[]> keys;
        private final int activeKey;
        private final Optional<Duration> timeWindow;
        private final AntiReplay antiReplay;
        private final Mode mode;

        private Hmac(Builder builder) {
            keys = new TreeMap<>(builder.keys);
            activeKey = builder.activeKey.orElseGet(() -> keys.keySet().stream()
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("hmac needs at least one key")));
            if (!keys.containsKey(activeKey)) {
                throw new IllegalArgumentException(
                        "the active key must be one of the keys " + keys.keySet() + ", got " + activeKey);
            }
            timeWindow = builder.timeWindow;
            antiReplay = builder.antiReplay;
            mode = builder.mode;
        }

        /** Ids of all keys, 1 to 255. */
        public Iterable<Integer> keyIds() {
            return keys.keySet();
        }

        /** A copy of a key; empty if there is none with this id. */
        public Optional<byte[]> key(int id) {
            return Optional.ofNullable(keys.get(id)).map(byte[]::clone);
        }

        /** The key that signs what is sent. */
        public int activeKey() {
            return activeKey;
        }

        /** How far clocks may differ; empty for the default, the larger of three advert intervals and 5 s. */
        public Optional<Duration> timeWindow() {
            return timeWindow;
        }

        public AntiReplay antiReplay() {
            return antiReplay;
        }

        public Mode mode() {
            return mode;
        }

        @Override
        public String toString() {
            return "hmac(keys " + keys.keySet() + ", active " + activeKey + ", " + mode + ")";
        }

        /** What makes an advert fresh. */
        public enum AntiReplay {
            /** Its time stamp lies in the window, and its sequence grows. */
            TIME,
            /** Its sequence grows; clocks need not agree. */
            MONOTONIC
        }

        /** How strictly others are held to it; for introducing it node by node. */
        public enum Mode {
            /** Signs, and refuses what is not signed. */
            ENFORCE,
            /** Signs, and accepts adverts without a trailer too. A wrong trailer is refused. */
            PERMISSIVE,
            /** Does not sign; checks trailers that are there. */
            RECEIVE_ONLY
        }

        /** Collects keys and rules. */
        public static final class Builder {
            private final Map<Integer, byte[]> keys = new TreeMap<>();
            private Optional<Integer> activeKey = Optional.empty();
            private Optional<Duration> timeWindow = Optional.empty();
            private AntiReplay antiReplay = AntiReplay.TIME;
            private Mode mode = Mode.ENFORCE;

            private Builder() {}

            /**
             * Adds a key.
             *
             * @param id 1 to 255, the same on all nodes
             * @param secret 32 to 64 bytes
             */
            public Builder key(int id, byte[] secret) {
                if (id < 1 || id > 255) {
                    throw new IllegalArgumentException("key id must be 1 to 255, got " + id);
                }
                if (secret.length < KEY_BYTES_MIN || secret.length > KEY_BYTES_MAX) {
                    throw new IllegalArgumentException("key " + id + " must have " + KEY_BYTES_MIN + " to "
                            + KEY_BYTES_MAX + " bytes, got " + secret.length);
                }
                keys.put(id, secret.clone());
                return this;
            }

            /** The key that signs; default the one with the lowest id. */
            public Builder activeKey(int id) {
                activeKey = Optional.of(id);
                return this;
            }

            /** How far clocks may differ, 1 s to 300 s; default the larger of three advert intervals and 5 s. */
            public Builder timeWindow(Duration window) {
                if (window.compareTo(Duration.ofSeconds(1)) < 0 || window.compareTo(Duration.ofSeconds(300)) > 0) {
                    throw new IllegalArgumentException("time window must be 1 s to 300 s, got " + window);
                }
                timeWindow = Optional.of(window);
                return this;
            }

            public Builder antiReplay(AntiReplay value) {
                antiReplay = Objects.requireNonNull(value);
                return this;
            }

            public Builder mode(Mode value) {
                mode = Objects.requireNonNull(value);
                return this;
            }

            /** @throws IllegalArgumentException without a key, or if the active key is not among them */
            public Hmac build() {
                return new Hmac(this);
            }
        }
    }
}
