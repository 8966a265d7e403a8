package io.floatingip.spring;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Refuses what is written below {@code floatingip} and is no property: a misspelt priority would otherwise be the default one, and found out in
 * the first failover. Environment variables and system properties may hold anything.
 */
final class UnknownProperties {
    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("floatingip");

    private UnknownProperties() {}

    static void refuse(Environment environment) {
        Map<String, Type> known = new TreeMap<>(children(FloatingIpProperties.class));
        known.putAll(children(InstanceProperties.class));
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (!(source instanceof IterableConfigurationPropertySource all) || anything(source)) {
                continue;
            }
            all.stream().filter(ROOT::isAncestorOf).forEach(name -> {
                if (!known(name, 1, known)) {
                    throw refused(name, known, source);
                }
            });
        }
    }

    private static boolean anything(ConfigurationPropertySource source) {
        return source.getUnderlyingSource() instanceof PropertySource<?> underlying
                && (underlying.getName().equals(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)
                        || underlying.getName().equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME));
    }

    private static boolean known(ConfigurationPropertyName name, int at, Map<String, Type> siblings) {
        for (Map.Entry<String, Type> sibling : siblings.entrySet()) {
            ConfigurationPropertyName candidate = ConfigurationPropertyName.of(sibling.getKey());
            if (element(name, at).equals(candidate)) {
                return fits(name, at + 1, sibling.getValue());
            }
        }
        return false;
    }

    /** One element as a name of its own, in which dashes and capitals do not count. */
    private static ConfigurationPropertyName element(ConfigurationPropertyName name, int at) {
        return ConfigurationPropertyName.adapt(name.getElement(at, Form.DASHED), '.');
    }

    private static boolean fits(ConfigurationPropertyName name, int at, Type type) {
        if (type instanceof ParameterizedType container) {
            Type[] arguments = container.getActualTypeArguments();
            // The key of a map, or the number in a list; a list may also be written as one value.
            return at >= name.getNumberOfElements() || fits(name, at + 1, arguments[arguments.length - 1]);
        }
        if (type instanceof Class<?> record && record.isRecord()) {
            return at >= name.getNumberOfElements() || known(name, at, children(record));
        }
        return at >= name.getNumberOfElements();
    }

    /** The properties of a record by their names. */
    static Map<String, Type> children(Class<?> record) {
        Map<String, Type> children = new TreeMap<>();
        for (RecordComponent component : record.getRecordComponents()) {
            children.put(propertyName(component), component.getGenericType());
        }
        return children;
    }

    static String propertyName(RecordComponent component) {
        Name name = component
                .getDeclaringRecord()
                .getDeclaredConstructors()[0]
                .getParameters()[indexOf(component)]
                .getAnnotation(Name.class);
        return name != null ? name.value() : Refusals.dashed(component.getName());
    }

    private static int indexOf(RecordComponent component) {
        return List.of(component.getDeclaringRecord().getRecordComponents()).stream()
                .map(RecordComponent::getName)
                .toList()
                .indexOf(component.getName());
    }

    private static FloatingIpStartException refused(
            ConfigurationPropertyName name, Map<String, Type> known, ConfigurationPropertySource source) {
        List<String> candidates = new ArrayList<>();
        known.forEach((key, type) -> {
            candidates.add("floatingip." + key);
            if (type instanceof Class<?> record && record.isRecord()) {
                children(record).keySet().forEach(child -> candidates.add("floatingip." + key + "." + child));
            }
        });
        String got = name.toString();
        Optional<String> nearest = candidates.stream()
                .min(Comparator.comparingInt(candidate -> distance(got, candidate)))
                .filter(candidate -> distance(got, candidate) <= 4);
        String where = source.getConfigurationProperty(name) == null
                        || source.getConfigurationProperty(name).getOrigin() == null
                ? ""
                : " (" + source.getConfigurationProperty(name).getOrigin() + ")";
        return new FloatingIpStartException(
                got,
                got + where + " is not a property.",
                nearest.map(candidate -> "Write " + candidate + ".")
                        .orElse("Remove it; docs/spring-properties.md lists every property."),
                null);
    }

    /** How many letters have to be changed, added or left out. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(previous[j], row[j - 1]) + 1);
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
