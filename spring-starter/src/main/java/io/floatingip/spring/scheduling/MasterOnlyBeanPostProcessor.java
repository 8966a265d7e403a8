package io.floatingip.spring.scheduling;

import io.floatingip.FloatingIp;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.aopalliance.intercept.MethodInterceptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/** Puts the question for the role before the methods that have {@link MasterOnly}, and refuses those where that cannot work. */
@SuppressWarnings("serial") // as all proxy processors of Spring, never serialised
final class MasterOnlyBeanPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor
        implements SmartInitializingSingleton {
    private static final Logger log = LoggerFactory.getLogger("io.floatingip");
    private static final boolean REACTIVE =
            ClassUtils.isPresent("org.reactivestreams.Publisher", MasterOnlyBeanPostProcessor.class.getClassLoader());

    private final ObjectProvider<FloatingIp> floatingIps;
    private final Map<Method, String> names = new ConcurrentHashMap<>();
    private final Set<Class<?>> looked = ConcurrentHashMap.newKeySet();
    private volatile boolean singletonsMade;

    /** @param floatingIps is asked when all beans are made, so that this one does not bring others to life early */
    MasterOnlyBeanPostProcessor(ObjectProvider<FloatingIp> floatingIps) {
        this.floatingIps = floatingIps;
        MethodInterceptor onlyAsMaster = call -> {
            Method method = AopUtils.getMostSpecificMethod(
                    call.getMethod(),
                    AopUtils.getTargetClass(Optional.ofNullable(call.getThis()).orElseThrow()));
            if (method.getReturnType() == void.class) {
                return mayRun(method) ? call.proceed() : null;
            }
            Object returned = call.proceed();
            return returned == null ? null : MasterOnlyPublishers.guarded(method, returned, () -> mayRun(method));
        };
        advisor =
                new DefaultPointcutAdvisor(new AnnotationMatchingPointcut(null, MasterOnly.class, true), onlyAsMaster);
        // Outermost: a node that is not master opens no transaction and takes no thread of a pool for nothing.
        beforeExistingAdvisors = true;
    }

    private boolean mayRun(Method method) {
        Optional<FloatingIp> floatingIp = named(names.computeIfAbsent(method, m -> nameIn(m)), method);
        boolean master = floatingIp.map(FloatingIp::isMaster).orElse(false);
        if (!master) {
            log.debug(
                    "{} does not run: this node is not master of {}",
                    text(method),
                    floatingIp.map(FloatingIp::name).orElse("any floating IP"));
        }
        return master;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        Class<?> target = AopUtils.getTargetClass(bean);
        if (AnnotationUtils.isCandidateClass(target, MasterOnly.class) && looked.add(target)) {
            methodsOf(target).forEach(this::look);
        }
        return super.postProcessAfterInitialization(bean, beanName);
    }

    private static Collection<Method> methodsOf(Class<?> type) {
        return MethodIntrospector.selectMethods(
                type, (Method method) -> AnnotatedElementUtils.hasAnnotation(method, MasterOnly.class));
    }

    private void look(Method method) {
        int modifiers = method.getModifiers();
        int ofClass = method.getDeclaringClass().getModifiers();
        String hindrance = Modifier.isPrivate(modifiers)
                ? "is private"
                : Modifier.isStatic(modifiers)
                        ? "is static"
                        : Modifier.isFinal(modifiers)
                                ? "is final"
                                : Modifier.isFinal(ofClass) ? "is in a final class" : "";
        if (!hindrance.isEmpty()) {
            throw new MasterOnlyException(
                    "@MasterOnly on " + text(method) + " cannot work: the method " + hindrance
                            + ", so that no proxy can stand before it.",
                    "Make it a method that is not private, static or final, of a class that is not final.");
        }
        if (method.getReturnType() != void.class && !(REACTIVE && MasterOnlyPublishers.returnedBy(method))) {
            throw new MasterOnlyException(
                    "@MasterOnly on " + text(method) + " cannot work: the method returns "
                            + method.getReturnType().getSimpleName()
                            + ", and there is nothing to return on a node that is not master.",
                    "Let it return void, or what is begun by subscribing to it, such as a Mono or a Flux.");
        }
        names.put(method, nameIn(method));
        if (singletonsMade) {
            named(nameIn(method), method);
        }
    }

    @Override
    public void afterSingletonsInstantiated() {
        singletonsMade = true;
        names.forEach((method, name) -> named(name, method));
    }

    /** The floating IP that is meant; empty if there are none at all. */
    private Optional<FloatingIp> named(String name, Method method) {
        List<FloatingIp> all = floatingIps.stream().toList();
        if (all.isEmpty() || name.isEmpty() && all.size() == 1) {
            return all.stream().findFirst();
        }
        return Optional.of(all.stream()
                .filter(floatingIp -> floatingIp.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name, method, all)));
    }

    private static MasterOnlyException unknown(String name, Method method, List<FloatingIp> all) {
        String known = all.stream().map(FloatingIp::name).sorted().collect(Collectors.joining(", "));
        return new MasterOnlyException(
                name.isEmpty()
                        ? "@MasterOnly on " + text(method) + " does not say which floating IP is meant; there are "
                                + all.size() + "."
                        : "@MasterOnly on " + text(method) + " names the floating IP \"" + name
                                + "\", which there is not.",
                "Name one of these in the annotation: " + known + ".");
    }

    private static String nameIn(Method method) {
        MasterOnly annotation = AnnotatedElementUtils.findMergedAnnotation(method, MasterOnly.class);
        return annotation == null ? "" : annotation.value();
    }

    private static String text(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }
}
