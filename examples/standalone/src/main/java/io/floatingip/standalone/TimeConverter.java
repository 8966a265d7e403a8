package io.floatingip.standalone;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time as people write it: {@code 1s}, {@code 1.5s}, {@code 20ms}. The unit is not optional: 100 could be either. */
final class TimeConverter implements ITypeConverter<Duration> {
    private static final Pattern TIME = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?) ?(ms|s)");

    @Override
    public Duration convert(String text) {
        Matcher matcher = TIME.matcher(text.trim());
        if (!matcher.matches()) {
            throw new TypeConversionException(
                    "expected a number with a unit, such as 1s or 20ms, got \"" + text + "\"");
        }
        int decimals = matcher.group(2).equals("s") ? 9 : 6;
        return Duration.ofNanos(
                new BigDecimal(matcher.group(1)).movePointRight(decimals).longValue());
    }
}
