package io.floatingip.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIp;
import io.floatingip.Role;
import io.floatingip.spring.SimulatedNodes;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Set;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/** The endpoint as an MBean, as Spring Boot exposes its own. */
class ActuatorOverJmxTest {
    private final SimulatedNodes nodes = new SimulatedNodes();

    @Test
    void isReadAndWrittenAsAnMBean() throws Exception {
        try (ConfigurableApplicationContext application = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .initializers(context -> ((GenericApplicationContext) context)
                        .registerBean("web", FloatingIp.class, () -> nodes.join("web", 1)))
                .properties(
                        "spring.main.banner-mode=off",
                        "spring.jmx.enabled=true",
                        "management.endpoints.jmx.domain=floatingip.test",
                        "management.endpoints.jmx.exposure.include=floatingip",
                        "management.endpoint.floatingip.access=unrestricted")
                .run()) {
            nodes.settle();
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            ObjectName name = new ObjectName("floatingip.test:type=Endpoint,name=Floatingip");
            Map<?, ?> all = (Map<?, ?>) server.invoke(name, "floatingIps", new Object[0], new String[0]);
            Map<?, ?> floatingIps = (Map<?, ?>) all.get("floatingIps");
            assertThat(floatingIps.keySet()).isEqualTo(Set.of("web"));
            server.invoke(name, "act", new Object[] {"web", "stand-down", "1h", null}, new String[] {
                String.class.getName(), String.class.getName(), String.class.getName(), Integer.class.getName()
            });
            nodes.settle();
            assertThat(application.getBean(FloatingIp.class).role()).isEqualTo(Role.FAULT);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
