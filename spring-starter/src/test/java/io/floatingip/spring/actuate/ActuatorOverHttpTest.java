package io.floatingip.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import io.floatingip.FloatingIp;
import io.floatingip.Role;
import io.floatingip.spring.SimulatedNodes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** What an operator sees of a running application, on whichever Spring Boot the tests run. */
class ActuatorOverHttpTest {
    private final SimulatedNodes nodes = new SimulatedNodes();
    private final HttpClient client = HttpClient.newHttpClient();
    private ConfigurableApplicationContext application;

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void theEndpointIsNotExposedByDefaultAndTheContributorCanBeSwitchedOff() {
        start("--management.health.floatingip.enabled=false");
        assertThat(get("/actuator/floatingip").statusCode()).isEqualTo(404);
        assertThat(get("/actuator/health").statusCode()).isEqualTo(200);
        assertThat(get("/actuator/health/floatingIp").statusCode()).isEqualTo(404);
    }

    @Test
    void isReadButNotWrittenWhereItIsExposed() {
        start("--management.endpoints.web.exposure.include=floatingip");
        nodes.settle();
        String all = get("/actuator/floatingip").body();
        assertThat(JsonPath.<String>read(all, "$.floatingIps.web.role")).isEqualTo("MASTER");
        String web = get("/actuator/floatingip/web").body();
        assertThat(JsonPath.<String>read(web, "$.master")).isEqualTo("10.0.0.1");
        assertThat(JsonPath.<String>read(web, "$.since")).startsWith("2026-01-01T00:00:");
        assertThat(JsonPath.<Boolean>read(web, "$.fence.closesInTime")).isTrue();
        assertThat(JsonPath.<Integer>read(web, "$.counters['transitions.toMaster']"))
                .isEqualTo(1);

        assertThat(get("/actuator/floatingip/mail").statusCode()).isEqualTo(404);
        assertThat(post("web", "{\"action\":\"hand-over\"}").statusCode()).isEqualTo(405);
    }

    @Test
    void isWrittenWhereThatIsAllowed() {
        start(
                "--management.endpoints.web.exposure.include=floatingip",
                "--management.endpoint.floatingip.access=unrestricted");
        nodes.settle();
        FloatingIp web = application.getBean(FloatingIp.class);
        FloatingIp other = nodes.joinThere("web", 1, 50);
        nodes.settle();

        assertThat(post("web", "{\"action\":\"hand-over\"}").statusCode()).isEqualTo(200);
        nodes.settle();
        assertThat(other.isMaster()).isTrue();
        assertThat(post("web", "{\"action\":\"stand-down\",\"duration\":\"1h\"}")
                        .statusCode())
                .isEqualTo(200);
        nodes.settle();
        assertThat(web.role()).isEqualTo(Role.FAULT);
        assertThat(post("web", "{\"action\":\"stand-up\"}").statusCode()).isEqualTo(200);
        assertThat(post("web", "{\"action\":\"priority\",\"priority\":120}").statusCode())
                .isEqualTo(200);
        nodes.settle();
        assertThat(web.isMaster()).isTrue();
        assertThat(web.status().effectivePriority()).isEqualTo(120);

        assertThat(post("web", "{\"action\":\"stand-down\"}").statusCode()).isEqualTo(400);
        assertThat(post("web", "{\"action\":\"dance\"}").statusCode()).isEqualTo(400);
        assertThat(post("web", "{}").statusCode()).isEqualTo(400);
        assertThat(post("mail", "{\"action\":\"hand-over\"}").statusCode()).isEqualTo(400);
    }

    @Test
    void healthSaysWhoHoldsTheAddressSinceWhenAndWhy() {
        start("--management.endpoint.health.show-details=always");
        nodes.settle();
        HttpResponse<String> master = get("/actuator/health/floatingIp/web");
        assertThat(master.statusCode()).isEqualTo(200);
        assertThat(JsonPath.<String>read(master.body(), "$.status")).isEqualTo("UP");
        assertThat(JsonPath.<Map<String, Object>>read(master.body(), "$.details"))
                .containsEntry("role", "MASTER")
                .containsEntry("heldBy", "this node, 10.0.0.1")
                .containsEntry("priority", 100)
                .containsEntry("fence", "closes in time")
                .containsOnlyKeys("role", "since", "why", "heldBy", "priority", "fence");

        nodes.joinThere("web", 1, 200);
        nodes.settle();
        String backup = get("/actuator/health/floatingIp/web").body();
        assertThat(JsonPath.<String>read(backup, "$.status")).isEqualTo("UP");
        assertThat(JsonPath.<Map<String, Object>>read(backup, "$.details"))
                .containsEntry("role", "BACKUP")
                .containsEntry("heldBy", "10.0.0.2, priority 200");

        application.getBean(FloatingIp.class).health().unhealthy("pool exhausted");
        nodes.settle();
        HttpResponse<String> fault = get("/actuator/health/floatingIp");
        assertThat(fault.statusCode()).isEqualTo(503);
        assertThat(JsonPath.<String>read(fault.body(), "$.components.web.status"))
                .isEqualTo("DOWN");
        assertThat(JsonPath.<List<String>>read(fault.body(), "$.components.web.details.unhealthy"))
                .containsExactly("application: pool exhausted");
    }

    private void start(String... arguments) {
        application = new SpringApplicationBuilder(Application.class)
                .initializers(context -> ((org.springframework.context.support.GenericApplicationContext) context)
                        .registerBean("web", FloatingIp.class, () -> nodes.join("web", 1)))
                .properties("server.port=0", "server.address=127.0.0.1", "spring.main.banner-mode=off")
                .run(arguments);
    }

    private HttpResponse<String> get(String path) {
        return send(request(path).GET().build());
    }

    private HttpResponse<String> post(String name, String json) {
        return send(request("/actuator/floatingip/" + name)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port") + path));
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(request + " failed", e);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
