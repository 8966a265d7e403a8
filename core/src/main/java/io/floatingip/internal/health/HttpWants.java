package io.floatingip.internal.health;

import io.floatingip.health.UnhealthyException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
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
                && !pattern.matcher(new String(body, StandardCharsets.UTF_8)).find()) {
            throw new UnhealthyException("the body does not match " + pattern);
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
