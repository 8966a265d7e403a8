package io.floatingip.spring.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.floatingip.FloatingIp;
import io.floatingip.spring.SimulatedNodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.PriorityOrdered;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.config.ScheduledTask;
import org.springframework.scheduling.config.ScheduledTaskHolder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class MasterOnlyTest {
    private final SimulatedNodes nodes = new SimulatedNodes();
    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MasterOnlyAutoConfiguration.class));

    @Test
    void runsOnTheMasterAndIsSkippedElsewhere() {
        FloatingIp web = nodes.join("web", 1);
        runner.withBean("web", FloatingIp.class, () -> web).withBean(Jobs.class).run(context -> {
            Jobs jobs = context.getBean(Jobs.class);
            jobs.onlyOne();
            assertThat(jobs.runs()).isEmpty();

            nodes.settle();
            jobs.onlyOne();
            jobs.everywhere();
            assertThat(jobs.runs()).containsExactly("one", "everywhere");

            nodes.joinThere("web", 1, 200);
            nodes.settle();
            assertThat(web.isMaster()).isFalse();
            jobs.onlyOne();
            jobs.everywhere();
            assertThat(jobs.runs()).containsExactly("one", "everywhere", "everywhere");
        });
    }

    @Test
    void eachMethodFollowsItsOwnFloatingIp() {
        FloatingIp web = nodes.join("web", 1);
        FloatingIp mail = nodes.join("mail", 2);
        nodes.joinThere("mail", 2, 200);
        nodes.settle();
        assertThat(web.isMaster()).isTrue();
        assertThat(mail.isMaster()).isFalse();
        runner.withBean("web", FloatingIp.class, () -> web)
                .withBean("mail", FloatingIp.class, () -> mail)
                .withBean(NamedJobs.class)
                .run(context -> {
                    NamedJobs jobs = context.getBean(NamedJobs.class);
                    jobs.ofWeb();
                    jobs.ofMail();
                    assertThat(jobs.runs()).containsExactly("web");
                });
    }

    @Test
    void theSchedulerCallsTheProxy() {
        FloatingIp web = nodes.join("web", 1);
        runner.withBean("web", FloatingIp.class, () -> web)
                .withUserConfiguration(Scheduling.class)
                .withBean(ScheduledJobs.class)
                .run(context -> {
                    ScheduledJobs jobs = context.getBean(ScheduledJobs.class);
                    jobs.awaitRuns();
                    assertThat(jobs.masterRuns()).isZero();
                });
    }

    @Test
    void cronReactiveAndAsynchronousMethodsRunOnTheMasterOnly() {
        FloatingIp web = nodes.join("web", 1);
        runner.withBean("web", FloatingIp.class, () -> web)
                .withUserConfiguration(Scheduling.class, Asynchronous.class)
                .withBean(AllKindsOfJobs.class)
                .run(context -> {
                    AllKindsOfJobs jobs = context.getBean(AllKindsOfJobs.class);
                    runAll(context);
                    assertThat(jobs.runs()).isEmpty();

                    nodes.settle();
                    runAll(context);
                    assertThat(jobs.runs()).containsExactlyInAnyOrder("cron", "mono", "flux", "async");

                    nodes.joinThere("web", 1, 200);
                    nodes.settle();
                    runAll(context);
                    assertThat(jobs.runs()).hasSize(4);
                });
    }

    /** Each task once, as if its time had come. */
    private static void runAll(ApplicationContext context) {
        Set<ScheduledTask> tasks = context.getBean(ScheduledTaskHolder.class).getScheduledTasks();
        assertThat(tasks).hasSize(4);
        tasks.forEach(task -> task.getTask().getRunnable().run());
    }

    @Test
    void withoutFloatingIpsNobodyIsMaster() {
        runner.withPropertyValues("floatingip.enabled=false")
                .withBean(Jobs.class)
                .run(context -> {
                    Jobs jobs = context.getBean(Jobs.class);
                    jobs.onlyOne();
                    jobs.everywhere();
                    assertThat(jobs.runs()).containsExactly("everywhere");
                });
    }

    @Test
    void leavesOtherBeansAlone() {
        runner.withBean(Plain.class)
                .run(context -> assertThat(AopUtils.isAopProxy(context.getBean(Plain.class)))
                        .isFalse());
    }

    @Test
    void standsBeforeTheOtherAdvisorsOfAProxyThatIsThere() {
        FloatingIp web = nodes.join("web", 1);
        List<String> calls = new ArrayList<>();
        ProxyMaker other = new ProxyMaker(call -> {
            calls.add(call.getMethod().getName());
            return call.proceed();
        });
        runner.withBean("web", FloatingIp.class, () -> web)
                .withBean(ProxyMaker.class, () -> other)
                .withBean(Jobs.class)
                .run(context -> {
                    Jobs jobs = context.getBean(Jobs.class);
                    jobs.onlyOne();
                    jobs.everywhere();
                    assertThat(calls).containsExactly("everywhere");
                });
    }

    @Test
    void refusesMethodsThatNoProxyCanStandBefore() {
        assertRefused(PrivateJob.class, "@MasterOnly on PrivateJob.run cannot work: the method is private");
        assertRefused(FinalJob.class, "@MasterOnly on FinalJob.run cannot work: the method is final");
        assertRefused(StaticJob.class, "@MasterOnly on StaticJob.run cannot work: the method is static");
        assertRefused(
                FinalClassJob.class, "@MasterOnly on FinalClassJob.run cannot work: the method is in a final class");
    }

    @Test
    void refusesMethodsThatReturnSomething() {
        assertRefused(ReturningJob.class, "@MasterOnly on ReturningJob.run cannot work: the method returns String");
    }

    @Test
    void refusesNamesThatThereAreNot() {
        FloatingIp web = nodes.join("web", 1);
        runner.withBean("web", FloatingIp.class, () -> web)
                .withBean(NamedJobs.class)
                .run(context -> assertThat(analysis(context.getStartupFailure()))
                        .satisfies(analysis -> {
                            assertThat(analysis.getDescription())
                                    .isEqualTo(
                                            "@MasterOnly on NamedJobs.ofMail names the floating IP \"mail\", which there is not.");
                            assertThat(analysis.getAction()).isEqualTo("Name one of these in the annotation: web.");
                        }));
    }

    @Test
    void refusesALazyBeanWhenItIsMade() {
        FloatingIp web = nodes.join("web", 1);
        runner.withBean("web", FloatingIp.class, () -> web)
                .withUserConfiguration(LazyJobs.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(catchThrowable(() -> context.getBean(NamedJobs.class)))
                            .rootCause()
                            .hasMessageContaining("names the floating IP \"mail\"");
                });
    }

    @Test
    void wantsANameWhereThereAreSeveral() {
        FloatingIp web = nodes.join("web", 1);
        FloatingIp mail = nodes.join("mail", 2);
        runner.withBean("web", FloatingIp.class, () -> web)
                .withBean("mail", FloatingIp.class, () -> mail)
                .withBean(Jobs.class)
                .run(context -> assertThat(analysis(context.getStartupFailure()))
                        .satisfies(analysis -> {
                            assertThat(analysis.getDescription())
                                    .isEqualTo(
                                            "@MasterOnly on Jobs.onlyOne does not say which floating IP is meant; there are 2.");
                            assertThat(analysis.getAction())
                                    .isEqualTo("Name one of these in the annotation: mail, web.");
                        }));
    }

    private void assertRefused(Class<?> job, String description) {
        FloatingIp web = nodes.join(job.getSimpleName(), 1);
        runner.withBean("web", FloatingIp.class, () -> web)
                .withBean(job)
                .run(context -> assertThat(analysis(context.getStartupFailure()).getDescription())
                        .startsWith(description));
        web.close();
    }

    private static FailureAnalysis analysis(Throwable failure) {
        return new MasterOnlyFailureAnalyzer().analyze(failure);
    }

    static class Recording {
        private final List<String> runs = new ArrayList<>();

        void ran(String what) {
            runs.add(what);
        }

        List<String> runs() {
            return runs;
        }
    }

    static class Jobs extends Recording {
        @MasterOnly
        void onlyOne() {
            ran("one");
        }

        void everywhere() {
            ran("everywhere");
        }
    }

    static class NamedJobs extends Recording {
        @MasterOnly("web")
        public void ofWeb() {
            ran("web");
        }

        @MasterOnly("mail")
        public void ofMail() {
            ran("mail");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class LazyJobs {
        @Bean
        @Lazy
        NamedJobs jobs() {
            return new NamedJobs();
        }
    }

    /** Makes a proxy of the jobs before anybody else does. */
    private record ProxyMaker(MethodInterceptor advice) implements BeanPostProcessor, PriorityOrdered {
        @Override
        public Object postProcessAfterInitialization(Object bean, String beanName) {
            if (!(bean instanceof Jobs)) {
                return bean;
            }
            ProxyFactory proxy = new ProxyFactory(bean);
            proxy.setProxyTargetClass(true);
            proxy.addAdvice(advice);
            return proxy.getProxy();
        }

        @Override
        public int getOrder() {
            return HIGHEST_PRECEDENCE;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableScheduling
    static class Scheduling {}

    static class ScheduledJobs {
        private final CountDownLatch runs = new CountDownLatch(3);
        private int masterRuns;

        // One thread runs both, one after the other: three runs of the second mean that the first was due too.
        @Scheduled(fixedDelay = 1)
        @MasterOnly
        void onMaster() {
            masterRuns++;
        }

        @Scheduled(fixedDelay = 1)
        void everywhere() {
            runs.countDown();
        }

        void awaitRuns() throws InterruptedException {
            runs.await();
        }

        int masterRuns() {
            return masterRuns;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    static class Asynchronous {
        /** Counts no threads: those that are not master take none. */
        @Bean
        Executor taskExecutor() {
            return Runnable::run;
        }
    }

    static class AllKindsOfJobs extends Recording {
        private static final String NEVER = "0 0 0 29 2 ?";

        @Scheduled(cron = NEVER)
        @MasterOnly
        public void cron() {
            ran("cron");
        }

        @Scheduled(initialDelay = 1, fixedDelay = 1, timeUnit = TimeUnit.DAYS)
        @MasterOnly
        public Mono<Void> mono() {
            return Mono.fromRunnable(() -> ran("mono"));
        }

        @Scheduled(initialDelay = 1, fixedRate = 1, timeUnit = TimeUnit.DAYS)
        @MasterOnly
        public Flux<String> flux() {
            return Flux.just("flux").doOnNext(this::ran);
        }

        @Async
        @Scheduled(cron = NEVER)
        @MasterOnly
        public void async() {
            ran("async");
        }
    }

    static class Plain {
        public void run() {}
    }

    static class PrivateJob {
        @MasterOnly
        private void run() {}
    }

    static class FinalJob {
        @MasterOnly
        public final void run() {}
    }

    static class StaticJob {
        @MasterOnly
        public static void run() {}
    }

    static final class FinalClassJob {
        @MasterOnly
        public void run() {}
    }

    static class ReturningJob {
        @MasterOnly
        public String run() {
            return "";
        }
    }
}
