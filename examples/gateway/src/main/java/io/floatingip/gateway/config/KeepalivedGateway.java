package io.floatingip.gateway.config;

import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpException;
import io.floatingip.RoleListener;
import io.floatingip.keepalived.Finding;
import io.floatingip.keepalived.KeepalivedConfig;
import io.floatingip.keepalived.KeepalivedGroup;
import io.floatingip.keepalived.KeepalivedInstance;
import io.floatingip.keepalived.Position;
import io.floatingip.keepalived.Severity;
import io.floatingip.keepalived.VirtualServer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes a gateway of a keepalived.conf: its instances and groups are joined, each of its virtual servers becomes a TCP listener and a service of the
 * same name, {@code address:port}.
 */
final class KeepalivedGateway {
    private final String name;
    private final KeepalivedConfig file;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final List<Service> services = new ArrayList<>();

    private KeepalivedGateway(String name, KeepalivedConfig file) {
        this.name = name;
        this.file = file;
    }

    static GatewayFile read(Path path) {
        KeepalivedGateway reader = new KeepalivedGateway(path.toString(), KeepalivedConfig.read(path));
        GatewayConfig config = reader.gateway();
        GatewayFile read = new GatewayFile(Optional.of(config), reader.findings());
        return read.hasErrors() ? new GatewayFile(Optional.empty(), read.findings()) : read;
    }

    private List<Finding> findings() {
        // What the reader says of every virtual_server is no news to whoever starts the proxy that serves it.
        return Stream.concat(
                        file.report().findings().stream()
                                .filter(f -> !f.message().startsWith("virtual_server is read for a proxy")),
                        findings.stream())
                .sorted(Comparator.comparing((Finding f) -> f.at().file())
                        .thenComparing(f -> f.at().line())
                        .thenComparing(f -> f.at().column()))
                .toList();
    }

    private GatewayConfig gateway() {
        Map<String, FloatingIpConfig> alone = new LinkedHashMap<>();
        for (KeepalivedInstance instance : file.instances()) {
            FloatingIpConfig.Builder builder = instance.config().toBuilder().drain(Limits.DEFAULT.drain());
            told(instance).forEach(builder::listener);
            alone.put(instance.name(), builder.build());
        }
        List<GatewayConfig.Group> groups = new ArrayList<>();
        for (KeepalivedGroup group : file.groups()) {
            groups.add(new GatewayConfig.Group(
                    group.name(), group.members().stream().map(alone::remove).toList(), file.listeners(group)));
        }
        file.staticAddresses()
                .forEach(address -> warning(
                        address.at(), "the gateway adds no static addresses; configure them with the interface"));
        file.virtualServers().forEach(this::virtualServer);
        if (listeners.isEmpty()) {
            error(
                    position(),
                    "there is no virtual_server that the gateway could serve; floatingip.jar run joins floating IPs alone");
        }
        return new GatewayConfig(
                List.copyOf(alone.values()), groups, listeners, services, Limits.DEFAULT, Optional.empty());
    }

    private List<RoleListener> told(KeepalivedInstance instance) {
        try {
            return file.listeners(instance);
        } catch (FloatingIpException e) {
            error(instance.at(), String.valueOf(e.getMessage()));
            return List.of();
        }
    }

    private Position position() {
        return Stream.concat(
                        file.virtualServers().stream().map(VirtualServer::at),
                        file.instances().stream().map(KeepalivedInstance::at))
                .findFirst()
                .orElse(new Position(name, 1, 1));
    }

    private void virtualServer(VirtualServer server) {
        if (server.protocol() != VirtualServer.Protocol.TCP) {
            warning(
                    server.at(),
                    "not served: the gateway carries TCP, not " + server.protocol()
                            + "; leave this virtual_server to keepalived");
            return;
        }
        List<InetSocketAddress> addresses = addresses(server);
        if (addresses.isEmpty()) {
            return;
        }
        String name = YamlGateway.shown(addresses.get(0));
        for (InetSocketAddress address : addresses) {
            String shown = YamlGateway.shown(address);
            if (listeners.stream().anyMatch(listener -> listener.address().equals(address))) {
                error(server.at(), "another virtual_server has " + shown + " too");
            } else {
                listeners.add(new Listener(shown, address, Listener.Protocol.TCP, Optional.empty(), false, name));
            }
        }
        services.add(new KeepalivedService(name, addresses.get(0), findings).of(server));
    }

    /** Where the gateway can listen for it. */
    private List<InetSocketAddress> addresses(VirtualServer server) {
        List<VirtualServer.Endpoint> endpoints = List.of();
        boolean marks = true;
        if (server.service() instanceof VirtualServer.Service.At at) {
            endpoints = List.of(at.endpoint());
            marks = false;
        } else if (server.service() instanceof VirtualServer.Service.Group group) {
            endpoints = group.endpoints();
            marks = !group.marks().isEmpty();
        }
        if (marks) {
            warning(server.at(), "fwmark is not served: the gateway listens on addresses and ports; name them instead");
        }
        if (endpoints.stream().anyMatch(endpoint -> endpoint.port() == 0)) {
            warning(
                    server.at(),
                    "any port is not served: the gateway listens on ports; write a virtual_server for each");
        }
        return endpoints.stream()
                .filter(endpoint -> endpoint.port() != 0)
                .map(endpoint -> new InetSocketAddress(endpoint.address(), endpoint.port()))
                .toList();
    }

    private void error(Position at, String message) {
        findings.add(new Finding(at, Severity.ERROR, message));
    }

    private void warning(Position at, String message) {
        findings.add(new Finding(at, Severity.WARNING, message));
    }
}
