package io.floatingip.simulation;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Processes and machines that stop, die, come back, leave and hand over, on a network that loses nothing. */
@Tag("once")
class PauseSimulationTest {
    @Test
    void nobodyAnswersForAHostThatStoppedWhileItStillDoes() {
        Seeds.run(getClass(), "nobodyAnswersForAHostThatStoppedWhileItStillDoes", 2000, (seed, using) -> {
            Cluster cluster = new Cluster(seed, seed % 2 == 0);
            using.accept(cluster.lan);
            Invariants invariants = Invariants.watch(cluster);
            cluster.joinAll();
            cluster.run(cluster.masterDown());
            FaultPlan plan = new FaultPlan(cluster, invariants, FaultPlan.PAUSES);
            plan.run(Duration.ofSeconds(75));
            plan.heal();
            invariants.checkHealed();
        });
    }
}
