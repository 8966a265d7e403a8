package io.floatingip.simulation;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Everything at once, the kernel's refusals included. */
@Tag("once")
class FaultsSimulationTest {
    @Test
    void rightsItselfAfterEverythingThatCanGoWrong() {
        Seeds.run(getClass(), "rightsItselfAfterEverythingThatCanGoWrong", 2000, (seed, using) -> {
            Cluster cluster = new Cluster(seed, seed % 3 != 0);
            using.accept(cluster.lan);
            Invariants invariants = Invariants.watch(cluster).lossy();
            cluster.joinAll();
            cluster.run(cluster.masterDown());
            FaultPlan plan = new FaultPlan(cluster, invariants, FaultPlan.ALL);
            plan.run(Duration.ofSeconds(75));
            plan.heal();
            invariants.checkHealed();
        });
    }
}
