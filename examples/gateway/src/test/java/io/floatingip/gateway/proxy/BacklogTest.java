package io.floatingip.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private final EmbeddedChannel one = new EmbeddedChannel();
    private final EmbeddedChannel other = new EmbeddedChannel();
    private final Backlog backlog = new Backlog();

    @Test
    void shrinksWhenLessWaitsThanBefore() {
        one.config().setWriteBufferWaterMark(new WriteBufferWaterMark(10, 20));
        other.config().setWriteBufferWaterMark(new WriteBufferWaterMark(10, 20));
        assertThat(backlog.shrinks(one, other)).as("nothing waits").isFalse();
        one.write(Unpooled.wrappedBuffer(new byte[1000]));
        other.write(Unpooled.wrappedBuffer(new byte[100]));
        assertThat(backlog.shrinks(one, other)).as("it was not there before").isTrue();
        assertThat(backlog.shrinks(one, other)).as("nothing was taken").isFalse();
        one.flush();
        assertThat(backlog.shrinks(one, other)).isTrue();
        assertThat(backlog.shrinks(one, other)).isFalse();
        other.close();
        assertThat(backlog.shrinks(one, other)).as("closed").isFalse();
        one.releaseOutbound();
    }
}
