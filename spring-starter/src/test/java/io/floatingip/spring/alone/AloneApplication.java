package io.floatingip.spring.alone;

import io.floatingip.FloatingIp;
import io.floatingip.Role;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** A whole application, run in a class loader of its own; in a package of its own, since Spring Boot looks through it. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class AloneApplication {
    /** The names of the beans of this application, once it is master. */
    public static Set<String> beans() throws InterruptedException {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(AloneApplication.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.main.banner-mode=off",
                        "floatingip.network=simulated",
                        "floatingip.interface=eth0",
                        "floatingip.virtual-router-id=52",
                        "floatingip.addresses=10.0.0.10/24",
                        "floatingip.advert-interval=10ms",
                        "floatingip.leader-events=true",
                        "management.endpoints.jmx.exposure.include=floatingip",
                        "spring.jmx.enabled=true")
                .run()) {
            if (!context.getBean(FloatingIp.class).awaitRole(Role.MASTER, Duration.ofSeconds(20))) {
                throw new AssertionError("did not become master");
            }
            return Set.of(context.getBeanDefinitionNames());
        }
    }
}
