package io.floatingip.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.floatingip.IpFamily;
import io.floatingip.spi.TakenException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class RouterClaimTest {
    // Of this test run only: names are shared by all processes of the machine.
    private static final String NAME = "t" + ProcessHandle.current().pid();

    @Test
    void isOfOneInterfaceFamilyAndIdUntilClosed() throws IOException {
        RouterClaim first = RouterClaim.of(NAME, IpFamily.IPV4, 52);
        assertThatThrownBy(() -> RouterClaim.of(NAME, IpFamily.IPV4, 52))
                .isInstanceOf(TakenException.class)
                .hasMessageContaining("by another network of this process");
        RouterClaim.of(NAME, IpFamily.IPV6, 52).close();
        RouterClaim.of(NAME, IpFamily.IPV4, 53).close();
        RouterClaim.of(NAME + "b", IpFamily.IPV4, 52).close();
        first.close();
        RouterClaim.of(NAME, IpFamily.IPV4, 52).close();
    }

    @Test
    void refusalNamesTheProcessAndAKilledOneLeavesNothing() throws Exception {
        Process other = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        NAME)
                .redirectError(Redirect.INHERIT)
                .start();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(other.getInputStream()))) {
            assertThat(out.readLine()).isEqualTo("claimed");
            assertThatThrownBy(() -> RouterClaim.of(NAME, IpFamily.IPV4, 54))
                    .isInstanceOf(TakenException.class)
                    .hasMessage("virtual router 54 on " + NAME + " for IPV4 has been joined by process " + other.pid()
                            + " on this host already; stop that one first, or use another id");
        } finally {
            other.destroyForcibly().waitFor();
        }
        RouterClaim.of(NAME, IpFamily.IPV4, 54).close();
    }

    /** A process that claims and lives on. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            RouterClaim claim = RouterClaim.of(args[0], IpFamily.IPV4, 54);
            System.out.println("claimed");
            Thread.currentThread().join();
            claim.close();
        }
    }
}
