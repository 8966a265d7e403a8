package io.floatingip.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.spring.alone.AloneApplication;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** An application that has this or that library not: really not, in a class loader that knows nothing of the tests' class path. */
class ClassPathsTest {
    private static final String TEST_LIBRARIES =
            "junit|jupiter|opentest4j|apiguardian|assertj|mockito|byte-buddy|spring-test"
                    + "|spring-boot-test|hamcrest|awaitility|jsonassert|json-path|xmlunit|surefire";
    private static final String WEB =
            "tomcat|spring-web|reactor|netty|jackson|spring-boot-(web|http|jackson|tomcat|servlet|reactor|netty)";
    private static final String ACTUATOR = "spring-boot-actuator|spring-boot-health|spring-boot-starter-actuator";
    private static final String METERS = "micrometer-core|micrometer-jakarta9|spring-boot-micrometer";
    private static final String INTEGRATION = "spring-integration|spring-messaging|spring-retry|spring-tx";

    @Test
    void nothingButTheStarter() throws Exception {
        assertThat(beansWithout(TEST_LIBRARIES, WEB, ACTUATOR, METERS, INTEGRATION))
                .contains("floatingIp", "masterOnlyBeanPostProcessor")
                .doesNotContain(
                        "floatingIpEndpoint",
                        "floatingIpHealthContributor",
                        "floatingIpMetrics",
                        "floatingIpLeaderEvents",
                        "floatingIpListenerCalls");
    }

    @Test
    void actuatorWithoutMeters() throws Exception {
        assertThat(beansWithout(TEST_LIBRARIES, METERS, INTEGRATION))
                .contains("floatingIp", "floatingIpEndpoint", "floatingIpHealthContributor")
                .doesNotContain("floatingIpMetrics", "floatingIpLeaderEvents");
    }

    @Test
    void metersWithoutActuator() throws Exception {
        assertThat(beansWithout(TEST_LIBRARIES, WEB, ACTUATOR, INTEGRATION))
                .contains("floatingIp")
                .doesNotContain("floatingIpEndpoint", "floatingIpHealthContributor", "floatingIpLeaderEvents");
    }

    @Test
    void everything() throws Exception {
        assertThat(beansWithout())
                .contains(
                        "floatingIp",
                        "floatingIpEndpoint",
                        "floatingIpHealthContributor",
                        "floatingIpMetrics",
                        "floatingIpListenerCalls",
                        "floatingIpLeaderEvents");
    }

    private static Set<String> beansWithout(String... libraries) throws Exception {
        Pattern without = Pattern.compile("(" + String.join("|", libraries) + ").*\\.jar");
        URL[] classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(entry -> libraries.length == 0
                        || !without.matcher(entry.getFileName().toString()).lookingAt())
                .map(ClassPathsTest::url)
                .toArray(URL[]::new);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(loader);
            Object beans = loader.loadClass(AloneApplication.class.getName())
                    .getMethod("beans")
                    .invoke(null);
            Set<String> names = new TreeSet<>();
            ((Set<?>) beans).forEach(name -> names.add((String) name));
            return names;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(path.toString(), e);
        }
    }
}
