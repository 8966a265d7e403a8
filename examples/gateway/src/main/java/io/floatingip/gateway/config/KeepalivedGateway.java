package io.floatingip.gateway.config;

import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpException;
import io.floatingip.RoleListener;
import io.floatingip.keepalived.Finding;
import io.floatingip.keepalived.KeepalivedConfig;
import io.floatingip.keepalived.KeepalivedGroup;
import io.floatingip.keepalived.KeepalivedInstance;
import io.floatingip.keepalived.NotifyScripts;
import io.floatingip.keepalived.Position;
import io.floatingip.keepalived.Report;
import io.floatingip.keepalived.Severity;
import io.floatingip.keepalived.StaticAddress;
import io.floatingip.keepalived.VirtualServer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Makes a gateway of a keepalived.conf: its instances and groups are joined, each of its virtual servers becomes a TCP listener and a service of the
 * same name, {@code address:port}.
 */
final class KeepalivedGateway {
    /** As IPVS has it: connections of pools are idle for long. */
    private static final Duration IDLE = Duration.ofMinutes(15);

    private final String name;
    private final KeepalivedConfig file;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final List<Service> services = new ArrayList<>();

    private KeepalivedGateway(String name, KeepalivedConfig file) {
        this.name = name;
        this.file = file;
    }

    static GatewayFile read(Path path, Optional<String> configId) {
        return new KeepalivedGateway(
                        path.toString(),
                        configId.isPresent()
                                ? KeepalivedConfig.read(path, configId.get())
                                : KeepalivedConfig.read(path))
                .read(false);
    }

    /** Refuses a file without anything to serve. */
    static GatewayFile toServe(Path path) {
        return new KeepalivedGateway(path.toString(), KeepalivedConfig.read(path)).read(true);
    }

    private GatewayFile read(boolean toServe) {
        file.virtualServers().forEach(this::virtualServer);
        if (toServe && listeners.isEmpty()) {
            error(
                    position(),
                    "there is no virtual_server that the gateway could serve; floatingip.jar run joins floating IPs alone");
        }
        // With errors, what has been read may be inconsistent.
        Optional<GatewayConfig> config = file.report().hasErrors() ? Optional.empty() : Optional.of(gateway());
        Report report = new Report(
                Stream.concat(file.report().findings().stream(), findings.stream())
                        .sorted(Comparator.comparing((Finding f) -> f.at().file())
                                .thenComparing(f -> f.at().line())
                                .thenComparing(f -> f.at().column()))
                        .toList(),
                file.report().more());
        return new GatewayFile(report.hasErrors() ? Optional.empty() : config, report);
    }

    private GatewayConfig gateway() {
        Map<String, Membership.Member> alone = new LinkedHashMap<>();
        file.instances().forEach(instance -> alone.put(instance.name(), member(instance)));
        List<Membership> memberships = new ArrayList<>();
        for (KeepalivedGroup group : file.groups()) {
            memberships.add(new Membership(
                    Optional.of(group.name()),
                    group.members().stream().map(alone::remove).toList(),
                    told(group.at(), group.notifyScripts(), group.mail(), () -> file.listeners(group))));
        }
        alone.values().forEach(member -> memberships.add(Membership.alone(member)));
        return new GatewayConfig(
                memberships,
                file.staticAddresses().stream().map(StaticAddress::address).toList(),
                listeners,
                services,
                Limits.DEFAULT.idleTimeout(file.tcpTimeout().orElse(IDLE)),
                Optional.empty());
    }

    private Membership.Member member(KeepalivedInstance instance) {
        FloatingIpConfig config = listeners.isEmpty()
                ? instance.config()
                : instance.config().toBuilder().drain(Limits.DEFAULT.drain()).build();
        Map<String, Object> checks = new HashMap<>();
        config.checks().forEach(check -> checks.put(check.name(), described(instance, check.name())));
        return new Membership.Member(
                config,
                checks,
                told(instance.at(), instance.notifyScripts(), instance.mail(), () -> file.listeners(instance)));
    }

    /** Everything the file says of a check of an instance. */
    private List<Object> described(KeepalivedInstance instance, String check) {
        List<Object> all = new ArrayList<>();
        file.scripts().stream().filter(s -> s.name().equals(check)).forEach(all::add);
        file.files().stream().filter(f -> f.name().equals(check)).forEach(all::add);
        file.processes().stream().filter(p -> p.name().equals(check)).forEach(all::add);
        instance.tracking().stream().filter(t -> t.name().equals(check)).forEach(all::add);
        return all;
    }

    private Told told(Position at, NotifyScripts scripts, boolean mail, Supplier<List<RoleListener>> listeners) {
        try {
            return new Told(List.of(scripts, mail, file.mail(), file.fifos()), listeners.get());
        } catch (FloatingIpException e) {
            error(at, String.valueOf(e.getMessage()));
            return Told.NOBODY;
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
        services.add(
                new KeepalivedService(name, addresses.get(0), !file.mail().to().isEmpty(), findings).of(server));
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
