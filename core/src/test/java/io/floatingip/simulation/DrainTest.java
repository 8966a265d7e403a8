package io.floatingip.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpGroup;
import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import io.floatingip.health.HealthChecks;
import io.floatingip.health.HealthPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Mastership is given away after what runs has come to an end, and by all members of a group together; b is the other node, of lower priority. */
class DrainTest {
    private static final String OUTSIDE = "10.0.0.10";
    private static final String INSIDE = "10.0.0.11";
    private static final Duration DRAINING = Duration.ofSeconds(5);

    private final SimLan lan = SimLan.withSeed(4).delay(Duration.ofNanos(50_000), Duration.ofMillis(1));
    private final SimHost hostA = lan.host("10.0.0.1").named("a");
    private final SimHost hostB = lan.host("10.0.0.2").named("b");
    private final SimHost client = lan.host("10.0.0.99").named("client");
    private final List<String> calls = new ArrayList<>();
    private final AtomicInteger unanswered = new AtomicInteger();

    /** Calls listeners so much later: as if each of their calls took that long. */
    private final Executor busy = task -> lan.after(DRAINING, task);

    // ------------------------------------------------------------------------------------------------------- groups

    @Test
    void aGroupHandsOverWhenAllItsListenersHaveDrained() {
        FloatingIpGroup a = twoMastersAndABackup();
        a.handOver();
        holdsBothUntilAllHaveDrained();
        assertThat(a.role()).isEqualTo(Role.BACKUP);
        assertThat(client.ask(OUTSIDE)).contains(hostB);
        assertThat(client.ask(INSIDE)).contains(hostB);
        assertThat(unanswered).hasValue(0);
    }

    @Test
    void whatIsAskedOfOneMemberDrainsTheWholeGroup() {
        FloatingIpGroup a = twoMastersAndABackup();
        a.members().get(0).handOver();
        holdsBothUntilAllHaveDrained();
        assertThat(client.ask(INSIDE)).contains(hostB);
        assertThat(unanswered).hasValue(0);
    }

    @Test
    void aGroupThatClosesDrainsAllItsListeners() {
        FloatingIpGroup a = twoMastersAndABackup();
        List<Duration> taken = new ArrayList<>();
        lan.after(Duration.ofMillis(1), () -> taken.add(lan.now()));
        a.close();
        assertThat(lan.now().minus(taken.get(0))).isGreaterThanOrEqualTo(DRAINING.minusMillis(1));
        assertThat(calls.subList(0, 2)).containsExactlyInAnyOrder("group drain PT10S", "outside drain PT10S");
        lan.runFor(Duration.ofSeconds(30));
        assertThat(calls).contains("inside drain PT10S");
        assertThat(unanswered).hasValue(0);
    }

    @Test
    void aGroupThatStandsDownDrainsAllItsListeners() {
        FloatingIpGroup a = twoMastersAndABackup();
        a.members().get(1).standDown(Duration.ofHours(1));
        holdsBothUntilAllHaveDrained();
        assertThat(a.role()).isEqualTo(Role.FAULT);
        assertThat(client.ask(OUTSIDE)).contains(hostB);
        assertThat(unanswered).hasValue(0);
    }

    @Test
    void aGroupOfDifferentDrainTimesTakesTheLongest() {
        FloatingIpGroup a = group(
                hostA,
                200,
                listener("group"),
                config(OUTSIDE, 1).drain(Duration.ofSeconds(1)).listener(listener("outside")),
                config(INSIDE, 2)
                        .drain(Duration.ofSeconds(10))
                        .listener(listener("inside"))
                        .callbackExecutor(busy));
        two(hostB, 100);
        lan.runFor(Duration.ofSeconds(30));
        watch();
        a.handOver();
        holdsBothUntilAllHaveDrained();
    }

    /** Both addresses of a stay where they are for the five seconds of the one listener that needs them. */
    private void holdsBothUntilAllHaveDrained() {
        lan.runFor(DRAINING.minusMillis(100));
        assertThat(client.ask(OUTSIDE)).contains(hostA);
        assertThat(client.ask(INSIDE)).contains(hostA);
        assertThat(calls).containsExactlyInAnyOrder("group drain PT10S", "outside drain PT10S");
        lan.runFor(Duration.ofSeconds(3));
        assertThat(calls).contains("inside drain PT10S");
    }

    @Test
    void aGroupWithoutSuccessorStaysMasterAndSaysSo() {
        FloatingIpGroup a = two(hostA, 200);
        lan.runFor(Duration.ofSeconds(30));
        calls.clear();
        a.handOver();
        lan.runFor(Duration.ofSeconds(30));
        assertThat(a.role()).isEqualTo(Role.MASTER);
        assertThat(calls)
                .containsExactlyInAnyOrder(
                        "group drain PT10S",
                        "outside drain PT10S",
                        "inside drain PT10S",
                        "group MASTER MASTER",
                        "outside MASTER MASTER",
                        "inside MASTER MASTER");
    }

    @Test
    void aGroupWhoseMemberCanStillServeLosesNothing() {
        FloatingIpGroup a = twoMastersAndABackup();
        a.members().get(0).health().unhealthyButServing("disk nearly full");
        lan.runFor(Duration.ofSeconds(5));
        assertThat(a.role()).isEqualTo(Role.FAULT);
        assertThat(client.ask(OUTSIDE)).contains(hostB);
        assertThat(client.ask(INSIDE)).contains(hostB);
        assertThat(unanswered).hasValue(0);
    }

    @Test
    void aGroupWhoseCheckAllowsMakeBeforeBreakLosesNothing() {
        AtomicBoolean well = new AtomicBoolean(true);
        FloatingIpGroup a = group(
                hostA,
                200,
                listener("group"),
                config(OUTSIDE, 1)
                        .check(
                                "disk",
                                HealthChecks.that(well::get),
                                HealthPolicy.release().makeBeforeBreak()),
                config(INSIDE, 2));
        two(hostB, 100);
        lan.runFor(Duration.ofSeconds(30));
        watch();
        well.set(false);
        lan.runFor(Duration.ofSeconds(10));
        assertThat(a.role()).isEqualTo(Role.FAULT);
        assertThat(client.ask(INSIDE)).contains(hostB);
        assertThat(unanswered).hasValue(0);
    }

    @Test
    void aGroupWhoseMemberCannotServeLeavesAtOnce() {
        FloatingIpGroup a = twoMastersAndABackup();
        a.members().get(0).health().unhealthy("broken");
        lan.runFor(Duration.ofMillis(100));
        assertThat(hostA.holds(OUTSIDE)).isFalse();
        assertThat(hostA.holds(INSIDE)).isFalse();
    }

    // ------------------------------------------------------------------------------------------------------ one alone

    @Test
    void aDrainEndsAtOnceWhenTheNodeCannotServeAnyMore() {
        FloatingIp a = one(hostA, 200);
        one(hostB, 100);
        lan.runFor(Duration.ofSeconds(30));
        lan.after(Duration.ofSeconds(1), () -> a.health().unhealthy("broken"));
        lan.after(Duration.ofMillis(1_100), () -> {
            calls.add("unhealthy");
            assertThat(hostA.holds(OUTSIDE)).isFalse();
            a.health().healthy();
        });
        calls.clear();
        a.close();
        lan.runFor(Duration.ofSeconds(30));
        assertThat(calls).startsWith("unhealthy", "one drain PT10S").endsWith("one MASTER FAULT", "one FAULT RELEASED");
        assertThat(client.ask(OUTSIDE)).contains(hostB);
    }

    @Test
    void aDrainGoesOnWhenTheNodeCanServeUntilThen() {
        FloatingIp a = one(hostA, 200);
        one(hostB, 100);
        lan.runFor(Duration.ofSeconds(30));
        watch();
        lan.after(Duration.ofSeconds(1), () -> a.health().unhealthyButServing("disk nearly full"));
        lan.after(DRAINING.minusMillis(100), () -> {
            calls.add("near the end");
            assertThat(hostA.holds(OUTSIDE)).isTrue();
        });
        a.close();
        assertThat(calls).startsWith("near the end", "one drain PT10S");
        assertThat(unanswered).hasValue(0);
    }

    @Test
    void aHandoverWithoutSuccessorIsTakenBackOnce() {
        FloatingIp a = one(hostA, 200);
        lan.runFor(Duration.ofSeconds(30));
        calls.clear();
        a.handOver();
        lan.runFor(Duration.ofSeconds(60));
        assertThat(a.isMaster()).isTrue();
        assertThat(calls).containsExactly("one drain PT10S", "one MASTER MASTER");
        calls.clear();
        a.handOver();
        lan.runFor(Duration.ofSeconds(60));
        assertThat(calls).containsExactly("one drain PT10S", "one MASTER MASTER");
    }

    @Test
    void bothFamiliesAreTakenBackTogether() {
        SimHost dual = lan.host("10.0.0.3", "fe80::3").named("dual");
        FloatingIp a = FloatingIp.join(finished(config(OUTSIDE, 1).address("fe80::10"), dual, 200, "one")
                .listener(listener("one"))
                .build());
        lan.runFor(Duration.ofSeconds(30));
        calls.clear();
        a.handOver();
        lan.runFor(Duration.ofSeconds(60));
        assertThat(a.isMaster()).isTrue();
        assertThat(calls).containsExactly("one drain PT10S", "one MASTER MASTER");
    }

    @Test
    void aStandDownLiftedDuringItsDrainIsTakenBack() {
        FloatingIp a = one(hostA, 200);
        one(hostB, 100);
        lan.runFor(Duration.ofSeconds(30));
        watch();
        a.standDown(Duration.ofHours(1));
        lan.runFor(Duration.ofSeconds(1));
        a.standUp();
        lan.runFor(Duration.ofSeconds(30));
        assertThat(client.ask(OUTSIDE)).contains(hostA);
        assertThat(calls).containsExactly("one drain PT10S", "one MASTER MASTER");
        assertThat(unanswered).hasValue(0);
    }

    @Test
    void readinessThatComesBackDuringTheDrainIsTakenBack() {
        FloatingIp a = one(hostA, 200);
        one(hostB, 100);
        lan.runFor(Duration.ofSeconds(30));
        watch();
        a.health().notReady("reloading");
        lan.runFor(Duration.ofSeconds(1));
        a.health().ready();
        lan.runFor(Duration.ofSeconds(30));
        assertThat(client.ask(OUTSIDE)).contains(hostA);
        assertThat(calls).containsExactly("one drain PT10S", "one MASTER MASTER");
        assertThat(unanswered).hasValue(0);
    }

    @Test
    void oneReasonTakenBackLeavesTheOther() {
        FloatingIp a = one(hostA, 200);
        one(hostB, 100);
        lan.runFor(Duration.ofSeconds(30));
        watch();
        a.health().notReady("reloading");
        a.handOver();
        lan.runFor(Duration.ofSeconds(1));
        a.health().ready();
        lan.runFor(Duration.ofSeconds(30));
        assertThat(client.ask(OUTSIDE)).contains(hostB);
        assertThat(calls).containsExactly("one drain PT10S", "one MASTER BACKUP");
        assertThat(unanswered).hasValue(0);
    }

    @Test
    void aHandoverThatItsMasterDidNotLiveToSeeDoesNotConcernTheNextOne() {
        FloatingIp a = one(hostA, 200);
        lan.runFor(Duration.ofSeconds(30));
        a.handOver();
        lan.runFor(Duration.ofSeconds(1));
        hostA.linkDown();
        lan.runFor(Duration.ofMillis(100));
        hostA.linkUp();
        assertThat(lan.runUntil(a::isMaster, DRAINING.minusSeconds(1))).isTrue();
        calls.clear();
        lan.runFor(Duration.ofSeconds(30));
        assertThat(a.isMaster()).isTrue();
        assertThat(calls).doesNotContain("one MASTER BACKUP");
    }

    // --------------------------------------------------------------------------------------------------------- helpers

    private void watch() {
        calls.clear();
        boolean both = client.ask(INSIDE).isPresent();
        lan.afterEveryStep(() -> unanswered.addAndGet(
                client.ask(OUTSIDE).isEmpty() || both && client.ask(INSIDE).isEmpty() ? 1 : 0));
    }

    private RoleListener listener(String name) {
        return new RoleListener() {
            @Override
            public void onChange(RoleChange change) {
                calls.add(name + " " + change.from() + " " + change.to());
            }

            @Override
            public void onDrain(Duration time) {
                calls.add(name + " drain " + time);
            }
        };
    }

    private FloatingIp one(SimHost host, int priority) {
        FloatingIpConfig.Builder config =
                finished(config(OUTSIDE, 1).drain(Duration.ofSeconds(10)), host, priority, "one");
        return FloatingIp.join(
                host == hostA
                        ? config.listener(listener("one"))
                                .callbackExecutor(busy)
                                .build()
                        : config.build());
    }

    private FloatingIpGroup twoMastersAndABackup() {
        FloatingIpGroup a = two(hostA, 200);
        two(hostB, 100);
        lan.runFor(Duration.ofSeconds(30));
        watch();
        return a;
    }

    private FloatingIpGroup two(SimHost host, int priority) {
        FloatingIpConfig.Builder outside = config(OUTSIDE, 1);
        FloatingIpConfig.Builder inside = config(INSIDE, 2);
        return host == hostA
                ? group(
                        host,
                        priority,
                        listener("group"),
                        outside.listener(listener("outside")),
                        inside.listener(listener("inside")).callbackExecutor(busy))
                : group(host, priority, RoleListener.onAnyChange(change -> {}), outside, inside);
    }

    private static FloatingIpConfig.Builder config(String address, int vrid) {
        return FloatingIpConfig.builder().virtualRouterId(vrid).address(address).drain(Duration.ofSeconds(10));
    }

    private static FloatingIpGroup group(
            SimHost host,
            int priority,
            RoleListener listener,
            FloatingIpConfig.Builder outside,
            FloatingIpConfig.Builder inside) {
        return FloatingIpGroup.join(
                "group",
                List.of(
                        finished(outside, host, priority, "outside").build(),
                        finished(inside, host, priority, "inside").build()),
                listener);
    }

    private static FloatingIpConfig.Builder finished(
            FloatingIpConfig.Builder config, SimHost host, int priority, String name) {
        return config.name(name).networkInterface("eth0").priority(priority).network(host.network());
    }
}
