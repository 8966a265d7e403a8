package io.floatingip.simulation;

/** One refusal of a simulated kernel: the next call of its kind fails as described. See {@link SimHost#failNext}. */
public enum SimFault {
    /** The queue of the interface is full; the packet is gone. */
    SEND_ENOBUFS(Call.SEND, "sendmsg: ENOBUFS (105)"),
    /** The interface went down under the socket. */
    SEND_ENETDOWN(Call.SEND, "sendmsg: ENETDOWN (100)"),
    /** A firewall refuses the packet. */
    SEND_EPERM(Call.SEND, "sendmsg: EPERM (1)"),
    /** The address is there already, and not this library's. */
    ADD_EEXIST(Call.ADD, "RTM_NEWADDR: EEXIST (17)"),
    /** The capability was taken away. */
    ADD_EPERM(Call.ADD, "RTM_NEWADDR: EPERM (1)"),
    /** IPv6 is disabled on the interface, for example. */
    ADD_EADDRNOTAVAIL(Call.ADD, "RTM_NEWADDR: EADDRNOTAVAIL (99)"),
    /** The address is added, but the answer that says so is lost. */
    ADD_ANSWER_LOST(Call.ADD, "RTM_NEWADDR: ENOBUFS (105), no answer"),
    /** The address is added and taken away again at once by someone else. */
    ADD_UNDONE(Call.ADD, ""),
    /** The address stays. */
    REMOVE_EPERM(Call.REMOVE, "RTM_DELADDR: EPERM (1)"),
    /** The address is removed, but the answer that says so is lost. */
    REMOVE_ANSWER_LOST(Call.REMOVE, "RTM_DELADDR: ENOBUFS (105), no answer"),
    /** The list of addresses cannot be read. */
    LIST_ENOBUFS(Call.LIST, "RTM_GETADDR: ENOBUFS (105)"),
    /** The announcement does not leave. */
    ANNOUNCE_ENOBUFS(Call.ANNOUNCE, "sendto(AF_PACKET): ENOBUFS (105)"),
    /** The question does not leave. */
    PROBE_ENETDOWN(Call.PROBE, "sendto(AF_PACKET): ENETDOWN (100)"),
    /** The fence stays as it is. */
    FENCE_OPEN_EPERM(Call.FENCE_OPEN, "NFT_MSG_NEWSETELEM: EPERM (1)"),
    /** The fence stays as it is. */
    FENCE_SHUT_EBUSY(Call.FENCE_SHUT, "NFT_MSG_DELSETELEM: EBUSY (16)"),
    /** A fence cannot be put up: {@link io.floatingip.spi.Fence#state()} says so. */
    FENCE_EOPNOTSUPP(Call.FENCE, "NFT_MSG_NEWTABLE: EOPNOTSUPP (95)"),
    /** The group cannot be joined. */
    LISTEN_ENODEV(Call.LISTEN, "setsockopt(IP_ADD_MEMBERSHIP): ENODEV (19)"),
    /** What has arrived cannot be read yet. */
    READ_ENOBUFS(Call.READ, "recvmsg(netlink): ENOBUFS (105)"),
    /** The rules that were {@linkplain SimHost#flushPacketFilter flushed} cannot be put back: nothing guards until the fence is opened anew. */
    FENCE_REPAIR_EPERM(Call.FENCE_REPAIR, "NFT_MSG_NEWTABLE: EPERM (1)"),
    /** The process is out of memory before it gets to send: an {@link Error} in its loop, as are those that follow. */
    SEND_OUT_OF_MEMORY(Call.SEND),
    /** Before it gets to add an address. */
    ADD_OUT_OF_MEMORY(Call.ADD),
    /** Before it gets to remove an address. */
    REMOVE_OUT_OF_MEMORY(Call.REMOVE),
    /** Before it gets to read the list of addresses. */
    LIST_OUT_OF_MEMORY(Call.LIST),
    /** Before it gets to announce. */
    ANNOUNCE_OUT_OF_MEMORY(Call.ANNOUNCE),
    /** Before it gets to open the fence. */
    FENCE_OPEN_OUT_OF_MEMORY(Call.FENCE_OPEN),
    /** Before it gets to shut the fence. */
    FENCE_SHUT_OUT_OF_MEMORY(Call.FENCE_SHUT);

    private final Call call;
    private final String message;
    private final boolean outOfMemory;

    SimFault(Call call, String message) {
        this.call = call;
        this.message = message;
        outOfMemory = false;
    }

    SimFault(Call call) {
        this.call = call;
        message = "out of memory, simulated";
        outOfMemory = true;
    }

    /** Whether it is thrown as an error, by the process and not by its kernel. */
    boolean outOfMemory() {
        return outOfMemory;
    }

    Call call() {
        return call;
    }

    String message() {
        return message;
    }

    /** What a process asks its kernel for. */
    enum Call {
        SEND,
        ADD,
        REMOVE,
        LIST,
        ANNOUNCE,
        PROBE,
        FENCE,
        FENCE_OPEN,
        FENCE_SHUT,
        FENCE_REPAIR,
        LISTEN,
        READ,
        OTHER
    }
}
