package io.floatingip.internal.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OutboxTest {
    @Test
    void deliversInOrderAndGoesOnAfterAnError() throws Exception {
        Outbox outbox = new Outbox("test");
        List<String> delivered = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch last = new CountDownLatch(1);
        outbox.put("first", () -> delivered.add("first"));
        outbox.put("second", () -> {
            throw new OutOfMemoryError("as if");
        });
        outbox.put("third", () -> {
            delivered.add("third");
            last.countDown();
        });
        assertThat(last.await(20, TimeUnit.SECONDS)).isTrue();
        while (outbox.pending() > 0) {
            Thread.onSpinWait();
        }
        assertThat(delivered).containsExactly("first", "third");
        assertThat(List.of(outbox.delivered(), outbox.undelivered())).containsExactly(2L, 1L);
    }
}
