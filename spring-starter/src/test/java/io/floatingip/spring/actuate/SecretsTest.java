package io.floatingip.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint;
import org.springframework.boot.actuate.env.EnvironmentEndpoint;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class SecretsTest {
    private static final String KEY = "5ec4e7".repeat(11);

    @Test
    void endpointsThatShowValuesShowNoSecret() {
        new ApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withPropertyValues(
                        "management.endpoints.web.exposure.include=env,configprops",
                        "management.endpoint.env.show-values=always",
                        "management.endpoint.configprops.show-values=always",
                        "floatingip.network=simulated",
                        "floatingip.instances.web.interface=eth0",
                        "floatingip.instances.web.virtual-router-id=52",
                        "floatingip.instances.web.addresses=10.0.0.10/24",
                        "floatingip.instances.web.authentication.hmac.keys.1=" + KEY,
                        "FLOATINGIP_INSTANCES_MAIL_AUTHENTICATION_PASSWORD=" + KEY)
                .run(context -> {
                    String configprops = context
                            .getBean(ConfigurationPropertiesReportEndpoint.class)
                            .configurationProperties()
                            .getContexts()
                            .values()
                            .stream()
                            .flatMap(beans -> beans.getBeans().values().stream())
                            .map(bean -> bean.getProperties() + " " + bean.getInputs())
                            .toList()
                            .toString();
                    assertThat(configprops).contains("10.0.0.10/24").doesNotContain(KEY);
                    EnvironmentEndpoint env = context.getBean(EnvironmentEndpoint.class);
                    String shown = env.environment("(?i)floatingip.*").getPropertySources().stream()
                            .flatMap(source -> source.getProperties().values().stream())
                            .map(property -> String.valueOf(property.getValue()))
                            .toList()
                            .toString();
                    assertThat(shown).contains("10.0.0.10/24", "******").doesNotContain(KEY);
                });
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
