package io.floatingip.internal.health;

import io.floatingip.health.HealthCheck;
import io.floatingip.health.HttpHealthCheck;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntSupplier;

/** Makes the checks that {@link io.floatingip.health.HealthChecks} offers. */
public final class Checks {
    private Checks() {}

    public static HealthCheck tcp(String host, int port) {
        return new TcpCheck(host, port);
    }

    public static HttpHealthCheck http(List<URI> urls) {
        return new HttpCheck(urls, HttpWants.DEFAULT, Tls.DEFAULT);
    }

    public static HealthCheck command(List<String> command) {
        return new CommandCheck(command);
    }

    public static HealthCheck process(String name, int min, int max) {
        return new Processes(Path.of("/proc"), name, min, max);
    }

    public static HealthCheck file(Path file) {
        return new FileNumber(file);
    }

    public static HealthCheck number(IntSupplier supplier) {
        NumberCheck check = supplier::getAsInt;
        return check;
    }

    public static HealthCheck networkInterface(String name) {
        return new InterfaceCheck(name);
    }

    public static HealthCheck all(List<HealthCheck> checks) {
        return new AllChecks(checks);
    }
}
