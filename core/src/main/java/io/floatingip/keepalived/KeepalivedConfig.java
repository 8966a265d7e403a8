package io.floatingip.keepalived;

import io.floatingip.FloatingIpConfig;
import io.floatingip.FloatingIpException;
import io.floatingip.RoleListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A keepalived.conf, read.
 *
 * <pre>{@code
 * KeepalivedConfig file = KeepalivedConfig.read(Path.of("/etc/keepalived/keepalived.conf"));
 * file.report().findings().forEach(System.err::println);
 * if (!file.report().hasErrors()) {
 *     file.instances().forEach(instance -> FloatingIp.join(instance.config()));
 * }
 * }</pre>
 *
 * <p>Where keepalived's default is not this library's, an instance has keepalived's: VRRP version 2, no refreshing announcements. What is
 * understood differently, or not at all, is in the {@link #report()}; nothing is left out without a word. An instance with an error is not among
 * the {@link #instances()}, so whoever goes on in spite of errors runs a part of the file. Immutable.
 *
 * <p>Reading never asks DNS, runs nothing and takes bounded time and memory whatever the file holds.
 */
public final class KeepalivedConfig {
    private final List<KeepalivedInstance> instances;
    private final List<KeepalivedGroup> groups;
    private final List<TrackScript> scripts;
    private final List<TrackFile> files;
    private final List<TrackProcess> processes;
    private final MailSettings mail;
    private final List<StaticAddress> staticAddresses;
    private final List<VirtualServer> virtualServers;
    private final List<Path> fifos;
    private final Optional<Duration> tcpTimeout;
    private final Report report;

    private KeepalivedConfig(RootMapper mapped, Report report) {
        instances = List.copyOf(mapped.builtInstances);
        groups = List.copyOf(mapped.builtGroups);
        scripts = List.copyOf(mapped.scripts.values());
        files = List.copyOf(mapped.files.values());
        processes = List.copyOf(mapped.processes.values());
        mail = mapped.mail();
        staticAddresses = List.copyOf(mapped.staticAddresses);
        virtualServers = List.copyOf(mapped.virtualServers);
        fifos = List.copyOf(mapped.fifos());
        tcpTimeout = mapped.tcpTimeout();
        this.report = report;
    }

    /** Reads a file and what it includes; lines for one host ({@code @id}) are those for this host's name up to the first dot. */
    public static KeepalivedConfig read(Path file) {
        return read(file, hostName());
    }

    /**
     * Reads a file and what it includes. A file that cannot be read is an error in the report.
     *
     * @param configId which lines that begin with {@code @} count, keepalived's option {@code -i}
     */
    public static KeepalivedConfig read(Path file, String configId) {
        return build(configId, reader -> reader.file(file));
    }

    /** Reads a text, without includes. */
    public static KeepalivedConfig parse(String text) {
        return parse(text, "keepalived.conf", hostName());
    }

    /**
     * Reads a text, without includes.
     *
     * @param name of the text in the report
     * @param configId as for {@link #read(Path, String)}
     */
    public static KeepalivedConfig parse(String text, String name, String configId) {
        return build(configId, reader -> reader.text(text, name, null));
    }

    private static KeepalivedConfig build(String configId, Consumer<LineReader> source) {
        Findings findings = new Findings();
        Budget budget = new Budget();
        Parser parser = new Parser(findings, budget);
        RootMapper mapper = new RootMapper(findings);
        try {
            source.accept(new LineReader(configId, findings, budget, parser::line));
            mapper.map(parser.end());
        } catch (Budget.Exceeded e) {
            findings.error(e.at(), String.valueOf(e.getMessage()));
            // A part of a configuration is none.
            mapper = new RootMapper(findings);
        }
        return new KeepalivedConfig(mapper, findings.report());
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname"))
                    .strip()
                    .split("\\.")[0];
        } catch (IOException | IllegalStateException e) {
            return "";
        }
    }

    /** The instances, in the order of the file, each with a configuration to join with. */
    public List<KeepalivedInstance> instances() {
        return instances;
    }

    /** The groups; every member is among the instances. */
    public List<KeepalivedGroup> groups() {
        return groups;
    }

    public List<TrackScript> scripts() {
        return scripts;
    }

    public List<TrackFile> files() {
        return files;
    }

    public List<TrackProcess> processes() {
        return processes;
    }

    public MailSettings mail() {
        return mail;
    }

    public List<StaticAddress> staticAddresses() {
        return staticAddresses;
    }

    public List<VirtualServer> virtualServers() {
        return virtualServers;
    }

    /** FIFOs that a line is written to for each change ({@code notify_fifo}, {@code vrrp_notify_fifo}). */
    public List<Path> fifos() {
        return fifos;
    }

    /** After how long without a packet a virtual server's TCP connection is given up ({@code lvs_timeouts}); the kernel's default is 15 minutes. */
    public Optional<Duration> tcpTimeout() {
        return tcpTimeout;
    }

    /**
     * New listeners that do what the file wants done at each change of an instance's role: run notify scripts, write to FIFOs, send mail. Give
     * them to {@link FloatingIpConfig.Builder#listener} before joining.
     *
     * @throws FloatingIpException if mail is to be sent and Jakarta Mail is not there; the message names what to add
     */
    public List<RoleListener> listeners(KeepalivedInstance instance) {
        return Listeners.of(instance.notifyScripts(), instance.mail(), mail, fifos);
    }

    /** As {@link #listeners(KeepalivedInstance)}, for a group. */
    public List<RoleListener> listeners(KeepalivedGroup group) {
        return Listeners.of(group.notifyScripts(), group.mail(), mail, fifos);
    }

    /** What was understood differently, or not at all. */
    public Report report() {
        return report;
    }

    /**
     * Writes configurations as keepalived reads them, so that {@link #parse(String)} gives them back. A configuration with addresses of both
     * families becomes two instances in a group. What keepalived has no word for (fence, drain, listeners) is named in a comment. The text holds
     * the secrets of {@link FloatingIpConfig#authentication()}.
     */
    public static String write(Collection<FloatingIpConfig> configs) {
        Output out = new Output();
        new ConfigWriter(out).write(configs);
        return out.text();
    }

    /**
     * Writes all that was understood anew, so that {@link #parse(String)} gives it back: without includes, conditions and definitions, every
     * default written out, and without what the {@link #report()} says is left out. A group's checks are its members'. The text holds the secrets
     * of the file.
     */
    public String write() {
        Output out = new Output();
        new ConfigWriter(out).write(this);
        return out.text();
    }
}
