package io.floatingip.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** docs/spring-properties.md says what the property records say. */
class PropertiesDocTest {
    private static final Path DOCUMENT = Path.of("../docs/spring-properties.md");
    private static final Path SOURCES = Path.of("src/main/java/io/floatingip/spring");
    private static final String COMMAND =
            "mvn -pl spring-starter -am test -Dtest=PropertiesDocTest -Dsurefire.failIfNoSpecifiedTests=false -Dfloatingip.docs.write=true";

    @Test
    void everyPropertyIsDocumented() throws IOException {
        String wanted = document();
        if (Boolean.getBoolean("floatingip.docs.write")) {
            Files.writeString(DOCUMENT, wanted);
        }
        String present = Files.exists(DOCUMENT) ? Files.readString(DOCUMENT) : "";
        assertThat(present)
                .as("docs/spring-properties.md is stale; write it anew: " + COMMAND)
                .isEqualTo(wanted);
    }

    private static String document() throws IOException {
        StringBuilder text = new StringBuilder("""
                # Properties of the Spring Boot starter

                Generated from the sources; `PropertiesDocTest` writes and checks it. Times are written as `250ms`, `5s`, `1m`; a number without a unit is
                milliseconds. Values may come from wherever Spring Boot takes them, secrets from a config tree for example. A property that is misspelt
                fails the start.

                ## For all floating IPs

                """);
        table(text, "floatingip.", FloatingIpProperties.class);
        text.append("""

                ## For one floating IP

                A single one is described directly below `floatingip`; several have the same properties below `floatingip.instances.NAME`.

                """);
        table(text, "floatingip.", InstanceProperties.class);
        return text.toString();
    }

    private static void table(StringBuilder text, String prefix, Class<?> record) throws IOException {
        text.append("| Property | Default | What it is |\n|---|---|---|\n");
        rows(text, prefix, record);
    }

    private static void rows(StringBuilder text, String prefix, Class<?> record) throws IOException {
        Parameter[] parameters = record.getDeclaredConstructors()[0].getParameters();
        RecordComponent[] components = record.getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            Type type = components[i].getGenericType();
            String name = prefix + UnknownProperties.propertyName(components[i]);
            Class<?> nested = nested(type);
            if (nested == null || type != nested) {
                String value = Optional.ofNullable(parameters[i].getAnnotation(DefaultValue.class))
                        .map(annotation -> String.join(",", annotation.value()))
                        .orElse("");
                text.append("| `%s` | %s | %s%s |\n"
                        .formatted(
                                name + suffix(type),
                                value.isEmpty() ? "" : "`" + value + "`",
                                description(record, components[i].getName()),
                                choices(type)));
            }
            if (nested != null && nested != InstanceProperties.class) {
                rows(text, name + suffix(type) + ".", nested);
            }
        }
    }

    private static String suffix(Type type) {
        if (type instanceof ParameterizedType container) {
            if (container.getRawType() == Map.class) {
                return container.getActualTypeArguments()[0] == Integer.class ? ".NUMBER" : ".NAME";
            }
            return nested(type) != null ? "[n]" : "";
        }
        return "";
    }

    /** The record that has properties of its own, below a map or list or not. */
    private static Class<?> nested(Type type) {
        Type inner = type instanceof ParameterizedType container
                ? container.getActualTypeArguments()[container.getActualTypeArguments().length - 1]
                : type;
        return inner instanceof Class<?> record && record.isRecord() ? record : null;
    }

    private static String choices(Type type) {
        return type instanceof Class<?> choice && choice.isEnum()
                ? " One of "
                        + Arrays.stream(choice.getEnumConstants())
                                .map(value ->
                                        "`" + value.toString().toLowerCase().replace('_', '-') + "`")
                                .collect(Collectors.joining(", "))
                        + "."
                : "";
    }

    /** From the record's Javadoc. */
    private static String description(Class<?> record, String component) throws IOException {
        Class<?> file = record.getDeclaringClass() == null ? record : record.getDeclaringClass();
        String source = Files.readString(SOURCES.resolve(file.getSimpleName() + ".java"));
        int end = source.indexOf("public record " + record.getSimpleName() + "(");
        String comment = source.substring(source.lastIndexOf("/**", end), end);
        Matcher matcher = Pattern.compile("@param " + component + "\\b(.*?)(?=\\n\\s*\\* @param|\\*/)", Pattern.DOTALL)
                .matcher(comment);
        assertThat(matcher.find()).as("@param " + component + " of " + record).isTrue();
        String text = matcher.group(1).replaceAll("\\s*\\n\\s*\\*\\s*", " ").strip();
        assertThat(text).as(component).endsWith(".");
        return text;
    }

    @Test
    void theMetadataForEditorsDescribesEveryProperty() throws IOException {
        String metadata = Files.readString(Path.of("target/classes/META-INF/spring-configuration-metadata.json"));
        for (Class<?> record : List.of(FloatingIpProperties.class, InstanceProperties.class)) {
            for (String name : UnknownProperties.children(record).keySet()) {
                Type type = UnknownProperties.children(record).get(name);
                if (!(type instanceof Class<?> nested && nested.isRecord())) {
                    assertThat(Pattern.compile("\"name\": \"floatingip\\." + name
                                            + "\",\\s*\"type\": \"[^\"]*\",\\s*\"description\": \"[^\"]{10,}")
                                    .matcher(metadata)
                                    .find())
                            .as(name)
                            .isTrue();
                }
            }
        }
    }
}
