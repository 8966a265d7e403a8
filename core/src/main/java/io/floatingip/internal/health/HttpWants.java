package io.floatingip.internal.health;

import io.floatingip.health.UnhealthyException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What to ask and what is wanted of the answer. */
record HttpWants(
        String method,
        @Nullable String virtualHost,
        List<String> headers,
        int statusMin,
        int statusMax,
        @Nullable Pattern pattern,
        @Nullable Digest digest,
        int bodyMax) {
    static final HttpWants DEFAULT = new HttpWants("GET", null, List.of(), 200, 299, null, null, 1 << 20);

    record Digest(String algorithm, String hexadecimal) {
        Digest {
            int length = algorithm.equals("MD5") ? 32 : 64;
            hexadecimal = hexadecimal.strip().toLowerCase(Locale.ROOT);
            if (!hexadecimal.matches("[0-9a-f]{" + length + "}")) {
                throw new IllegalArgumentException(
                        algorithm + " must be " + length + " hexadecimal digits, got \"" + hexadecimal + "\"");
            }
        }
    }

    HttpWants withMethod(String name) {
        return new HttpWants(name, virtualHost, headers, statusMin, statusMax, pattern, digest, bodyMax);
    }

    HttpWants withVirtualHost(String name) {
        return new HttpWants(method, name, headers, statusMin, statusMax, pattern, digest, bodyMax);
    }

    HttpWants withHeader(String line) {
        List<String> more = Stream.concat(headers.stream(), Stream.of(line)).toList();
        return new HttpWants(method, virtualHost, more, statusMin, statusMax, pattern, digest, bodyMax);
    }

    HttpWants withStatus(int min, int max) {
        return new HttpWants(method, virtualHost, headers, min, max, pattern, digest, bodyMax);
    }

    HttpWants withPattern(Pattern value) {
        return new HttpWants(method, virtualHost, headers, statusMin, statusMax, value, digest, bodyMax);
    }

    HttpWants withDigest(Digest value) {
        return new HttpWants(method, virtualHost, headers, statusMin, statusMax, pattern, value, bodyMax);
    }

    HttpWants withBodyMax(int bytes) {
        return new HttpWants(method, virtualHost, headers, statusMin, statusMax, pattern, digest, bytes);
    }

    boolean body() {
        return pattern != null || digest != null;
    }

    void judgeStatus(HttpResponse response) throws UnhealthyException {
        int status = response.status();
        if (status < statusMin || status > statusMax) {
            String location = response.header("location");
            throw new UnhealthyException("status " + status + (location == null ? "" : " (to " + location + ")")
                    + ", wanted " + (statusMin == statusMax ? statusMin : statusMin + " to " + statusMax));
        }
    }

    void judgeBody(byte[] body) throws UnhealthyException {
        if (digest != null) {
            String found = HexFormat.of().formatHex(digest(digest.algorithm()).digest(body));
            if (!found.equals(digest.hexadecimal())) {
                throw new UnhealthyException(
                        digest.algorithm() + " of the body is " + found + ", wanted " + digest.hexadecimal());
            }
        }
        if (pattern != null
                && !pattern.matcher(new Interruptible(new String(body, StandardCharsets.UTF_8)))
                        .find()) {
            throw new UnhealthyException("the body does not match " + pattern);
        }
    }

    /** A text on which a match that takes too long can be ended: there is no other way. */
    private record Interruptible(CharSequence text) implements CharSequence {
        @Override
        public char charAt(int index) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("the match was interrupted");
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Interruptible(text.subSequence(start, end));
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }
}
