package io.floatingip.gateway.balance;

import java.net.InetAddress;

/** What is known of a request (TCP: a connection) that wants an upstream. */
public interface Query {
    /** Who asks. */
    InetAddress client();

    /** What is asked for: the address, and for HTTP the host. Asked for only by algorithms that need it. */
    String destination();
}
