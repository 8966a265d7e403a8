package io.floatingip.lab;

import java.util.ArrayList;
import java.util.List;

/** The Spring Boot example in a host, and a client that asks it. */
public final class SpringApp {
    /** The floating address it is configured with. */
    public static final String ADDRESS = "10.99.0.66";

    private SpringApp() {}

    /** Starts it as its users do. */
    public static Running start(Host host, int priority) {
        return host.start("application", command(List.of(), host, priority));
    }

    /** The command that starts it, behind a prefix such as {@code setpriv ...}. */
    public static List<String> command(List<String> prefix, Host host, int priority) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                // Goes with the LAN: what Tomcat has there it leaves behind when it is killed.
                "-Djava.io.tmpdir=" + host.lan().directory(),
                "-jar",
                System.getProperty("floatingip.spring.jar", "examples/spring-app/target/spring-app.jar"),
                "--node=" + host.name(),
                "--spring.main.banner-mode=off",
                "--floatingip.priority=" + priority,
                "--floatingip.drain=500ms"));
        return command;
    }

    /** Starts asking a page of it every 5 ms; see {@link HttpAsker} for what it says. */
    public static Running ask(Host client, String path) {
        return client.start(
                "client",
                List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("floatingip.lab.classes", "lab/target/classes"),
                        HttpAsker.class.getName(),
                        ADDRESS,
                        "8080",
                        path,
                        "5"));
    }
}
