package io.floatingip.spring;

import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpException;
import io.floatingip.RoleListener;
import io.floatingip.health.HealthCheck;
import io.floatingip.health.HealthPolicy;
import io.floatingip.keepalived.KeepalivedConfig;
import io.floatingip.keepalived.KeepalivedGroup;
import io.floatingip.keepalived.KeepalivedInstance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * What the properties describe: floating IPs by name, and groups of them.
 *
 * @param prefixes of each instance's properties
 */
record Instances(Map<String, Described> all, Map<String, DescribedGroup> groups) {
    private static final Logger log = LoggerFactory.getLogger(Instances.class);
    /** The bean of a single floating IP that is described without a name. */
    static final String SINGLE = "";

    /** One floating IP, not joined yet. */
    interface Described {
        String prefix();

        /** @param beans checks that are beans, by name */
        FloatingIpConfig.Builder builder(Map<String, HealthCheck> beans);
    }

    /** Names of members, and who listens. */
    record DescribedGroup(String prefix, List<String> members, List<RoleListener> listeners) {}

    private record Configured(String prefix, String key, InstanceProperties properties) implements Described {
        @Override
        public FloatingIpConfig.Builder builder(Map<String, HealthCheck> beans) {
            return new InstanceMapper(prefix, key, properties).builder(beans);
        }
    }

    private record FromFile(String prefix, KeepalivedConfig file, KeepalivedInstance instance) implements Described {
        @Override
        public FloatingIpConfig.Builder builder(Map<String, HealthCheck> beans) {
            FloatingIpConfig.Builder builder = instance.config().toBuilder();
            file.listeners(instance).forEach(builder::listener);
            beans.forEach((name, check) -> builder.check(name, check, HealthPolicy.release()));
            return builder;
        }
    }

    static Instances read(Environment environment) {
        UnknownProperties.refuse(environment);
        try {
            return read(Binder.get(environment));
        } catch (BindException e) {
            throw Refusals.refused(e, value -> refusal(environment, e.getName(), value));
        }
    }

    /** What is said if a property that cannot be bound has this value instead; empty if nothing is. */
    private static String refusal(Environment environment, ConfigurationPropertyName property, Object value) {
        BindHandler supposing = new BindHandler() {
            @Override
            public Object onFailure(
                    ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error)
                    throws Exception {
                if (name.equals(property)) {
                    return value;
                }
                throw error;
            }
        };
        try {
            read(Binder.get(environment, supposing))
                    .all()
                    .values()
                    .forEach(described -> described.builder(Map.of()).build());
            return "";
        } catch (BindException | IllegalArgumentException | FloatingIpException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static Instances read(Binder binder) {
        FloatingIpProperties all = binder.bindOrCreate("floatingip", FloatingIpProperties.class);
        InstanceProperties single = binder.bindOrCreate("floatingip", InstanceProperties.class);
        boolean described = single.networkInterface() != null
                || single.virtualRouterId() != null
                || !single.addresses().isEmpty();
        if (all.keepalivedConf() != null) {
            if (described || !all.instances().isEmpty() || !all.groups().isEmpty()) {
                throw new FloatingIpStartException(
                        "floatingip",
                        "floatingip.keepalived-conf takes everything from a file, but there are other properties that describe instances or groups.",
                        "Remove floatingip.keepalived-conf, or the properties below floatingip that describe instances and groups.",
                        null);
            }
            return read(
                    KeepalivedConfig.read(all.keepalivedConf()),
                    all.keepalivedConf().toString());
        }
        if (described && !all.instances().isEmpty()) {
            throw new FloatingIpStartException(
                    "floatingip",
                    "There are properties of a single floating IP directly below floatingip, and others below floatingip.instances ("
                            + String.join(", ", all.instances().keySet()) + ").",
                    "Move those of the single one to floatingip.instances.NAME, with a NAME of your choice.",
                    null);
        }
        if (!described && all.instances().isEmpty()) {
            throw new FloatingIpStartException("floatingip", "No floating IP is configured.", """
                    Set three properties, for example

                        floatingip.interface=eth0
                        floatingip.virtual-router-id=52
                        floatingip.addresses=10.0.0.10/24

                    or floatingip.keepalived-conf=/etc/keepalived/keepalived.conf; or floatingip.enabled=false for an application that has none.""", null);
        }
        Map<String, InstanceProperties> several = once(all.instances());
        Map<String, Described> instances = new LinkedHashMap<>();
        if (described) {
            instances.put(SINGLE, new Configured("floatingip", SINGLE, single));
        }
        several.forEach((key, value) -> instances.put(key, new Configured("floatingip.instances." + key, key, value)));
        Map<String, DescribedGroup> groups = new LinkedHashMap<>();
        Map<String, String> memberOf = new LinkedHashMap<>();
        once(all.groups()).forEach((name, group) -> {
            String property = "floatingip.groups." + name + ".members";
            for (String member : group.members()) {
                if (!instances.containsKey(member)) {
                    throw new FloatingIpStartException(
                            property,
                            property + " names \"" + member + "\", which is no instance.",
                            "Name instances that are there: " + String.join(", ", instances.keySet()) + ".",
                            null);
                }
                String other = memberOf.put(member, name);
                if (other != null) {
                    throw new FloatingIpStartException(
                            property,
                            "\"" + member + "\" is named twice in groups: in " + other + " and in " + name + ".",
                            "Name each instance in one group, once.",
                            null);
                }
            }
            if (group.members().isEmpty()) {
                throw new FloatingIpStartException(
                        property,
                        property + " is empty.",
                        "Name the instances that are master together, or remove the group.",
                        null);
            }
            groups.put(name, new DescribedGroup(property, group.members(), List.of()));
        });
        return new Instances(instances, groups);
    }

    /**
     * An environment variable has WEBONE for web-one. Spring Boot takes that for another key and binds the same values to both; the spelling of
     * what is overridden, which comes later, is the one that counts.
     */
    static <T> Map<String, T> once(Map<String, T> bound) {
        Map<ConfigurationPropertyName, String> spelt = new LinkedHashMap<>();
        bound.keySet().forEach(key -> spelt.put(ConfigurationPropertyName.adapt(key, '.'), key));
        Map<String, T> once = new LinkedHashMap<>();
        spelt.values().forEach(key -> once.put(key, bound.get(key)));
        return once;
    }

    private static Instances read(KeepalivedConfig file, String path) {
        file.report().findings().forEach(finding -> log.warn("{}", finding));
        if (file.report().hasErrors()) {
            throw new FloatingIpStartException(
                    "floatingip.keepalived-conf",
                    path + " has errors:\n" + file.report(),
                    "Correct the file; the numbers are line and column.",
                    null);
        }
        if (file.instances().isEmpty()) {
            throw new FloatingIpStartException(
                    "floatingip.keepalived-conf",
                    path + " describes no vrrp_instance.",
                    "Add one to the file, or describe the floating IP by properties.",
                    null);
        }
        try {
            Map<String, Described> instances = new LinkedHashMap<>();
            for (KeepalivedInstance instance : file.instances()) {
                instances.put(instance.name(), new FromFile("floatingip.keepalived-conf", file, instance));
            }
            Map<String, DescribedGroup> groups = new LinkedHashMap<>();
            for (KeepalivedGroup group : file.groups()) {
                groups.put(
                        group.name(),
                        new DescribedGroup("floatingip.keepalived-conf", group.members(), file.listeners(group)));
            }
            return new Instances(instances, groups);
        } catch (FloatingIpException e) {
            throw Refusals.refused("floatingip.keepalived-conf", e);
        }
    }
}
