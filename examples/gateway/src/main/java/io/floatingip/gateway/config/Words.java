package io.floatingip.gateway.config;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads single values; each says what it wants when it gets something else. */
final class Words {
    private static final Pattern TIME = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?) ?(ms|s|m|h)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12}) ?(B|kB|MB|GB|KiB|MiB|GiB)?");
    private static final int PORT_MAX = 65535;

    private Words() {}

    static boolean yesOrNo(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("must be true or false, got \"" + text + "\"");
        };
    }

    static Function<String, Integer> number(int min, int max) {
        return text -> {
            if (text.matches("-?\\d{1,9}")) {
                int value = Integer.parseInt(text);
                if (value >= min && value <= max) {
                    return value;
                }
            }
            throw new IllegalArgumentException("must be " + min + " to " + max + ", got \"" + text + "\"");
        };
    }

    /** {@code 1s}, {@code 20ms}, {@code 5m}, {@code 1h}. The unit is not optional: 100 could be either. */
    static Duration time(String text) {
        Matcher matcher = TIME.matcher(text.trim());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "must be a time with its unit, such as 20ms, 1s, 5m or 1h, got \"" + text + "\"");
        }
        long unit = switch (matcher.group(2)) {
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
        try {
            return Duration.ofNanos(new BigDecimal(matcher.group(1))
                    .multiply(BigDecimal.valueOf(unit))
                    .toBigInteger()
                    .longValueExact());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("is longer than anybody waits: \"" + text + "\"", e);
        }
    }

    static Function<String, Duration> time(Duration min, Duration max) {
        return text -> {
            Duration value = time(text);
            if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
                throw new IllegalArgumentException(
                        "must be " + shown(min) + " to " + shown(max) + ", got \"" + text + "\"");
            }
            return value;
        };
    }

    private static String shown(Duration value) {
        return value.toMillis() % 1000 != 0 ? value.toMillis() + "ms" : value.toSeconds() + "s";
    }

    /** Bytes: {@code 512}, {@code 64kB}, {@code 10MB}, {@code 1GiB}. */
    static Function<String, Long> size(long min, long max) {
        return text -> {
            Matcher matcher = SIZE.matcher(text.trim());
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "must be a size such as 512, 64kB, 10MB or 1GiB, got \"" + text + "\"");
            }
            long unit = switch (matcher.group(2) == null ? "B" : matcher.group(2)) {
                case "kB" -> 1000L;
                case "MB" -> 1_000_000L;
                case "GB" -> 1_000_000_000L;
                case "KiB" -> 1L << 10;
                case "MiB" -> 1L << 20;
                case "GiB" -> 1L << 30;
                default -> 1L;
            };
            long number = Long.parseLong(matcher.group(1));
            if (number > max / unit || number * unit < min) {
                throw new IllegalArgumentException("must be " + min + " to " + max + " bytes, got \"" + text + "\"");
            }
            return number * unit;
        };
    }

    /** {@code 10.0.0.1:80}, {@code [2001:db8::1]:80}; names are not resolved. */
    static InetSocketAddress endpoint(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        String port = colon < 0 ? "" : text.substring(colon + 1);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > PORT_MAX) {
            throw endpointWanted(text);
        }
        if (bracketed) {
            host = host.substring(1, host.length() - 1);
        }
        if (bracketed != host.contains(":")) {
            throw endpointWanted(text);
        }
        return new InetSocketAddress(address(host, text), Integer.parseInt(port));
    }

    /** As {@link #endpoint}; {@code *:80} is every address of this host. */
    static InetSocketAddress listenAddress(String text) {
        return text.startsWith("*:")
                ? new InetSocketAddress(endpoint("0.0.0.0" + text.substring(1)).getPort())
                : endpoint(text);
    }

    private static IllegalArgumentException endpointWanted(String text) {
        return new IllegalArgumentException(
                "must be an address and a port, such as 10.0.0.1:8080 or [2001:db8::1]:8080, got \"" + text + "\"");
    }

    private static InetAddress address(String host, String whole) {
        if (!host.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            throw new IllegalArgumentException("must be an address and a port, such as 10.0.0.1:8080, got \"" + whole
                    + "\"; names are not resolved: a gateway that waits for DNS cannot take over");
        }
        return literal(host);
    }

    static InetAddress literal(String text) {
        try {
            if (text.matches("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
                return InetAddress.getByName(text);
            }
        } catch (UnknownHostException e) {
            // The message below says what is wanted.
        }
        throw new IllegalArgumentException(
                "must be an IPv4 or IPv6 address, such as 10.0.0.1 or 2001:db8::1, got \"" + text + "\"");
    }

    /** A constant of an enum, written as {@code process-bound} for PROCESS_BOUND. */
    static <E extends Enum<E>> Function<String, E> oneOf(Class<E> type) {
        return text -> Arrays.stream(type.getEnumConstants())
                .filter(constant -> word(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(Words::word)
                                .collect(Collectors.joining(", "))
                        + ", got \"" + text + "\""));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String notEmpty(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("must not be empty");
        }
        return text;
    }
}
