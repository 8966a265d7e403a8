package io.floatingip.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.Role;
import io.floatingip.RoleListener;
import io.floatingip.simulation.LiveLan;
import io.floatingip.simulation.SimHost;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A whole application with a web server: server up, runners, claim; drained, handed over, and only then connections are refused. */
class ShutdownOrderTest {
    private static final String VIP = "10.0.0.10";
    private static final Duration SOON = Duration.ofSeconds(20);

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void claimsWhenTheServerAnswersAndHandsOverBeforeItRefuses(WebApplicationType type) throws Exception {
        // Beans that are made late, and a management server, which has a context of its own, change nothing.
        boolean odd = type == WebApplicationType.SERVLET;
        // Reactive means Netty, although Tomcat is on the class path as well.
        ClassLoader visible = type == WebApplicationType.REACTIVE
                ? new FilteredClassLoader("org.apache.catalina")
                : getClass().getClassLoader();
        ConfigurableApplicationContext context = new SpringApplicationBuilder(
                        new DefaultResourceLoader(visible), Application.class)
                .web(type)
                .registerShutdownHook(false)
                .run(
                        "--server.port=0",
                        "--server.shutdown=graceful",
                        "--spring.main.lazy-initialization=" + odd,
                        odd ? "--management.server.port=0" : "--management.server.port=",
                        "--floatingip.network=simulated",
                        "--floatingip.interface=eth0",
                        "--floatingip.virtual-router-id=52",
                        "--floatingip.addresses=" + VIP,
                        "--floatingip.priority=200",
                        "--floatingip.advert-interval=300ms",
                        "--floatingip.drain=10s");
        Application application = context.getBean(Application.class);
        FloatingIp vip = context.getBean(FloatingIp.class);
        assertThat(vip.awaitRole(Role.MASTER, SOON)).isTrue();
        FloatingIp peer = application.joinPeer();
        assertThat(peer.awaitRole(Role.BACKUP, SOON)).isTrue();

        CompletableFuture<Integer> slow = CompletableFuture.supplyAsync(() -> application.status("/slow"));
        assertThat(application.slowRuns.await(20, TimeUnit.SECONDS)).isTrue();
        context.close();

        assertThat(peer.role()).isEqualTo(Role.MASTER);
        assertThat(slow.get(20, TimeUnit.SECONDS)).isEqualTo(200);
        assertThat(application.status("/")).as("the server is gone").isEqualTo(-1);
        peer.close();
        assertThat(application.log)
                .containsExactly(
                        "runner: server 200, role FAULT, address on []",
                        "master: server 200",
                        "drain: server 200, address on [a]",
                        "fault: server 200",
                        "before graceful shutdown: server 200, role FAULT, address on [b]",
                        "slow request ends");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @RestController
    static class Application {
        final List<String> log = new CopyOnWriteArrayList<>();
        final CountDownLatch slowRuns = new CountDownLatch(1);
        private final CompletableFuture<Void> moved = new CompletableFuture<>();
        private final LiveLan lan;
        private final Environment environment;

        Application(LiveLan lan, Environment environment) {
            this.lan = lan;
            this.environment = environment;
        }

        @GetMapping("/")
        String index() {
            return "here";
        }

        @GetMapping("/slow")
        CompletableFuture<String> slow() {
            slowRuns.countDown();
            return moved.thenApply(ignored -> {
                log.add("slow request ends");
                return "done";
            });
        }

        @Bean
        ApplicationRunner warmUp(FloatingIp vip) {
            return arguments ->
                    log.add("runner: server " + status("/") + ", role " + vip.role() + ", address on " + answering());
        }

        @OnMaster
        void master() {
            log.add("master: server " + status("/"));
        }

        @OnFault
        void fault() {
            // The first time is the start, before there is a server.
            if (!log.isEmpty()) {
                log.add("fault: server " + status("/"));
            }
        }

        @Bean
        RoleListener drain() {
            return RoleListener.onMaster(change -> {})
                    .onDrain(time -> log.add("drain: server " + status("/") + ", address on " + answering()));
        }

        /** The last thing that stops before graceful shutdown does. */
        @Bean
        SmartLifecycle beforeGracefulShutdown(FloatingIp vip) {
            return new SmartLifecycle() {
                private volatile boolean running;

                @Override
                public int getPhase() {
                    return Integer.MAX_VALUE - 1023;
                }

                @Override
                public void start() {
                    running = true;
                }

                @Override
                public void stop() {
                    running = false;
                    log.add("before graceful shutdown: server " + status("/") + ", role " + vip.role() + ", address on "
                            + answering());
                    moved.complete(null);
                }

                @Override
                public boolean isRunning() {
                    return running;
                }
            };
        }

        FloatingIp joinPeer() {
            SimHost other = lan.host("192.0.2.2");
            return FloatingIp.join(FloatingIpConfig.builder()
                    .networkInterface("eth0")
                    .virtualRouterId(52)
                    .address(VIP)
                    .advertInterval(Duration.ofMillis(300))
                    .network(lan.network(other))
                    .build());
        }

        private Set<SimHost> answering() {
            return lan.ask(it -> it.answering(VIP));
        }

        /** Over a connection of its own; -1 if it is refused. */
        int status(String path) {
            try {
                HttpURLConnection connection = (HttpURLConnection)
                        URI.create("http://127.0.0.1:" + environment.getRequiredProperty("local.server.port") + path)
                                .toURL()
                                .openConnection();
                connection.setRequestProperty("Connection", "close");
                int status = connection.getResponseCode();
                connection.disconnect();
                return status;
            } catch (IOException e) {
                return -1;
            }
        }
    }
}
