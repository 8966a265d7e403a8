package io.floatingip.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

class SysTest {
    @Test
    void noNativeMethodTakesMoreThanFiveArguments() {
        assertThat(Libc.Functions.class.getMethods())
                .hasSizeGreaterThan(20)
                .allSatisfy(method -> assertThat(method.getParameterCount()).isLessThanOrEqualTo(5));
    }

    @Test
    void nativeMethodsTakeNothingButIntsAndLongs() {
        for (Method method : Libc.Functions.class.getMethods()) {
            assertThat(method.getParameterTypes())
                    .as(method.getName())
                    .allSatisfy(type -> assertThat(type).isIn(int.class, long.class));
        }
    }

    @Test
    void refusalOfNativeAccessNamesTheOptionOfTheJvm() {
        Throwable refused = new UnsatisfiedLinkError("could not load FFI provider");
        refused.initCause(new IllegalCallerException("Illegal native access from an unnamed module"));
        assertThat(Sys.loadingAdvice(refused)).contains("--enable-native-access=ALL-UNNAMED");
    }

    @Test
    void temporaryDirectoryThatForbidsExecutionNamesTheDirectoryAndTheWayOut() {
        Throwable refused = new UnsatisfiedLinkError("/tmp/jffi1.so: failed to map segment from shared object");
        assertThat(Sys.loadingAdvice(refused))
                .contains(System.getProperty("java.io.tmpdir"))
                .contains("-Djffi.extract.dir=");
    }

    @Test
    void failureNamesTheCallTheErrorAndWhatWasBeingDone() {
        assertThatThrownBy(() -> Sys.open("/nonexistent", Libc.O_RDONLY, "opening nothing"))
                .isInstanceOf(NativeIoException.class)
                .hasMessage("opening nothing: open failed with ENOENT (2)");
    }
}
