package io.floatingip.spring.aot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.floatingip.spring.FloatingIpAutoConfiguration;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

class NoNativeImageTest {
    @Test
    void aheadOfTimeProcessingEndsWithOneSentence() {
        Throwable refusal = catchThrowable(() -> processAheadOfTime());
        StringWriter printed = new StringWriter();
        refusal.printStackTrace(new PrintWriter(printed));
        assertThat(printed.toString().strip())
                .isEqualTo("io.floatingip.spring.aot.NativeImageNotSupportedException: "
                        + "A floating IP cannot be part of a native image, because its kernel binding (jnr-ffi) generates code at"
                        + " run time: run this application on a JVM without ahead-of-time processing, or build it with"
                        + " floatingip.enabled=false.");
    }

    @Test
    void anApplicationThatHasThemSwitchedOffIsProcessed() {
        assertThat(catchThrowable(() -> processAheadOfTime("floatingip.enabled=false")))
                .isNull();
    }

    private static void processAheadOfTime(String... properties) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        TestPropertyValues.of(properties).applyTo(context);
        TestPropertyValues.of(
                        "floatingip.interface=eth0", "floatingip.virtual-router-id=1", "floatingip.addresses=10.0.0.10")
                .applyTo(context);
        context.register(FloatingIpAutoConfiguration.class);
        new ApplicationContextAotGenerator()
                .processAheadOfTime(
                        context,
                        new DefaultGenerationContext(
                                new ClassNameGenerator(ClassName.get("app", "Main")), new InMemoryGeneratedFiles()));
    }
}
