package io.floatingip.spring;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpGroup;
import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Tells the application about roles: beans of type {@link RoleListener}, methods with {@link OnMaster} and the like, application events. Looks
 * for them when every bean is there, so that a listener may have the floating IP injected.
 */
final class FloatingIpListeners implements SmartInitializingSingleton, DisposableBean {
    private static final Logger log = LoggerFactory.getLogger(FloatingIpListeners.class);
    private static final Map<Class<? extends Annotation>, Role> ANNOTATIONS =
            Map.of(OnMaster.class, Role.MASTER, OnBackup.class, Role.BACKUP, OnFault.class, Role.FAULT);

    private final FloatingIps floatingIps;
    private final ConfigurableApplicationContext context;
    private final ListenerCalls calls;
    private final List<AnnotatedMethod> methods = new ArrayList<>();
    private volatile boolean closed;

    FloatingIpListeners(FloatingIps floatingIps, ConfigurableApplicationContext context, ListenerCalls calls) {
        this.floatingIps = floatingIps;
        this.context = context;
        this.calls = calls;
    }

    @Override
    public void afterSingletonsInstantiated() {
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        for (String name : beans.getBeanDefinitionNames()) {
            find(beans, name);
        }
        List<RoleListener> listeners =
                context.getBeanProvider(RoleListener.class).orderedStream().toList();
        for (String name : beans.getBeanNamesForType(RoleListener.class)) {
            // Told of the release before they are destroyed.
            beans.registerDependentBean(name, "floatingIps");
        }
        for (FloatingIp vip : floatingIps.all()) {
            listeners.forEach(listener -> vip.addListener(calls.wrap(vip.name(), listener)));
            methods.stream().filter(method -> method.wants(vip.name(), false)).forEach(vip::addListener);
            vip.addListener(RoleListener.onAnyChange(change -> publish(vip, change)));
        }
        for (FloatingIpGroup group : floatingIps.groups()) {
            methods.stream().filter(method -> method.wants(group.name(), true)).forEach(group::addListener);
        }
    }

    private void publish(FloatingIp vip, RoleChange change) {
        if (!closed) {
            context.publishEvent(
                    switch (change.to()) {
                        case MASTER -> new FloatingIpMasterEvent(vip, change);
                        case BACKUP -> new FloatingIpBackupEvent(vip, change);
                        case FAULT -> new FloatingIpFaultEvent(vip, change);
                        case RELEASED -> new FloatingIpRoleChangedEvent(vip, change);
                    });
        }
    }

    /** Beans are about to be destroyed: from now on their methods are not called. */
    @Override
    public void destroy() {
        closed = true;
    }

    private void find(ConfigurableListableBeanFactory beans, String name) {
        // The proxy before it is told.
        if (ScopedProxyUtils.isScopedTarget(name)) {
            return;
        }
        ANNOTATIONS.forEach((annotation, role) -> {
            Map<Method, String[]> found = Map.of();
            try {
                found = annotated(type(beans, name), annotation);
            } catch (BeansException | IllegalStateException | LinkageError e) {
                // Its methods speak of a library that is not there; Spring passes over such a bean, too.
                log.debug("bean {} cannot be searched for @{}", name, annotation.getSimpleName(), e);
            }
            found.forEach((method, names) -> methods.add(annotated(name, method, annotation, role, names)));
        });
    }

    private static @Nullable Class<?> type(ConfigurableListableBeanFactory beans, String name) {
        Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
        return type != null && ScopedObject.class.isAssignableFrom(type)
                ? AutoProxyUtils.determineTargetClass(beans, ScopedProxyUtils.getTargetBeanName(name))
                : type;
    }

    private static Map<Method, String[]> annotated(@Nullable Class<?> type, Class<? extends Annotation> annotation) {
        if (type == null || !AnnotationUtils.isCandidateClass(type, annotation)) {
            return Map.of();
        }
        return MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<String[]>) method -> {
            AnnotationAttributes attributes = AnnotatedElementUtils.getMergedAnnotationAttributes(method, annotation);
            return attributes == null ? null : attributes.getStringArray("value");
        });
    }

    private AnnotatedMethod annotated(
            String bean, Method method, Class<? extends Annotation> annotation, Role role, String[] names) {
        Class<?>[] parameters = method.getParameterTypes();
        if (parameters.length > 1 || parameters.length == 1 && parameters[0] != RoleChange.class) {
            throw new FloatingIpStartException(
                    "floatingip",
                    "@" + annotation.getSimpleName() + " is on " + method.toGenericString()
                            + ", which has other parameters than one RoleChange.",
                    "Give the method no parameter, or one io.floatingip.RoleChange.",
                    null);
        }
        for (String wanted : names) {
            boolean known =
                    floatingIps.all().stream().anyMatch(vip -> vip.name().equals(wanted))
                            || floatingIps.groups().stream()
                                    .anyMatch(group -> group.name().equals(wanted));
            if (!known) {
                throw new FloatingIpStartException(
                        "floatingip",
                        "@" + annotation.getSimpleName() + "(\"" + wanted + "\") is on " + method.toGenericString()
                                + ", but there is no floating IP or group of that name.",
                        "Name one that is there: "
                                + Stream.concat(
                                                floatingIps.all().stream().map(FloatingIp::name),
                                                floatingIps.groups().stream().map(FloatingIpGroup::name))
                                        .toList()
                                + ".",
                        null);
            }
        }
        return new AnnotatedMethod(bean, method, role, Set.copyOf(Arrays.asList(names)));
    }

    private final class AnnotatedMethod implements RoleListener {
        private final String bean;
        private final Method method;
        private final Role role;
        private final Set<String> names;
        private final String text;

        AnnotatedMethod(String bean, Method method, Role role, Set<String> names) {
            this.bean = bean;
            this.method = method;
            this.role = role;
            this.names = names;
            text = method.getDeclaringClass().getName() + "." + method.getName();
        }

        boolean wants(String name, boolean group) {
            return names.isEmpty() ? !group : names.contains(name);
        }

        @Override
        public void onChange(RoleChange change) {
            if (closed || change.to() != role) {
                return;
            }
            Object target = context.getBean(bean);
            Method invocable = AopUtils.selectInvocableMethod(method, target.getClass());
            ReflectionUtils.makeAccessible(invocable);
            Object[] arguments = invocable.getParameterCount() == 0 ? new Object[0] : new Object[] {change};
            calls.call(change, text, () -> ReflectionUtils.invokeMethod(invocable, target, arguments));
        }

        /** Nothing: there is no method that was told of the drain. */
        @Override
        public void onStay(RoleChange change) {}
    }
}
