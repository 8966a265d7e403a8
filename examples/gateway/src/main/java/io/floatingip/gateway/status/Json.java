package io.floatingip.gateway.status;

import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Writes JSON of maps, iterables, texts, numbers and truths; anything else as the text that it has of itself. */
final class Json {
    private final StringBuilder out = new StringBuilder();

    private Json() {}

    static String of(Object value) {
        Json json = new Json();
        json.value(value);
        return json.out.toString();
    }

    private void value(Object value) {
        if (value instanceof Optional<?> optional) {
            optional.ifPresentOrElse(this::value, () -> out.append("null"));
        } else if (value instanceof OptionalInt optional) {
            out.append(optional.isPresent() ? Integer.toString(optional.getAsInt()) : "null");
        } else if (value instanceof Map<?, ?> map) {
            map(map);
        } else if (value instanceof Iterable<?> list) {
            list(list);
        } else if (value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Instant instant) {
            out.append('"').append(instant).append('"');
        } else {
            text(String.valueOf(value));
        }
    }

    private void map(Map<?, ?> map) {
        char separator = '{';
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            text(String.valueOf(entry.getKey()));
            out.append(':');
            value(entry.getValue());
            separator = ',';
        }
        out.append(map.isEmpty() ? "{}" : "}");
    }

    private void list(Iterable<?> list) {
        out.append('[');
        for (Iterator<?> it = list.iterator(); it.hasNext(); ) {
            value(it.next());
            if (it.hasNext()) {
                out.append(',');
            }
        }
        out.append(']');
    }

    private void text(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                // Line ends to JavaScript, and what would end a script element.
                case '<', '\u2028', '\u2029' -> escaped(c);
                default -> {
                    if (c < ' ' || Character.isSurrogate(c)) {
                        escaped(c);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private void escaped(char c) {
        out.append("\\u%04x".formatted((int) c));
    }
}
