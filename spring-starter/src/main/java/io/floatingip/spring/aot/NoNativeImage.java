package io.floatingip.spring.aot;

import io.floatingip.FloatingIp;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Ends ahead-of-time processing of an application with floating IPs, with the reason: better than a native image that fails when it starts. */
final class NoNativeImage implements BeanFactoryInitializationAotProcessor {
    @Override
    public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
            ConfigurableListableBeanFactory beanFactory) {
        if (beanFactory.getBeanNamesForType(FloatingIp.class, true, false).length > 0) {
            throw new NativeImageNotSupportedException();
        }
        return null;
    }
}
