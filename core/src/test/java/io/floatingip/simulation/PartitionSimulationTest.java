package io.floatingip.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Cuts, one-way cuts, splits and heals. */
@Tag("once")
class PartitionSimulationTest {
    @Test
    void oneMasterOnEachSideAndOneWhenItHeals() {
        Seeds.run(getClass(), "oneMasterOnEachSideAndOneWhenItHeals", 2000, (seed, using) -> {
            Cluster cluster = new Cluster(seed, seed % 3 != 0);
            using.accept(cluster.lan);
            Invariants invariants = Invariants.watch(cluster).partitioned();
            cluster.joinAll();
            cluster.run(cluster.masterDown());
            FaultPlan plan = new FaultPlan(cluster, invariants, FaultPlan.PARTITIONS);
            plan.run(Duration.ofSeconds(75));
            plan.heal();
            invariants.checkHealed();
        });
    }

    @Test
    void neighboursOfTheLoserFindTheWinnerTwoAdvertsAfterTheHeal() {
        Seeds.run(getClass(), "neighboursOfTheLoserFindTheWinnerTwoAdvertsAfterTheHeal", 500, (seed, using) -> {
            Cluster cluster = new Cluster(seed, seed % 2 == 0);
            using.accept(cluster.lan);
            Invariants.watch(cluster).partitioned();
            cluster.joinAll();
            cluster.run(cluster.masterDown());
            Node loser = cluster.nodes.get(0);
            cluster.lan.split(Set.of(loser.host, cluster.client));
            cluster.run(cluster.masterDown().plus(Duration.ofMillis(cluster.random.nextInt(20_000))));
            assertThat(cluster.client.ask(cluster.vipText())).contains(loser.host);
            Node winner = cluster.masters().get(1);
            cluster.lan.heal();
            // The loser may announce itself once more before it has heard the winner, which therefore repeats itself.
            cluster.run(cluster.interval.multipliedBy(2).plusMillis(100));
            assertThat(cluster.client.ask(cluster.vipText())).contains(winner.host);
        });
    }
}
