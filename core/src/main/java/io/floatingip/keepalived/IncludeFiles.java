package io.floatingip.keepalived;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Finds and reads the files that make a configuration. */
final class IncludeFiles {
    private static final Pattern WILD = Pattern.compile("[*?\\[]");
    private static final int ALTERNATIVES_MAX = 256;

    private final Findings findings;
    private final Budget budget;

    IncludeFiles(Findings findings, Budget budget) {
        this.findings = findings;
        this.budget = budget;
    }

    /**
     * A file's text; empty, with a finding, if it cannot be read.
     *
     * @param first whether it is the file that was asked for, which may be a pipe; what is included may not, since it could block forever
     */
    Optional<String> read(Path path, Position at, boolean first) {
        if (!first && !Files.isRegularFile(path)) {
            findings.error(at, "cannot include " + path + ": not a regular file");
            return Optional.empty();
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(budget.bytesLeft() + 1);
        } catch (IOException e) {
            findings.error(at, "cannot read " + path + ": " + reason(e));
            return Optional.empty();
        }
        budget.file(at, bytes.length);
        return Optional.of(decode(bytes, path.toString()));
    }

    /** UTF-8; or, since a password may hold any byte, what is not UTF-8 as Latin-1. */
    private String decode(byte[] bytes, String file) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            findings.warning(
                    new Position(file, 1, 1), "the file is not in UTF-8 and was read as ISO 8859-1; save it in UTF-8");
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    /**
     * The files that a pattern names, in order.
     *
     * @param required whether it is an error if there is none: for {@code includer} and its like
     */
    List<Path> matching(Path directory, String quoted, Position at, boolean required) {
        String pattern = unquoted(quoted);
        List<Path> found = new ArrayList<>();
        try {
            for (String alternative : alternatives(pattern)) {
                found.addAll(glob(directory, alternative));
            }
        } catch (InvalidPathException | PatternSyntaxException e) {
            findings.error(at, "include \"" + printable(pattern) + "\" is no path: " + e.getMessage());
            return List.of();
        } catch (IOException | DirectoryIteratorException e) {
            findings.error(at, "include \"" + pattern + "\" cannot be searched: " + e.getMessage());
            return List.of();
        }
        if (found.isEmpty()) {
            String message = "include \"" + pattern + "\": there is no such file";
            if (required) {
                findings.error(at, message);
            } else if (WILD.matcher(pattern).find()) {
                findings.info(at, message + " now");
            } else {
                findings.warning(at, message + "; keepalived says nothing about it");
            }
        }
        return found;
    }

    private static List<Path> glob(Path directory, String pattern) throws IOException {
        Path path = directory.resolve(pattern.startsWith("/") ? "/" : ".").normalize();
        List<Path> found = List.of(path);
        for (String part : pattern.split("/")) {
            if (part.isEmpty()) {
                continue;
            }
            List<Path> next = new ArrayList<>();
            for (Path each : found) {
                if (!WILD.matcher(part).find()) {
                    next.add(each.resolve(part));
                } else if (Files.isDirectory(each)) {
                    next.addAll(entries(each, part));
                }
                if (next.size() > Budget.FILES_MAX) {
                    break;
                }
            }
            found = next;
        }
        return found.stream().filter(Files::exists).map(Path::normalize).toList();
    }

    private static TreeSet<Path> entries(Path directory, String pattern) throws IOException {
        TreeSet<Path> entries = new TreeSet<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, pattern)) {
            for (Path entry : stream) {
                // As in a shell, * does not find hidden files.
                if (pattern.startsWith(".") || !entry.getFileName().toString().startsWith(".")) {
                    entries.add(entry);
                }
                if (entries.size() > Budget.FILES_MAX) {
                    break;
                }
            }
        }
        return entries;
    }

    /** {@code a{b,c}} is ab and ac; braces may be nested. */
    private static List<String> alternatives(String pattern) {
        List<String> all = new ArrayList<>(List.of(pattern));
        for (int i = 0; i < all.size() && all.size() < ALTERNATIVES_MAX; ) {
            String each = all.get(i);
            int close = each.indexOf('}');
            int open = close < 0 ? -1 : each.lastIndexOf('{', close);
            if (open < 0) {
                i++;
                continue;
            }
            all.remove(i);
            int at = i;
            for (String choice : each.substring(open + 1, close).split(",", -1)) {
                all.add(at++, each.substring(0, open) + choice + each.substring(close + 1));
            }
        }
        return all;
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() > 1
                && (text.startsWith("\"") || text.startsWith("'"))
                && text.charAt(0) == text.charAt(text.length() - 1);
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.NoSuchFileException
                ? "there is no such file"
                : e instanceof java.nio.file.AccessDeniedException
                        ? "permission denied"
                        : String.valueOf(e.getMessage());
    }
}
