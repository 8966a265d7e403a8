package io.floatingip.internal.wire;

import io.floatingip.Authentication;
import java.util.Arrays;
import java.util.Optional;

/**
 * What authentication means on the wire.
 *
 * @param type VRRPv2's authentication type: 0 none, 1 password, 2 authentication header
 * @param data VRRPv2's 8 bytes of authentication data: the password, padded with zeros, or zeros
 * @param header the authentication header, if adverts are wrapped in one
 * @param trailer the HMAC trailer, if adverts carry or may carry one
 */
record Credentials(int type, byte[] data, Optional<AuthenticationHeader> header, Optional<HmacTrailer> trailer) {
    static Credentials of(WireProfile profile) {
        Authentication authentication = profile.authentication();
        if (authentication instanceof Authentication.Password password) {
            byte[] data = Arrays.copyOf(password.secret(), Message.AUTHENTICATION_DATA);
            return new Credentials(1, data, Optional.empty(), Optional.empty());
        }
        if (authentication instanceof Authentication.AuthenticationHeader header) {
            // The data stays zero: the secret is only the key.
            AuthenticationHeader state = new AuthenticationHeader(header.secret(), profile.unicast());
            return new Credentials(2, new byte[Message.AUTHENTICATION_DATA], Optional.of(state), Optional.empty());
        }
        if (authentication instanceof Authentication.Hmac hmac) {
            HmacTrailer state = new HmacTrailer(hmac, profile);
            return new Credentials(0, new byte[Message.AUTHENTICATION_DATA], Optional.empty(), Optional.of(state));
        }
        return new Credentials(0, new byte[Message.AUTHENTICATION_DATA], Optional.empty(), Optional.empty());
    }

    /** Counts on from where a predecessor of the same kind stopped, in both directions. */
    void follow(Credentials predecessor) {
        if (header.isPresent() && predecessor.header.isPresent()) {
            header.get().follow(predecessor.header.get());
        }
        if (trailer.isPresent() && predecessor.trailer.isPresent()) {
            trailer.get().follow(predecessor.trailer.get());
        }
    }

    /** Whether the 8 bytes of data are compared; without a password they are ignored on receive. */
    boolean requiresData() {
        return type == 1;
    }

    /** Whether a packet counts upwards, so that none repeats another. */
    boolean counts() {
        return header.isPresent() || trailer.isPresent();
    }

    int headerLength() {
        return header.isPresent() ? AuthenticationHeader.LENGTH : 0;
    }

    /** Bytes behind own messages. */
    int trailerLength() {
        return trailer.isPresent() && trailer.get().signs() ? HmacTrailer.LENGTH : 0;
    }
}
