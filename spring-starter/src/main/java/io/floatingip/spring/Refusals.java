package io.floatingip.spring;

import io.floatingip.FloatingIpException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.core.convert.ConversionFailedException;

/** What the library refuses, in the words of the properties: which one, and what to do. */
final class Refusals {
    /** Builder methods that have a property, under its name below the instance. */
    private static final Map<String, String> PROPERTIES = new LinkedHashMap<>();

    static {
        for (String same : new String[] {
            "virtualRouterId",
            "advertInterval",
            "downAfterAdverts",
            "preemptDelay",
            "startupDelay",
            "virtualMac",
            "priority",
            "version",
            "preempt",
            "checksum",
            "fence",
            "strict",
            "placement",
            "drain"
        }) {
            PROPERTIES.put(same, dashed(same));
        }
        PROPERTIES.put("networkInterface", "interface");
        PROPERTIES.put("address", "addresses");
        PROPERTIES.put("excludedAddress", "excluded-addresses");
        PROPERTIES.put("unicastPeer", "unicast-peers");
        PROPERTIES.put("multicastGroup", "multicast-groups");
        PROPERTIES.put("trackedInterface", "tracked-interfaces");
        PROPERTIES.put("source", "sources");
    }

    private static final Pattern CALL = Pattern.compile("\\b([a-z]\\w*)\\(([^()]*)\\)");
    private static final Pattern CAMEL = Pattern.compile("\\b[a-z]+[A-Z]\\w*\\b");
    private static final Pattern FIRST = Pattern.compile("^([a-z]\\w*)(?= must| is required| \\d)");
    private static final Pattern RANGE = Pattern.compile("^(floatingip\\S*) must be (.+?), got (.+)$");
    private static final Pattern EXPECTED = Pattern.compile("^(floatingip\\S*): expected (.+), got .+$");
    private static final Pattern REQUIRED = Pattern.compile("^(floatingip\\S*) is required, (for example )?(.+)$");
    private static final Pattern PROPERTY = Pattern.compile("^(floatingip\\.[^\\s:]+)");
    private static final Pattern NO_INTERFACE = Pattern.compile("there is no interface (\\S+?)[;,].*");
    private static final int IMPOSSIBLE = -777;
    private static final Pattern IMPOSSIBLE_RANGE = Pattern.compile("\\bmust be ([^;]+?), got [^;]*777");
    private static final String MANUAL = "docs/spring-properties.md lists every property with its range and default.";

    private Refusals() {}

    /** A value that is out of range, or does not go with another. */
    static FloatingIpStartException refused(String prefix, IllegalArgumentException e) {
        String text = inProperties(prefix, String.valueOf(e.getMessage()));
        int end = text.lastIndexOf("; ");
        return end > 0
                ? new FloatingIpStartException(
                        prefix, sentence(text.substring(0, end)), sentence(text.substring(end + 2)), e)
                : new FloatingIpStartException(prefix, sentence(text), action(prefix, text), e);
    }

    private static String action(String prefix, String text) {
        Matcher range = RANGE.matcher(text);
        if (range.matches()) {
            return "Set " + range.group(1) + " to " + range.group(2) + ".";
        }
        Matcher expected = EXPECTED.matcher(text);
        if (expected.matches()) {
            return "Set " + expected.group(1) + " to " + expected.group(2) + ".";
        }
        Matcher required = REQUIRED.matcher(text);
        if (required.matches()) {
            String example = required.group(2) == null ? " to " : ", for example to ";
            return "Set " + required.group(1) + example + required.group(3) + ".";
        }
        int example = text.indexOf("for example ");
        if (example > 0) {
            return "Add one, " + text.substring(example) + ".";
        }
        Matcher property = PROPERTY.matcher(text);
        return "Correct " + (property.lookingAt() ? property.group(1) : "the properties below " + prefix) + "; "
                + MANUAL;
    }

    /**
     * A value that is not even of the right kind. Whatever else keeps it from being bound is thrown as it is, for Spring Boot to explain.
     *
     * @param refusal what is said of another value of this property: asked about one that is out of any range, for the range that it names
     */
    static FloatingIpStartException refused(BindException e, Function<Object, String> refusal) {
        if (!(e.getCause() instanceof ConversionFailedException conversion)) {
            throw e;
        }
        String property = e.getName().toString();
        Class<?> type = conversion.getTargetType().getType();
        if (property.endsWith(".hmac.keys")) {
            return new FloatingIpStartException(
                    property,
                    "What follows " + property + " must be the number of a key, 1 to 255" + at(e) + ".",
                    "Write " + property + ".1=... for the first key, with the same number on all nodes.",
                    null);
        }
        Matcher range = IMPOSSIBLE_RANGE.matcher(
                refusal.apply(type == Duration.class ? Duration.ofMillis(IMPOSSIBLE) : IMPOSSIBLE));
        String kind = kind(type) + (range.find() ? ", " + range.group(1).replaceFirst("^within ", "") : "");
        String got = property.contains("authentication") ? "something else" : "\"" + conversion.getValue() + "\"";
        return new FloatingIpStartException(
                property,
                property + " must be " + kind + ", got " + got + at(e) + ".",
                "Set " + property + " to " + kind + "; " + MANUAL,
                // Without the cause, which shows the value whatever it is.
                null);
    }

    private static String at(BindException e) {
        return e.getOrigin() == null ? "" : " (" + e.getOrigin() + ")";
    }

    private static String kind(Class<?> type) {
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(value ->
                                    value.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
                            .collect(Collectors.joining(", "));
        }
        return switch (type.getSimpleName()) {
            case "int", "Integer" -> "a whole number";
            case "boolean" -> "true or false";
            case "Duration" -> "a time such as 250ms, 1s or 5m";
            default -> "a " + type.getSimpleName();
        };
    }

    /** Something that is missing on this machine. */
    static FloatingIpStartException refused(String prefix, FloatingIpException e) {
        String text = inProperties(prefix, String.valueOf(e.getMessage()));
        String development =
                "\nTo develop and test without it: floatingip.network=simulated, or floatingip.enabled=false.";
        if (NO_INTERFACE.matcher(text).matches()) {
            int rest = text.indexOf("; this machine has ");
            String existing = rest < 0 ? text : text.substring(rest + "; this machine has ".length());
            return new FloatingIpStartException(
                    prefix,
                    sentence(text),
                    "Set " + prefix + ".interface to one of: " + existing + "." + development,
                    e);
        }
        int end = first(text, ". ", "; ");
        return end < 0
                ? new FloatingIpStartException(prefix, sentence(text), "Make this possible." + development, e)
                : new FloatingIpStartException(
                        prefix, sentence(text.substring(0, end)), sentence(text.substring(end + 2)) + development, e);
    }

    private static int first(String text, String... ends) {
        int first = -1;
        for (String end : ends) {
            int at = text.indexOf(end);
            first = at >= 0 && (first < 0 || at < first) ? at : first;
        }
        return first;
    }

    /** {@code fence(NONE)} becomes {@code floatingip.fence=none}. */
    static String inProperties(String prefix, String text) {
        // What the builder calls so has other words here.
        String here = text.replace("use HealthPolicy.release()", "leave weight out")
                .replace("Authentication.hmac()", prefix + ".authentication.hmac");
        String first = replace(FIRST, here, m -> property(prefix, m.group(1)));
        String calls = replace(CALL, first, m -> {
            String name = property(prefix, m.group(1));
            String value = m.group(2).replace("\"", "").toLowerCase(Locale.ROOT).replace('_', '-');
            if (name.endsWith(".version")) {
                value = value.replace("v", "");
            }
            return name.equals(m.group(1)) ? m.group() : value.equals("...") ? name : name + "=" + value;
        });
        return replace(CAMEL, calls, m -> property(prefix, m.group()));
    }

    private static String property(String prefix, String method) {
        String property = PROPERTIES.get(method);
        return property == null ? method : prefix + "." + property;
    }

    private static String replace(Pattern pattern, String text, Function<MatchResult, String> replacement) {
        return pattern.matcher(text).replaceAll(m -> Matcher.quoteReplacement(replacement.apply(m)));
    }

    static String dashed(String camel) {
        return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String sentence(String text) {
        String end = text.endsWith(".") ? "" : ".";
        return text.startsWith("floatingip")
                ? text + end
                : Character.toUpperCase(text.charAt(0)) + text.substring(1) + end;
    }
}
