package io.floatingip.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Cuts, one-way cuts, splits and heals. */
class PartitionSimulationTest {
    @Test
    void oneMasterOnEachSideAndOneWhenItHeals() {
        Seeds.run(getClass(), "oneMasterOnEachSideAndOneWhenItHeals", 2000, (seed, using) -> {
            Cluster cluster = new Cluster(seed, seed % 3 != 0);
            using.accept(cluster.lan);
            Invariants invariants = Invariants.watch(cluster).lossy();
            cluster.joinAll();
            cluster.run(cluster.masterDown());
            FaultPlan plan = new FaultPlan(cluster, invariants, FaultPlan.PARTITIONS);
            plan.run(Duration.ofSeconds(75));
            plan.heal();
            invariants.checkHealed();
        });
    }

    @Test
    void neighboursOfTheLoserFindTheWinnerOneAdvertAfterTheHeal() {
        Seeds.run(getClass(), "neighboursOfTheLoserFindTheWinnerOneAdvertAfterTheHeal", 500, (seed, using) -> {
            Cluster cluster = new Cluster(seed, seed % 2 == 0);
            using.accept(cluster.lan);
            Invariants.watch(cluster).lossy();
            cluster.joinAll();
            cluster.run(cluster.masterDown());
            Node loser = cluster.nodes.get(0);
            Node winner = cluster.best();
            cluster.lan.split(Set.of(loser.host, cluster.client));
            cluster.run(cluster.masterDown().plus(Duration.ofMillis(cluster.random.nextInt(20_000))));
            assertThat(cluster.client.ask(cluster.vipText())).contains(loser.host);
            cluster.lan.heal();
            cluster.run(cluster.interval.plusMillis(100));
            assertThat(cluster.client.ask(cluster.vipText())).contains(winner.host);
        });
    }
}
