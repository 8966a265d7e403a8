package io.floatingip.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.Version;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@SuppressWarnings("deprecation") // The event loop groups that Netty 4.1 and 4.2 have in common.
class FloatingServerTest {
    private static final InetSocketAddress NOT_HERE = new InetSocketAddress("192.0.2.1", 0);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Set<InetAddress> here = ConcurrentHashMap.newKeySet();
    private final FloatingServer server = new FloatingServer(here::contains);
    private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    private EventLoopGroup group = new NioEventLoopGroup(1);

    enum Transport {
        NIO,
        EPOLL
    }

    @BeforeEach
    void begin() {
        here.add(InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void end() {
        server.close();
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void theseAreTheTestsOfThisNetty() {
        String expected = System.getProperty("netty.expected", "4.2.");
        assertThat(Version.identify().get("netty-transport").artifactVersion()).startsWith(expected);
    }

    @Test
    void listensBeforeTheAddressIsThere() {
        assertThat(server.bind(bootstrap(Transport.EPOLL, ignore()), NOT_HERE)
                        .join()
                        .isActive())
                .isTrue();
    }

    @Test
    void withNioWaitsForTheAddress() {
        CompletableFuture<?> bound = server.bind(bootstrap(Transport.NIO, ignore()), NOT_HERE);
        server.onMaster(change(Role.MASTER));
        group.submit(() -> {}).syncUninterruptibly();
        assertThat(bound).isNotDone();
    }

    @ParameterizedTest
    @EnumSource
    void aPortThatIsTakenIsAnError(Transport transport) {
        ServerBootstrap bootstrap = bootstrap(transport, ignore());
        InetSocketAddress taken = bound(bootstrap);
        assertThatThrownBy(() -> server.bind(bootstrap, taken).join())
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("cannot listen at " + taken)
                .hasMessageContaining("in use");
    }

    @ParameterizedTest
    @EnumSource
    void afterUnbindNobodyConnectsAndWhoIsConnectedStays(Transport transport) throws Exception {
        CompletableFuture<Channel> bound = server.bind(
                bootstrap(transport, closeOn(Drain.BEGUN)), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        InetSocketAddress address = (InetSocketAddress) bound.join().localAddress();
        try (Socket before = connect(address)) {
            assertThat(told.take()).isEqualTo("active");
            server.unbind(bound);
            // NIO's is closed when its selector looks next.
            while (accepts(address)) {
                Thread.onSpinWait();
            }
            server.onDrain(LONG);
            assertThat(before.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static boolean accepts(InetSocketAddress address) throws IOException {
        try (Socket socket = connect(address)) {
            return socket.isConnected();
        } catch (ConnectException e) {
            return false;
        }
    }

    @Test
    void whatWaitsForItsAddressCanBeUnbound() {
        CompletableFuture<Channel> bound = server.bind(bootstrap(Transport.NIO, ignore()), NOT_HERE);
        server.unbind(bound);
        here.add(NOT_HERE.getAddress());
        server.onMaster(change(Role.MASTER));
        group.submit(() -> {}).syncUninterruptibly();
        assertThat(bound).isCancelled();
    }

    @ParameterizedTest
    @EnumSource
    void aDrainEndsWhenEveryConnectionHasEnded(Transport transport) throws Exception {
        InetSocketAddress address = bound(bootstrap(transport, closeOn(Drain.BEGUN)));
        try (Socket before = connect(address)) {
            assertThat(told.take()).isEqualTo("active");
            server.onDrain(LONG);
            assertThat(before.getInputStream().read()).isEqualTo(-1);
            assertThat(told).containsExactly(Drain.BEGUN);
            assertThat(server.connections()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectionsThatComeDuringTheDrainAreAcceptedAndTold(Transport transport) throws Exception {
        InetSocketAddress address = bound(bootstrap(transport, closeOn(Drain.LAST)));
        try (Socket before = connect(address)) {
            assertThat(told.take()).isEqualTo("active");
            CompletableFuture<Void> drain = CompletableFuture.runAsync(() -> server.onDrain(LONG));
            assertThat(told.take()).isEqualTo(Drain.BEGUN);
            try (Socket meanwhile = connect(address)) {
                assertThat(told.take()).isEqualTo("active");
                assertThat(told.take()).isEqualTo(Drain.BEGUN);
                assertThat(drain).isNotDone();
                before.shutdownOutput();
                assertThat(told.take()).isEqualTo(Drain.LAST);
                assertThat(meanwhile.getInputStream().read()).isEqualTo(-1);
                drain.join();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void idleConnectionsAreToldBeforeTheTimeIsOver(Transport transport) throws Exception {
        InetSocketAddress address = bound(bootstrap(transport, closeOn(Drain.LAST)));
        try (Socket idle = connect(address)) {
            assertThat(told.take()).isEqualTo("active");
            server.onDrain(Duration.ofMillis(400));
            assertThat(told).containsExactly(Drain.BEGUN, Drain.LAST);
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void theLastMomentHoldsNewConnectionsBackAndRefusesNone() throws Exception {
        InetSocketAddress address = bound(bootstrap(Transport.EPOLL, ignore()));
        try (Socket open = connect(address)) {
            assertThat(told.take()).isEqualTo("active");
            CompletableFuture<Void> drain = CompletableFuture.runAsync(() -> server.onDrain(Duration.ofSeconds(1)));
            assertThat(told.take()).isEqualTo(Drain.BEGUN);
            assertThat(told.take()).isEqualTo(Drain.LAST);
            try (SocketChannel late = SocketChannel.open()) {
                late.configureBlocking(false);
                assertThat(late.connect(address)).isFalse();
                drain.join();
                assertThat(late.finishConnect()).as("connected while held back").isFalse();
                server.resume();
                late.configureBlocking(true);
                assertThat(late.finishConnect()).isTrue();
                assertThat(told.take()).isEqualTo(Drain.OVER);
                assertThat(told.take()).isEqualTo("active");
            }
            assertThat(open.isConnected()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoStaysMasterServesOn(Transport transport) throws Exception {
        InetSocketAddress address = bound(bootstrap(transport, ignore()));
        try (Socket first = connect(address)) {
            assertThat(told.take()).isEqualTo("active");
            server.onDrain(Duration.ofMillis(40));
            assertThat(server.isDraining()).isTrue();
            assertThat(told.take()).isEqualTo(Drain.BEGUN);
            assertThat(told.take()).isEqualTo(Drain.LAST);
            assertThat(told.take()).isEqualTo(Drain.OVER);
            try (Socket second = connect(address)) {
                assertThat(told.take()).isEqualTo("active");
                assertThat(server.isDraining()).isFalse();
                assertThat(server.connections()).isEqualTo(2);
                assertThat(first.isConnected() && second.isConnected()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoIsToldThatItStaysServesOnAtOnce(Transport transport) throws Exception {
        InetSocketAddress address = bound(bootstrap(transport, ignore()));
        try (Socket first = connect(address)) {
            assertThat(told.take()).isEqualTo("active");
            server.onDrain(Duration.ofMillis(40));
            server.onStay(change(Role.MASTER));
            assertThat(server.isDraining()).isFalse();
            assertThat(List.of(told.take(), told.take(), told.take()))
                    .containsExactly(Drain.BEGUN, Drain.LAST, Drain.OVER);
            assertThat(first.isConnected()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectionsGoWithTheAddress(Transport transport) throws Exception {
        InetSocketAddress address = bound(bootstrap(transport, ignore()));
        try (Socket client = connect(address)) {
            assertThat(told.take()).isEqualTo("active");
            server.onBackup(change(Role.BACKUP));
            assertThat(server.connections()).as("that of another floating IP").isEqualTo(1);
            here.clear();
            server.onBackup(change(Role.BACKUP));
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    private InetSocketAddress bound(ServerBootstrap bootstrap) {
        return (InetSocketAddress) server.bind(bootstrap, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .join()
                .localAddress();
    }

    private ServerBootstrap bootstrap(Transport transport, BiConsumer<ChannelHandlerContext, Object> onEvent) {
        ServerBootstrap bootstrap = new ServerBootstrap();
        if (transport == Transport.EPOLL) {
            assumeTrue(Epoll.isAvailable(), () -> "epoll: " + Epoll.unavailabilityCause());
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            group = new EpollEventLoopGroup(1);
            bootstrap.channel(EpollServerSocketChannel.class);
        } else {
            bootstrap.channel(NioServerSocketChannel.class);
        }
        return bootstrap.group(group).childHandler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(io.netty.channel.Channel connection) {
                connection.pipeline().addLast(new Recorder(onEvent));
            }
        });
    }

    private final class Recorder extends ChannelInboundHandlerAdapter {
        private final BiConsumer<ChannelHandlerContext, Object> onEvent;

        Recorder(BiConsumer<ChannelHandlerContext, Object> onEvent) {
            this.onEvent = onEvent;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            told.add("active");
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            told.add(event);
            onEvent.accept(ctx, event);
        }
    }

    private static BiConsumer<ChannelHandlerContext, Object> ignore() {
        return (ctx, event) -> {};
    }

    private static BiConsumer<ChannelHandlerContext, Object> closeOn(Drain wanted) {
        return (ctx, event) -> {
            if (event == wanted) {
                ctx.close();
            }
        };
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        return new Socket(address.getAddress(), address.getPort());
    }

    private static RoleChange change(Role to) {
        return new RoleChange("vip", Role.BACKUP, to, Reason.HANDED_OVER, "", 100, 1, Instant.EPOCH);
    }
}
