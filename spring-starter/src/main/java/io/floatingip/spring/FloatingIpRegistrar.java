package io.floatingip.spring;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpGroup;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Reads what is described, once, and makes a bean of each floating IP and each group: {@code floatingIp} for a single one, {@code webFloatingIp} with the qualifier {@code web} for
 * the instance web, {@code edgeFloatingIpGroup} with the qualifier {@code edge} for the group edge.
 */
final class FloatingIpRegistrar implements ImportBeanDefinitionRegistrar {
    private final Environment environment;

    FloatingIpRegistrar(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        Instances instances = Instances.read(environment);
        registry.registerBeanDefinition(
                "floatingIpInstances", new RootBeanDefinition(Instances.class, () -> instances));
        for (String name : instances.all().keySet()) {
            register(registry, FloatingIp.class, "floatingIp", name);
        }
        for (String name : instances.groups().keySet()) {
            register(registry, FloatingIpGroup.class, "group", name);
        }
    }

    private static void register(BeanDefinitionRegistry registry, Class<?> type, String method, String name) {
        RootBeanDefinition definition = new RootBeanDefinition();
        definition.setTargetType(type);
        definition.setFactoryBeanName("floatingIps");
        definition.setFactoryMethodName(method);
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
        // Whoever joined them releases them.
        definition.setDestroyMethodName("");
        if (!name.equals(Instances.SINGLE)) {
            definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
        }
        registry.registerBeanDefinition(beanName(type, name), definition);
    }

    private static String beanName(Class<?> type, String name) {
        return name.equals(Instances.SINGLE) ? "floatingIp" : name + type.getSimpleName();
    }
}
