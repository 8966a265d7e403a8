package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Lan;
import io.floatingip.lab.Running;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nothing of a lab outlives its JVM, however that ends. */
@Tag("kernel")
@Tag("timing")
class CrashIT {
    @Test
    void leavesNoProcessAndSoNoNamespaceBehindWhenKilled() {
        String classPath = System.getProperty("floatingip.lab.classes") + ":" + System.getProperty("java.class.path");
        Running jvm = Running.start(
                "lab",
                List.of(System.getProperty("java.home") + "/bin/java", "-cp", classPath, Abandoned.class.getName()));
        String said = jvm.awaitLine("holders", Duration.ofSeconds(20)).text();
        jvm.kill();
        // Its threads, and with them the holders, can be gone while its memory is still being given back.
        jvm.awaitExit(Duration.ofSeconds(10));
        Matcher pids = Pattern.compile("\\d+").matcher(said);
        int count = 0;
        while (pids.find()) {
            long pid = Long.parseLong(pids.group());
            Lan.await(
                    Duration.ofSeconds(5), () -> ProcessHandle.of(pid).isEmpty(), () -> "process " + pid + " lives on");
            count++;
        }
        assertThat(count).isEqualTo(2);
        try (Lan next = Lan.open()) {
            assertThat(next.directory().getParent())
                    .isDirectoryNotContaining("glob:**/floatingip-lab-" + jvm.pid() + "-*");
        }
    }

    /** Makes a lab and waits to be killed. */
    static final class Abandoned {
        private Abandoned() {}

        public static void main(String[] args) throws InterruptedException {
            Lan lan = Lan.open();
            System.out.println(
                    "holders " + lan.host("x").namespace() + " " + lan.host("y").namespace());
            Thread.currentThread().join();
        }
    }
}
