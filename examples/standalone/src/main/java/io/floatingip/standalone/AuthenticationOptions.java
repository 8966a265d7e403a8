package io.floatingip.standalone;

import io.floatingip.Authentication;
import io.floatingip.FloatingIpConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How adverts are authenticated. No message here or above repeats a secret. */
final class AuthenticationOptions {
    private static final String FILE = "file:";

    @Option(
            names = "--password",
            paramLabel = "TEXT|file:PATH",
            description =
                    "Version 2 with a password in clear text (keepalived: auth_type PASS); its first 8 bytes count. What stands on a command line"
                            + " can be read by every user of the machine; a file cannot.")
    private String password;

    @Option(
            names = "--auth-header",
            paramLabel = "TEXT|file:PATH",
            description =
                    "Version 2 inside an authentication header (keepalived: auth_type AH); its first 8 bytes count.")
    private String header;

    @Option(
            names = "--hmac-key",
            paramLabel = "ID:HEX|ID:file:PATH",
            description =
                    "Key for an HMAC-SHA256 trailer (keepalived 2.4: auth_hmac): its number, 1 to 255, and 32 to 64 bytes in hex digits, or the"
                            + " file that holds these digits. Repeat it for several.")
    private List<String> keys = new ArrayList<>();

    @Option(
            names = "--hmac-active",
            paramLabel = "ID",
            description = "Key that signs. Default: the one with the lowest number.")
    private Integer active;

    @Option(
            names = "--hmac-mode",
            paramLabel = "MODE",
            description =
                    "ENFORCE signs and refuses what is not signed; PERMISSIVE signs and accepts it; RECEIVE_ONLY checks trailers that are there."
                            + " Default: ENFORCE.")
    private Authentication.Hmac.Mode mode = Authentication.Hmac.Mode.ENFORCE;

    @Option(
            names = "--hmac-window",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description =
                    "How far the clocks of two nodes may differ, 1s to 300s. Default: three intervals, at least 5s.")
    private Duration window;

    @Option(
            names = "--hmac-replay",
            paramLabel = "RULE",
            description =
                    "What makes an advert fresh: TIME, its time lies in the window, or MONOTONIC, clocks need not agree. Default: TIME.")
    private Authentication.Hmac.AntiReplay replay = Authentication.Hmac.AntiReplay.TIME;

    void apply(FloatingIpConfig.Builder to) {
        List<Authentication> given = new ArrayList<>();
        Optional.ofNullable(password)
                .map(text -> Authentication.password(secret("--password", text)))
                .ifPresent(given::add);
        Optional.ofNullable(header)
                .map(text -> Authentication.authenticationHeader(secret("--auth-header", text)))
                .ifPresent(given::add);
        if (!keys.isEmpty()) {
            given.add(hmac());
        } else if (active != null || window != null) {
            throw new IllegalArgumentException("--hmac-active and --hmac-window need an --hmac-key");
        }
        if (given.size() > 1) {
            throw new IllegalArgumentException(
                    "--password, --auth-header and --hmac-key exclude each other; give one of them");
        }
        given.forEach(to::authentication);
    }

    private Authentication hmac() {
        Authentication.Hmac.Builder hmac = Authentication.hmac().mode(mode).antiReplay(replay);
        for (String key : keys) {
            int colon = key.indexOf(':');
            if (colon < 1 || !key.substring(0, colon).matches("\\d{1,3}")) {
                throw new IllegalArgumentException("--hmac-key must be ID:HEX or ID:file:PATH, with ID from 1 to 255");
            }
            int id = Integer.parseInt(key.substring(0, colon));
            hmac.key(id, hex(id, secret("--hmac-key", key.substring(colon + 1))));
        }
        if (active != null) {
            hmac.activeKey(active);
        }
        if (window != null) {
            hmac.timeWindow(window);
        }
        return hmac.build();
    }

    private static byte[] hex(int id, String digits) {
        try {
            return HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException e) {
            // Without the cause, whose message may show digits.
            throw new IllegalArgumentException(
                    "--hmac-key " + id + " must be an even number of hex digits, or file:PATH");
        }
    }

    private static String secret(String option, String text) {
        if (!text.startsWith(FILE)) {
            return text;
        }
        Path file = Path.of(text.substring(FILE.length()));
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException(option + " cannot read " + file + ": " + e, e);
        }
    }
}
