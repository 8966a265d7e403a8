package io.floatingip.linux;

import io.floatingip.linux.RouteMessages.AddressEntry;
import io.floatingip.spi.Fence;
import io.floatingip.spi.HeldAddress;
import io.floatingip.spi.Link;
import io.floatingip.spi.LinkSpec;
import io.floatingip.spi.Network;
import io.floatingip.spi.NetworkListener;
import io.floatingip.spi.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The interfaces of a Linux machine, or of one of its network namespaces. What the loop needs from the kernel is opened by the first thread that
 * uses it, which must stay the only one as long as a link is open: sockets belong to the namespace of the thread that opened them, and with
 * {@link #inNamespace} that thread moves there for good. When all links are closed, another thread may begin anew.
 */
public final class LinuxNetwork implements Network {
    private final LinuxTicker ticker = new LinuxTicker();
    private final Poller poller;
    private final @Nullable Path namespace;
    private final List<LinuxLink> links = new ArrayList<>();
    private @Nullable Machine machine;
    private @Nullable Thread user;

    private LinuxNetwork(@Nullable Path namespace) throws IOException {
        this.namespace = namespace;
        poller = new Poller();
    }

    /**
     * The network namespace of the thread that uses it.
     *
     * @throws NativeAccessException if the native bindings cannot be loaded, with what allows it
     */
    public static LinuxNetwork open() throws IOException {
        Sys.load();
        return new LinuxNetwork(null);
    }

    /**
     * Another network namespace, by a file that stands for it: {@code /run/netns/NAME} or {@code /proc/PID/ns/net}. The thread that uses this
     * network first enters the namespace and stays in it; it needs CAP_SYS_ADMIN for that. Other threads of the process are not affected.
     *
     * @throws NativeAccessException if the native bindings cannot be loaded, with what allows it
     */
    public static LinuxNetwork inNamespace(Path namespace) throws IOException {
        Sys.load();
        return new LinuxNetwork(namespace);
    }

    @Override
    public Ticker ticker() {
        return ticker;
    }

    @Override
    public Link open(LinkSpec spec) throws IOException {
        Preflight.requireCapabilities();
        Machine m = machine();
        LinuxLink link;
        if (spec instanceof LinkSpec.VirtualMac virtual) {
            link = open(m, virtual);
        } else if (spec instanceof LinkSpec.ProcessBound bound) {
            requireFree(m, bound.name());
            TunDevice tun = TunDevice.make(m, bound.name());
            Device device = m.device(bound.name());
            link = new LinuxLink(this, m, device, device, tun);
        } else {
            link = new LinuxLink(this, m, existing(m, ((LinkSpec.Interface) spec).name()));
        }
        links.add(link);
        return link;
    }

    private LinuxLink open(Machine m, LinkSpec.VirtualMac spec) throws IOException {
        requireFree(m, spec.name());
        Device base = existing(m, spec.base());
        VirtualMacDevice made = VirtualMacDevice.make(m, spec);
        return new LinuxLink(this, m, m.device(spec.name()), base, made);
    }

    private static void requireFree(Machine m, String name) throws IOException {
        if (m.isOpen(name)) {
            throw new IOException("the interface " + name + " is in use by another link of this process");
        }
    }

    private static Device existing(Machine m, String name) throws IOException {
        if (m.monitor().find(name) == null) {
            // It may have come after the last look at the news.
            m.monitor().readLinks();
        }
        Preflight.requireExists(m.monitor().find(name), name, m.interfaceNames());
        return m.device(name);
    }

    @Override
    public Optional<HeldAddress> holder(InetAddress address) throws IOException {
        Machine m = machine();
        for (AddressEntry entry : m.addresses().list(0)) {
            if (entry.address().equals(address)) {
                if (m.monitor().name(entry.index()) == null) {
                    m.monitor().readLinks();
                }
                String name =
                        Optional.ofNullable(m.monitor().name(entry.index())).orElse("interface " + entry.index());
                return Optional.of(new HeldAddress(
                        name, entry.prefixLength(), m.addresses().ours(name, entry)));
            }
        }
        return Optional.empty();
    }

    @Override
    public void openTogether(Collection<? extends Fence> fences) {
        NftFence.openTogether(fences);
    }

    @Override
    public void await(long nanos) throws IOException {
        machine();
        poller.await(nanos);
    }

    @Override
    public boolean drain(NetworkListener listener) throws IOException {
        machine();
        return poller.drain(listener);
    }

    @Override
    public void wakeup() {
        poller.wakeup();
    }

    @Override
    public void close() {
        List.copyOf(links).forEach(LinuxLink::close);
        if (machine != null) {
            machine.close();
            machine = null;
        }
        poller.close();
    }

    void closed(LinuxLink link) {
        links.remove(link);
    }

    private Machine machine() throws IOException {
        Machine m = machine;
        if (m != null && links.isEmpty() && Thread.currentThread() != user) {
            // Nothing is left of the thread before; this one is to be in the namespace, too.
            m.close();
            machine = null;
            m = null;
        }
        if (m == null) {
            m = Machine.enter(poller, namespace);
            machine = m;
            user = Thread.currentThread();
        }
        return m;
    }
}
