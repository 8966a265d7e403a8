package io.floatingip.spring.scheduling;

import io.floatingip.FloatingIp;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Makes {@link MasterOnly} work. Not conditional on {@code floatingip.enabled}: a job that is meant for one node must not run on all of them
 * because the floating IP is switched off.
 */
@AutoConfiguration
public class MasterOnlyAutoConfiguration {
    @Bean
    static MasterOnlyBeanPostProcessor masterOnlyBeanPostProcessor(
            ObjectProvider<FloatingIp> floatingIps, Environment environment) {
        MasterOnlyBeanPostProcessor processor = new MasterOnlyBeanPostProcessor(floatingIps);
        processor.setProxyTargetClass(environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true));
        return processor;
    }
}
