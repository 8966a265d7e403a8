package io.floatingip.linux;

import io.floatingip.linux.RouteMessages.LinkEntry;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A TUN device that is gone when its descriptor is closed, which the kernel does when the process ends. Used by the loop thread. */
final class TunDevice implements MadeDevice {
    private static final String CONTROL = "/dev/net/tun";
    private static final long TUNSETIFF = 0x4004_54ca;
    private static final int IFREQ_BYTES = 40;
    private static final int IFREQ_FLAGS = 16;
    private static final int IFF_TUN = 0x0001;
    private static final int IFF_NO_PI = 0x1000;

    private final Machine machine;
    private final String name;
    private @Nullable Fd fd;

    private TunDevice(Machine machine, String name) {
        this.machine = machine;
        this.name = name;
    }

    /** Makes it, up and ready. */
    static TunDevice make(Machine machine, String name) throws IOException {
        TunDevice device = new TunDevice(machine, name);
        try {
            device.makeAgain();
        } catch (IOException e) {
            device.close();
            throw e;
        }
        return device;
    }

    @Override
    public void makeAgain() throws IOException {
        close();
        String doing = "making the interface " + name + " that ends with this process";
        try {
            fd = Sys.open(CONTROL, Libc.O_RDWR | Libc.O_NONBLOCK, doing);
        } catch (NativeIoException e) {
            throw new IOException(
                    e.getMessage() + "; TUN devices need " + CONTROL + " (modprobe tun; docker: --device " + CONTROL
                            + ")",
                    e);
        }
        Slab request = new Slab(IFREQ_BYTES);
        request.bytes().put(0, Machine.deviceName(name));
        request.bytes().putShort(IFREQ_FLAGS, (short) (IFF_TUN | IFF_NO_PI));
        Sys.ioctl(fd, TUNSETIFF, request, doing);
        machine.monitor().readLinks();
        LinkEntry made = Preflight.requireExists(machine.monitor().find(name), name, machine.interfaceNames());
        // Without an address of its own nothing is routed into it.
        if (Sysctl.read(Sysctl.of("ipv6", name, "addr_gen_mode")).isPresent()) {
            Sysctl.write(Sysctl.of("ipv6", name, "addr_gen_mode"), "1");
        }
        NetlinkSocket requests = machine.requests();
        RouteMessages.setUp(requests.request(), requests.nextSequence(), made.index());
        requests.transact("setting " + name + " up");
        machine.monitor().readLinks();
    }

    @Override
    public void close() {
        if (fd != null) {
            fd.close();
            fd = null;
        }
    }
}
