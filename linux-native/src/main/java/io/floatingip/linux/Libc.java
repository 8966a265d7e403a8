package io.floatingip.linux;

/** The C library: the functions this module calls and the kernel's numbers, under the names the manual pages use. */
final class Libc {
    /**
     * Bound by jnr-ffi, which needs a public interface. Pointers are addresses in a {@link Slab}. No method may take more than five arguments:
     * jnr-ffi's x86-64 stubs pass a sixth one wrongly, so sendmsg and recvmsg serve where sendto and recvfrom would.
     */
    public interface Functions {
        int socket(int domain, int type, int protocol);

        int bind(int fd, long address, int length);

        int connect(int fd, long address, int length);

        int listen(int fd, int backlog);

        int getsockname(int fd, long address, long length);

        int setsockopt(int fd, int level, int name, long value, int length);

        int getsockopt(int fd, int level, int name, long value, long length);

        long sendmsg(int fd, long msghdr, int flags);

        long recvmsg(int fd, long msghdr, int flags);

        long send(int fd, long buffer, long length, int flags);

        long recv(int fd, long buffer, long length, int flags);

        long write(int fd, long buffer, long length);

        int close(int fd);

        int open(long path, int flags);

        int ioctl(int fd, long request, long argument);

        int epoll_create1(int flags);

        int epoll_ctl(int epfd, int op, int fd, long event);

        int epoll_wait(int epfd, long events, int max, int timeoutMillis);

        int timerfd_create(int clock, int flags);

        int timerfd_settime(int fd, int flags, long value, long old);

        int eventfd(int initial, int flags);

        int clock_gettime(int clock, long timespec);

        int setns(int fd, int type);

        int unshare(int flags);
    }

    static final int AF_UNIX = 1;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int AF_NETLINK = 16;
    static final int AF_PACKET = 17;

    static final int SOCK_STREAM = 1;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_RAW = 3;
    static final int SOCK_NONBLOCK = 0x800;
    static final int SOCK_CLOEXEC = 0x80000;

    static final int IPPROTO_IP = 0;
    static final int IPPROTO_IPV6 = 41;
    static final int IPPROTO_AH = 51;
    static final int IPPROTO_ICMPV6 = 58;
    static final int IPPROTO_VRRP = 112;

    static final int ETH_P_IP = 0x0800;
    static final int ETH_P_ARP = 0x0806;
    static final int ETH_P_IPV6 = 0x86dd;

    static final int SOL_SOCKET = 1;
    static final int SO_RCVBUF = 8;
    static final int SO_PRIORITY = 12;
    static final int SO_PEERCRED = 17;
    static final int SO_BINDTODEVICE = 25;
    static final int SO_ATTACH_FILTER = 26;
    static final int SO_RCVBUFFORCE = 33;
    static final int SO_TIMESTAMPNS = 35;

    static final int IP_TOS = 1;
    static final int IP_HDRINCL = 3;
    static final int IP_RECVERR = 11;
    static final int IP_FREEBIND = 15;
    static final int IP_MULTICAST_IF = 32;
    static final int IP_MULTICAST_TTL = 33;
    static final int IP_MULTICAST_LOOP = 34;
    static final int IP_ADD_MEMBERSHIP = 35;
    static final int IP_MULTICAST_ALL = 49;

    static final int IPV6_CHECKSUM = 7;
    static final int IPV6_UNICAST_HOPS = 16;
    static final int IPV6_MULTICAST_IF = 17;
    static final int IPV6_MULTICAST_HOPS = 18;
    static final int IPV6_MULTICAST_LOOP = 19;
    static final int IPV6_JOIN_GROUP = 20;
    static final int IPV6_RECVERR = 25;
    static final int IPV6_MULTICAST_ALL = 29;
    static final int IPV6_RECVPKTINFO = 49;
    static final int IPV6_PKTINFO = 50;
    static final int IPV6_RECVHOPLIMIT = 51;
    static final int IPV6_HOPLIMIT = 52;
    static final int IPV6_TCLASS = 67;
    static final int IPV6_FREEBIND = 78;

    static final int SOL_PACKET = 263;
    static final int PACKET_IGNORE_OUTGOING = 23;

    static final int SOL_NETLINK = 270;
    static final int NETLINK_ROUTE = 0;
    static final int NETLINK_NETFILTER = 12;
    static final int NETLINK_ADD_MEMBERSHIP = 1;
    static final int NETLINK_CAP_ACK = 10;
    static final int NETLINK_EXT_ACK = 11;
    static final int NETLINK_GET_STRICT_CHK = 12;

    static final int MSG_DONTROUTE = 0x4;
    static final int MSG_TRUNC = 0x20;
    static final int MSG_DONTWAIT = 0x40;

    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;
    static final int EPOLLIN = 0x1;
    static final int EPOLLERR = 0x8;
    static final int EPOLLHUP = 0x10;
    static final int EPOLLET = 1 << 31;
    static final int EPOLL_CLOEXEC = 0x80000;

    static final int CLOCK_REALTIME = 0;
    static final int CLOCK_MONOTONIC = 1;
    static final int CLOCK_BOOTTIME = 7;
    static final int TFD_NONBLOCK = 0x800;
    static final int TFD_CLOEXEC = 0x80000;
    static final int EFD_NONBLOCK = 0x800;
    static final int EFD_CLOEXEC = 0x80000;

    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    static final int CLONE_NEWNET = 0x40000000;

    private Libc() {}
}
