package io.floatingip.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventLoopListenerTest {
    @Test
    void callsAreMadeOnTheLoopInOrderAndADrainWaitsForThem() {
        EventLoop loop = new DefaultEventLoop();
        List<String> calls = new ArrayList<>();
        RoleListener listener = EventLoopListener.on(loop, new RoleListener() {
            @Override
            public void onMaster(RoleChange change) {
                calls.add("master " + loop.inEventLoop());
            }

            @Override
            public void onStay(RoleChange change) {
                calls.add("stay " + loop.inEventLoop());
            }

            @Override
            public void onPause(Duration length) {
                calls.add("pause " + loop.inEventLoop());
            }

            @Override
            public void onDrain(Duration time) {
                calls.add("drain " + time.toSeconds() + " " + loop.inEventLoop());
            }
        });
        RoleChange change =
                new RoleChange("vip", Role.BACKUP, Role.MASTER, Reason.HANDED_OVER, "", 100, 1, Instant.EPOCH);
        listener.onChange(change);
        listener.onStay(change);
        listener.onPause(Duration.ofSeconds(1));
        listener.onDrain(Duration.ofSeconds(2));
        assertThat(calls).containsExactly("master true", "stay true", "pause true", "drain 2 true");
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
