package io.floatingip.internal.wire;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * HMAC (RFC 2104). {@code javax.crypto.Mac} makes an array for every result; this one sums into its own, so that signing an advert leaves no
 * garbage.
 */
final class KeyedHash {
    private static final int BLOCK = 64;

    private final MessageDigest digest;
    private final byte[] innerPad = new byte[BLOCK];
    private final byte[] outerPad = new byte[BLOCK];
    private final byte[] result;

    private KeyedHash(String algorithm, byte[] key) {
        if (key.length > BLOCK) {
            throw new IllegalArgumentException("key must have at most " + BLOCK + " bytes, got " + key.length);
        }
        try {
            digest = MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no " + algorithm + ", which authentication needs", e);
        }
        Arrays.fill(innerPad, (byte) 0x36);
        Arrays.fill(outerPad, (byte) 0x5c);
        for (int i = 0; i < key.length; i++) {
            innerPad[i] ^= key[i];
            outerPad[i] ^= key[i];
        }
        result = new byte[digest.getDigestLength()];
    }

    static KeyedHash md5(byte[] key) {
        return new KeyedHash("MD5", key);
    }

    static KeyedHash sha256(byte[] key) {
        return new KeyedHash("SHA-256", key);
    }

    /** The HMAC of the first bytes of an array. The result is this object's own array and holds until the next call. */
    byte[] of(byte[] data, int length) {
        digest.reset();
        digest.update(innerPad);
        digest.update(data, 0, length);
        finish();
        digest.update(outerPad);
        digest.update(result);
        finish();
        return result;
    }

    private void finish() {
        try {
            digest.digest(result, 0, result.length);
        } catch (DigestException e) {
            throw new AssertionError("the array has the length of the digest", e);
        }
    }
}
