package io.floatingip.keepalived;

import io.floatingip.Authentication;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads {@code authentication} and {@code auth_hmac}. Secrets never appear in a finding. */
final class AuthenticationMapper {
    private static final Set<String> MAPPED = Set.of("auth_type", "auth_pass");
    private static final Set<String> HMAC_MAPPED = Set.of("key", "active_key", "time_window", "anti_replay", "mode");
    private static final int PASSWORD_BYTES = 8;
    private static final int KEY_FILE_MAX = 256;
    private static final Pattern NUMBER = Pattern.compile("0*([1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])");
    private static final Pattern HEX = Pattern.compile("hex:([0-9a-fA-F]{2})+");

    private final Findings findings;

    AuthenticationMapper(Findings findings) {
        this.findings = findings;
    }

    /** None if it is incomplete, as keepalived has it. */
    Authentication map(Node block) {
        Optional<Word> type = Optional.empty();
        Optional<Word> password = Optional.empty();
        noWords(block);
        for (Node node : block.block()) {
            Statement s = new Statement(node, findings);
            switch (node.name()) {
                case "auth_type" -> type = s.required("PASS or AH");
                case "auth_pass" -> password = s.required("a password");
                default -> {
                    unknown(node, MAPPED);
                    continue;
                }
            }
            end(s);
        }
        if (type.isEmpty() || password.isEmpty() || password.get().text().isEmpty()) {
            findings.error(
                    block.at(),
                    "authentication needs auth_type and auth_pass; without them adverts would not be authenticated");
            return Authentication.none();
        }
        if (password.get().text().getBytes(StandardCharsets.UTF_8).length > PASSWORD_BYTES) {
            findings.info(
                    password.get().at(), "the first " + PASSWORD_BYTES + " bytes of auth_pass count, as in keepalived");
        }
        switch (type.get().text()) {
            case "PASS" -> {
                return Authentication.password(password.get().text());
            }
            case "AH" -> {
                return Authentication.authenticationHeader(password.get().text());
            }
            default -> {
                findings.error(
                        type.get().at(),
                        "auth_type must be PASS or AH, got "
                                + Statement.shown(type.get().text()));
                return Authentication.none();
            }
        }
    }

    /** Words here may be secrets, which must not be quoted. */
    private void noWords(Node block) {
        if (!block.arguments().isEmpty()) {
            findings.error(
                    block.arguments().get(0).at(),
                    block.name() + " takes its settings in a block, each on a line of its own");
        }
    }

    private void unknown(Node node, Set<String> keywords) {
        findings.warning(
                node.at(), "no keyword stands here but one of " + new TreeSet<>(keywords) + "; the line is left out");
    }

    private void end(Statement s) {
        if (s.hasMore()) {
            findings.error(
                    s.here(),
                    s.name()
                            + " ends before this; a secret that holds spaces needs quotes, and each setting a line of its own");
            s.words();
        }
        s.end();
    }

    Optional<Authentication> hmac(Node block) {
        Authentication.Hmac.Builder hmac = Authentication.hmac();
        int errors = findings.errors();
        noWords(block);
        for (Node node : block.block()) {
            Statement s = new Statement(node, findings);
            try {
                hmac(s, hmac);
            } catch (IllegalArgumentException e) {
                findings.error(node.at(), String.valueOf(e.getMessage()));
            }
        }
        try {
            return findings.errors() == errors ? Optional.of(hmac.build()) : Optional.empty();
        } catch (IllegalArgumentException e) {
            findings.error(block.at(), String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void hmac(Statement s, Authentication.Hmac.Builder hmac) {
        switch (s.name()) {
            case "key" -> key(s, hmac);
            case "active_key" -> s.number(1, 255).ifPresent(hmac::activeKey);
            case "time_window" -> s.number(1, 300).ifPresent(n -> hmac.timeWindow(Duration.ofSeconds(n)));
            case "anti_replay" -> {
                if (s.word("monotonic")) {
                    hmac.antiReplay(Authentication.Hmac.AntiReplay.MONOTONIC);
                } else if (!s.word("time")) {
                    findings.error(s.here(), "anti_replay must be time or monotonic");
                }
            }
            case "mode" -> mode(s, hmac);
            default -> {
                unknown(s.node(), HMAC_MAPPED);
                return;
            }
        }
        end(s);
    }

    private void mode(Statement s, Authentication.Hmac.Builder hmac) {
        Optional<Word> word = s.required("enforce, permissive or receive-only");
        for (Authentication.Hmac.Mode mode : Authentication.Hmac.Mode.values()) {
            if (word.isPresent()
                    && word.get().is(mode.name().toLowerCase(Locale.ROOT).replace('_', '-'))) {
                hmac.mode(mode);
                return;
            }
        }
        word.ifPresent(w -> findings.error(w.at(), "mode must be enforce, permissive or receive-only"));
    }

    private void key(Statement s, Authentication.Hmac.Builder hmac) {
        Optional<Word> id = s.word();
        Optional<Word> secret = s.word();
        if (secret.isEmpty() || !NUMBER.matcher(id.orElseThrow().text()).matches()) {
            findings.error(
                    s.node().at(),
                    "key needs a number from 1 to 255 and behind it the key: hex:..., characters or file:PATH");
            s.words();
            return;
        }
        secret(secret.get())
                .ifPresent(bytes -> hmac.key(Integer.parseInt(id.get().text()), bytes));
    }

    private Optional<byte[]> secret(Word word) {
        String text = word.text();
        if (text.startsWith("file:")) {
            try {
                return Optional.of(keyFile(Path.of(text.substring(5))));
            } catch (IOException | InvalidPathException e) {
                findings.error(word.at(), "cannot read the key's file " + Statement.shown(text.substring(5)));
                return Optional.empty();
            }
        }
        if (text.startsWith("hex:")) {
            if (!HEX.matcher(text).matches()) {
                findings.error(word.at(), "hex: is followed by pairs of hexadecimal digits");
                return Optional.empty();
            }
            return Optional.of(hex(text.substring(4)));
        }
        return Optional.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] keyFile(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException("not a regular file");
        }
        String text;
        try (InputStream in = Files.newInputStream(path)) {
            text = new String(in.readNBytes(KEY_FILE_MAX), StandardCharsets.ISO_8859_1).stripTrailing();
        }
        return HEX.matcher(text).matches() ? hex(text.substring(4)) : text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] hex(String digits) {
        byte[] bytes = new byte[digits.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(digits.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }
}
