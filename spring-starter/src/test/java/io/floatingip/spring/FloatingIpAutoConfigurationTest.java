package io.floatingip.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class FloatingIpAutoConfigurationTest {
    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(FloatingIpAutoConfiguration.class));

    @Test
    void backsOffWhenDisabled() {
        runner.withPropertyValues("floatingip.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(FloatingIpAutoConfiguration.class));
    }
}
