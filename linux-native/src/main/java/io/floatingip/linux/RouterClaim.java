package io.floatingip.linux;

import io.floatingip.IpFamily;
import io.floatingip.spi.Link;
import io.floatingip.spi.TakenException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One process of this machine takes part in a virtual router: it has bound an abstract unix socket of that name. Such names belong to the network
 * namespace, as interfaces do, whatever else the processes do not share; and the kernel frees them when a process ends, however it ends.
 */
final class RouterClaim implements Link.Claim {
    private static final int UCRED_BYTES = 12;
    private static final String DOING = "claiming a virtual router for this process";

    private static final Map<String, Integer> HOLDERS = new ConcurrentHashMap<>();

    private final Fd socket;

    private RouterClaim(Fd socket) {
        this.socket = socket;
    }

    /** @throws TakenException if another process has it, with its id */
    static RouterClaim of(String interfaceName, IpFamily family, int virtualRouterId) throws IOException {
        Slab address = new Slab(SockAddr.UN_BYTES);
        String name = "floatingip/" + interfaceName + "/" + (family == IpFamily.IPV4 ? 4 : 6) + "/" + virtualRouterId;
        int length = SockAddr.abstractUnix(address.bytes(), 0, name);
        Fd socket = Sys.socket(Libc.AF_UNIX, Libc.SOCK_STREAM, 0, DOING);
        try {
            Sys.bind(socket, address, length, DOING);
            // Whoever connects learns from the kernel who listens; nothing is ever accepted.
            Sys.listen(socket, DOING);
            HOLDERS.remove(name);
            return new RouterClaim(socket);
        } catch (NativeIoException e) {
            socket.close();
            if (e.errno() != Errno.EADDRINUSE) {
                throw e;
            }
            throw new TakenException("virtual router " + virtualRouterId + " on " + interfaceName + " for " + family
                    + " has been joined by " + holder(name, address, length)
                    + " on this host already; stop that one first, or use another id");
        }
    }

    /** Asked once for each holder: what is never accepted stays in its queue, which is short. */
    private static String holder(String name, Slab address, int length) {
        Integer known = HOLDERS.get(name);
        try {
            int pid = known != null && ProcessHandle.of(known).isPresent() ? known : ask(address, length);
            HOLDERS.put(name, pid);
            if (pid == ProcessHandle.current().pid()) {
                return "another network of this process";
            }
            return pid == 0 ? "a process of another container" : "process " + pid;
        } catch (NativeIoException e) {
            // It has gone meanwhile, or more have asked than the kernel keeps in mind.
            return "another process (ss -xlp shows it)";
        }
    }

    private static int ask(Slab address, int length) throws NativeIoException {
        try (Fd socket = Sys.socket(Libc.AF_UNIX, Libc.SOCK_STREAM, 0, DOING)) {
            Sys.connect(socket, address, length, DOING);
            Slab credentials = new Slab(UCRED_BYTES + Integer.BYTES);
            Sys.getsockopt(socket, Libc.SOL_SOCKET, Libc.SO_PEERCRED, credentials, UCRED_BYTES, DOING);
            ByteBuffer bytes = credentials.bytes();
            return bytes.getInt(0);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
