/** A floating IP address claimed by the Java service itself. */
module io.floatingip.core {
    requires org.slf4j;
    requires static transitive org.jspecify;
    requires static jakarta.mail;
    requires static transitive io.netty.common;
    requires static transitive io.netty.transport;
    requires static io.netty.buffer;
    requires static io.netty.transport.unix.common;

    exports io.floatingip;
    exports io.floatingip.health;
    exports io.floatingip.keepalived;
    exports io.floatingip.netty;
    exports io.floatingip.notify;
    exports io.floatingip.simulation;
    exports io.floatingip.spi;

    uses io.floatingip.spi.NetworkProvider;
}
