package io.floatingip.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpGroup;
import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import io.floatingip.health.HealthCheck;
import io.floatingip.health.HealthStatus;
import io.floatingip.simulation.LiveLan;
import io.floatingip.simulation.SimHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.event.EventListener;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.OverridingClassLoader;

@ExtendWith(OutputCaptureExtension.class)
class FloatingIpAutoConfigurationTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(FloatingIpAutoConfiguration.class));
    private final ApplicationContextRunner single = runner.withPropertyValues(
            "floatingip.network=simulated",
            "floatingip.interface=eth0",
            "floatingip.virtual-router-id=52",
            "floatingip.addresses=10.0.0.10/24",
            "floatingip.advert-interval=20ms");
    private final ApplicationContextRunner several = runner.withPropertyValues(
            "floatingip.network=simulated",
            "floatingip.instances.inside.interface=eth0",
            "floatingip.instances.inside.virtual-router-id=1",
            "floatingip.instances.inside.addresses=10.0.0.10/24",
            "floatingip.instances.inside.advert-interval=20ms",
            "floatingip.instances.outside.interface=eth1",
            "floatingip.instances.outside.virtual-router-id=2",
            "floatingip.instances.outside.addresses=10.1.0.10/24,2001:db8::10/64",
            "floatingip.instances.outside.advert-interval=20ms");

    @Test
    void backsOffWhenDisabled() {
        single.withPropertyValues("floatingip.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(FloatingIpAutoConfiguration.class)
                        .doesNotHaveBean(FloatingIp.class)
                        .doesNotHaveBean(LiveLan.class));
    }

    @Test
    void backsOffWhereTheApplicationJoinsItsOwn() {
        FloatingIp own = mock(FloatingIp.class);
        single.withBean("own", FloatingIp.class, () -> own)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(FloatingIps.class)
                        .getBean(FloatingIp.class)
                        .isSameAs(own));
    }

    @Test
    void saysWhichThreePropertiesAreMissing() {
        runner.run(context -> assertThat(context)
                .getFailure()
                .isInstanceOfSatisfying(
                        FloatingIpStartException.class,
                        failure -> assertThat(failure.action())
                                .contains(
                                        "floatingip.interface=",
                                        "floatingip.virtual-router-id=",
                                        "floatingip.addresses=")));
    }

    @Test
    void joinsASingleFloatingIpThatTakesNoPartUntilTheApplicationIsReady() {
        single.run(context -> {
            FloatingIp vip = context.getBean("floatingIp", FloatingIp.class);
            assertThat(vip.name()).isEqualTo("eth0-52");
            assertThat(vip.role()).isEqualTo(Role.FAULT);
            assertThat(vip.status().faults()).containsExactly("the application is not ready yet");

            accept(context);
            assertThat(vip.awaitRole(Role.MASTER, SOON)).isTrue();
            LiveLan lan = context.getBean(LiveLan.class);
            assertThat(answering(lan)).containsExactly(context.getBean(SimHost.class));
        });
    }

    @Test
    void readinessAndLivenessReleaseItAndComingBackReenters() {
        single.run(context -> {
            FloatingIp vip = context.getBean(FloatingIp.class);
            accept(context);
            assertThat(vip.awaitRole(Role.MASTER, SOON)).isTrue();

            AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
            assertThat(vip.awaitRole(Role.FAULT, SOON)).isTrue();
            assertThat(vip.status().faults())
                    .containsExactly("the application refuses traffic (readiness REFUSING_TRAFFIC)");
            accept(context);
            assertThat(vip.awaitRole(Role.MASTER, SOON)).isTrue();

            AvailabilityChangeEvent.publish(context, LivenessState.BROKEN);
            assertThat(vip.awaitRole(Role.FAULT, SOON)).isTrue();
            assertThat(vip.status().faults())
                    .containsExactly("application: the application is broken (liveness BROKEN)");
            AvailabilityChangeEvent.publish(context, LivenessState.CORRECT);
            assertThat(vip.awaitRole(Role.MASTER, SOON)).isTrue();
        });
    }

    @Test
    void theStateOfAnotherContextSaysNothing() {
        single.run(context -> new ApplicationContextRunner().withParent(context).run(child -> {
            FloatingIp vip = context.getBean(FloatingIp.class);
            accept(context);
            assertThat(vip.awaitRole(Role.MASTER, SOON)).isTrue();
            AvailabilityChangeEvent.publish(child, ReadinessState.REFUSING_TRAFFIC);
            AvailabilityChangeEvent.publish(child, LivenessState.BROKEN);
            vip.change(c -> c);
            assertThat(vip.role()).isEqualTo(Role.MASTER);
        }));
    }

    @Test
    void aContextThatIsStoppedAndStartedAgainComesBack() {
        single.run(context -> {
            FloatingIp vip = context.getBean(FloatingIp.class);
            accept(context);
            assertThat(vip.awaitRole(Role.MASTER, SOON)).isTrue();
            ConfigurableApplicationContext running = context.getSourceApplicationContext();
            running.stop();
            assertThat(vip.role()).isEqualTo(Role.FAULT);
            running.start();
            assertThat(vip.awaitRole(Role.MASTER, SOON)).isTrue();
        });
    }

    @Test
    void releasesWhatItJoinedWhenTheContextCloses() {
        FloatingIp[] vip = new FloatingIp[1];
        single.run(context -> {
            vip[0] = context.getBean(FloatingIp.class);
            accept(context);
            assertThat(vip[0].awaitRole(Role.MASTER, SOON)).isTrue();
        });
        assertThat(vip[0].role()).isEqualTo(Role.RELEASED);
    }

    @Test
    void severalAreInjectedByQualifierAndByName() {
        several.withUserConfiguration(Several.class).run(context -> {
            Several beans = context.getBean(Several.class);
            assertThat(beans.byQualifier.name()).isEqualTo("inside");
            assertThat(beans.outsideFloatingIp.name()).isEqualTo("outside");
            assertThat(context.getBeansOfType(FloatingIp.class))
                    .containsOnlyKeys("insideFloatingIp", "outsideFloatingIp");
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class Several {
        @Autowired
        @Qualifier("inside")
        FloatingIp byQualifier;

        @Autowired
        FloatingIp outsideFloatingIp;
    }

    @Test
    void groupsAreMasterTogether() {
        several.withPropertyValues("floatingip.groups.gateway.members=inside,outside")
                .run(context -> {
                    FloatingIpGroup group = context.getBean("gatewayFloatingIpGroup", FloatingIpGroup.class);
                    assertThat(group.members())
                            .containsExactlyInAnyOrderElementsOf(
                                    context.getBeansOfType(FloatingIp.class).values());
                    accept(context);
                    assertThat(group.awaitRole(Role.MASTER, SOON)).isTrue();
                });
    }

    @Test
    void aGroupIsReleasedAndComesBackAsOneAndHasMethodsOfItsOwn() {
        several.withPropertyValues("floatingip.groups.gateway.members=inside,outside")
                .withUserConfiguration(OfAGroup.class)
                .run(context -> {
                    FloatingIpGroup group = context.getBean(FloatingIpGroup.class);
                    BlockingQueue<String> calls = context.getBean(OfAGroup.class).calls;
                    accept(context);
                    assertThat(calls.poll(10, TimeUnit.SECONDS)).isEqualTo("master of gateway");
                    AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
                    assertThat(calls.poll(10, TimeUnit.SECONDS)).isEqualTo("fault of gateway");
                    for (FloatingIp member : group.members()) {
                        assertThat(member.awaitRole(Role.FAULT, SOON)).isTrue();
                        assertThat(member.status().faults())
                                .contains("the application refuses traffic (readiness REFUSING_TRAFFIC)");
                    }
                    accept(context);
                    assertThat(calls.poll(10, TimeUnit.SECONDS)).isEqualTo("master of gateway");
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class OfAGroup {
        final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
        private boolean wasMaster;

        @OnMaster("gateway")
        void serving(RoleChange change) {
            wasMaster = true;
            calls.add("master of " + change.name());
        }

        @OnFault("gateway")
        void broken(RoleChange change) {
            // Not ready yet, at the start.
            if (wasMaster) {
                calls.add("fault of " + change.name());
            }
        }
    }

    @Test
    void aSyncGroupOfAKeepalivedConfIsAGroup(@TempDir Path folder) throws IOException {
        String instance = """
                vrrp_instance %1$s {
                    version 3
                    interface %2$s
                    virtual_router_id %3$d
                    advert_int 0.1
                    virtual_ipaddress { 10.0.%3$d.10/24 }
                }
                """;
        Path file = Files.writeString(
                folder.resolve("keepalived.conf"),
                instance.formatted("inside", "eth0", 1) + instance.formatted("outside", "eth1", 2)
                        + "vrrp_sync_group gateway {\n group {\n inside\n outside\n }\n}\n");
        runner.withPropertyValues("floatingip.network=simulated", "floatingip.keepalived-conf=" + file)
                .run(context -> {
                    FloatingIpGroup group = context.getBean("gatewayFloatingIpGroup", FloatingIpGroup.class);
                    assertThat(group.members())
                            .extracting(FloatingIp::name)
                            .containsExactlyInAnyOrder("inside", "outside");
                    accept(context);
                    assertThat(group.awaitRole(Role.MASTER, SOON)).isTrue();
                });
    }

    @Test
    void takesEverythingFromAKeepalivedConf(@TempDir Path folder, CapturedOutput output) throws IOException {
        Path file = Files.writeString(folder.resolve("keepalived.conf"), """
                vrrp_instance VI_1 {
                    version 3
                    interface eth0
                    virtual_router_id 51
                    priority 150
                    advert_int 0.1
                    virtual_ipaddress {
                        10.0.0.10/24
                    }
                    frobnicate
                }
                """);
        runner.withPropertyValues("floatingip.network=simulated", "floatingip.keepalived-conf=" + file)
                .run(context -> {
                    FloatingIp vip = context.getBean("VI_1FloatingIp", FloatingIp.class);
                    accept(context);
                    assertThat(vip.awaitRole(Role.MASTER, SOON)).isTrue();
                    assertThat(vip.status().effectivePriority()).isEqualTo(150);
                    assertThat(output).as("the warning").containsOnlyOnce("frobnicate");
                });
    }

    @Test
    void customizersHaveTheLastWord() {
        single.withPropertyValues("floatingip.priority=120")
                .withBean(FloatingIpCustomizer.class, () -> (name, builder) -> builder.priority(130))
                .run(context -> assertThat(
                                context.getBean(FloatingIp.class).status().effectivePriority())
                        .isEqualTo(130));
    }

    @Test
    void checksAreBeansAndTheirPolicyMayBeConfigured() {
        single.withPropertyValues("floatingip.checks.cache.weight=-50")
                .withBean("database", HealthCheck.class, () -> () -> true)
                .withBean("cache", HealthCheck.class, () -> () -> false)
                .run(context -> {
                    FloatingIp vip = context.getBean(FloatingIp.class);
                    accept(context);
                    assertThat(vip.awaitRole(Role.MASTER, SOON)).isTrue();
                    assertThat(vip.status().health())
                            .extracting(HealthStatus::name)
                            .containsExactly("cache", "database");
                });
    }

    @Test
    void tellsListenersMethodsAndEvents() {
        single.withUserConfiguration(Told.class).run(context -> {
            accept(context);
            BlockingQueue<String> calls = context.getBean(Told.class).calls;
            assertThat(calls.poll(10, TimeUnit.SECONDS)).isEqualTo("bean FAULT");
            assertThat(calls.poll(10, TimeUnit.SECONDS)).isEqualTo("method FAULT of eth0-52");
            assertThat(calls.poll(10, TimeUnit.SECONDS)).isEqualTo("FloatingIpFaultEvent FAULT");
            assertThat(calls.poll(10, TimeUnit.SECONDS)).isEqualTo("bean BACKUP");
            assertThat(calls.poll(10, TimeUnit.SECONDS)).isEqualTo("FloatingIpBackupEvent BACKUP");
            assertThat(calls.poll(10, TimeUnit.SECONDS)).isEqualTo("bean MASTER");
            assertThat(calls.poll(10, TimeUnit.SECONDS)).isEqualTo("method MASTER");
            assertThat(calls.poll(10, TimeUnit.SECONDS)).isEqualTo("FloatingIpMasterEvent MASTER");
        });
    }

    @Test
    void aDrainInVainIsToldToWhoDrainedAndToNobodyElse() {
        single.withPropertyValues("floatingip.drain=20s")
                .withUserConfiguration(Draining.class)
                .run(context -> {
                    FloatingIp vip = context.getBean(FloatingIp.class);
                    Draining told = context.getBean(Draining.class);
                    accept(context);
                    assertThat(vip.awaitRole(Role.MASTER, SOON)).isTrue();
                    vip.standDown(Duration.ofHours(1));
                    while (!"drain".equals(told.calls.poll(10, TimeUnit.SECONDS))) {
                        // the roles before
                    }
                    vip.standUp();
                    told.mayGoOn.countDown();
                    assertThat(told.calls.poll(10, TimeUnit.SECONDS)).isEqualTo("bean MASTER");
                    assertThat(vip.role()).isEqualTo(Role.MASTER);
                    vip.standDown(Duration.ofHours(1));
                    assertThat(told.calls.poll(10, TimeUnit.SECONDS)).isEqualTo("drain");
                    assertThat(told.calls.poll(10, TimeUnit.SECONDS)).isEqualTo("bean FAULT");
                    assertThat(told.calls.poll(10, TimeUnit.SECONDS)).isEqualTo("FloatingIpFaultEvent");
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Draining {
        final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
        final CountDownLatch mayGoOn = new CountDownLatch(1);

        @Bean
        RoleListener draining() {
            return new RoleListener() {
                @Override
                public void onChange(RoleChange change) {
                    calls.add("bean " + change.to());
                }

                @Override
                public void onDrain(Duration time) {
                    calls.add("drain");
                    try {
                        mayGoOn.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            };
        }

        @OnMaster
        void serving() {
            calls.add("method MASTER");
        }

        @EventListener
        void changed(FloatingIpRoleChangedEvent event) {
            calls.add(event.getClass().getSimpleName());
        }
    }

    /** A listener may have the floating IP injected. */
    @Configuration(proxyBeanMethods = false)
    static class Told {
        final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

        @Autowired
        FloatingIp vip;

        @Bean
        RoleListener listener(ApplicationContext context) {
            return RoleListener.onAnyChange(change -> calls.add("bean " + change.to()));
        }

        @OnMaster
        void serving() {
            calls.add("method MASTER");
            throw new IllegalStateException("the others are told all the same");
        }

        @OnFault("eth0-52")
        void broken(RoleChange change) {
            calls.add("method " + change.to() + " of " + vip.name());
        }

        @EventListener
        void changed(FloatingIpRoleChangedEvent event) {
            calls.add(event.getClass().getSimpleName() + " " + event.change().to());
        }
    }

    @Test
    void callsAMethodOfAScopedBeanOnce() {
        single.withUserConfiguration(OfAScope.class).run(context -> {
            accept(context);
            BlockingQueue<String> calls = context.getBean(OfAScope.class).calls;
            FloatingIp vip = context.getBean(FloatingIp.class);
            assertThat(vip.awaitRole(Role.MASTER, SOON)).isTrue();
            // Told last, it knows that the others have been.
            vip.addListener(RoleListener.onMaster(change -> calls.add("end")));
            assertThat(calls.poll(10, TimeUnit.SECONDS)).isEqualTo("serving");
            assertThat(calls.poll(10, TimeUnit.SECONDS)).isEqualTo("end");
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class OfAScope {
        final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

        @Bean
        @Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
        Scoped scoped() {
            return new Scoped(calls);
        }
    }

    static class Scoped {
        private final BlockingQueue<String> calls;

        Scoped(BlockingQueue<String> calls) {
            this.calls = calls;
        }

        @OnMaster
        void serving() {
            calls.add("serving");
        }
    }

    @Test
    void passesOverABeanWhoseMethodsSpeakOfAMissingLibrary() throws ClassNotFoundException {
        ClassLoader withoutLibrary = new OverridingClassLoader(getClass().getClassLoader()) {
            @Override
            protected boolean isEligibleForOverriding(String name) {
                return name.equals(UsesLibrary.class.getName());
            }

            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (name.equals(Library.class.getName())) {
                    throw new ClassNotFoundException(name);
                }
                return super.loadClass(name, resolve);
            }
        };
        RootBeanDefinition lazy = new RootBeanDefinition(withoutLibrary.loadClass(UsesLibrary.class.getName()));
        lazy.setLazyInit(true);
        single.withInitializer(
                        context -> ((GenericApplicationContext) context).registerBeanDefinition("usesLibrary", lazy))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(FloatingIp.class));
    }

    static class UsesLibrary {
        Library library() {
            return new Library();
        }
    }

    static class Library {}

    @Test
    void usesTheSimulatedLanOfTheApplication() {
        LiveLan own = new LiveLan();
        single.withBean(LiveLan.class, () -> own).run(context -> {
            assertThat(context).getBean(LiveLan.class).isSameAs(own);
            accept(context);
            assertThat(context.getBean(FloatingIp.class).awaitRole(Role.MASTER, SOON))
                    .isTrue();
            assertThat(answering(own)).containsExactly(context.getBean(SimHost.class));
        });
    }

    private static Set<SimHost> answering(LiveLan lan) {
        return lan.ask(it -> it.answering("10.0.0.10"));
    }

    private static void accept(ApplicationContext context) {
        AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
    }
}
