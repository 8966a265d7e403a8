package io.floatingip.internal.vrrp;

import static io.floatingip.internal.vrrp.Given.HIGHER;
import static io.floatingip.internal.vrrp.Given.LOWER;
import static io.floatingip.internal.vrrp.Given.NOW;
import static io.floatingip.internal.vrrp.Given.SECOND;
import static io.floatingip.internal.vrrp.Given.advert;
import static io.floatingip.internal.vrrp.Given.heard;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.floatingip.Reason;
import io.floatingip.internal.vrrp.Action.SendAdvert;
import io.floatingip.internal.wire.Advert;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

class VirtualRouterTest {
    private static final Event.Startup STARTUP = new Event.Startup(0, Reason.JOINED, "joined");

    @Test
    void theShortPathLeadsWhereTheLongOneDoes() {
        int shortcuts = 0;
        for (long seed = 0; seed < 3_000; seed++) {
            try {
                shortcuts += compare(seed);
            } catch (RuntimeException | AssertionError e) {
                fail("seed " + seed, e);
            }
        }
        // Not by never having been taken.
        assertThat(shortcuts).isGreaterThan(10_000);
    }

    /** Two machines hear the same; one is not offered repetitions and its ticks are events. */
    private static int compare(long seed) {
        RandomRouter random = new RandomRouter(seed);
        RouterParams p = random.params();
        VirtualRouter quick = new VirtualRouter(p);
        VirtualRouter plain = new VirtualRouter(p);
        Event.AdvertReceived last = heard(100, HIGHER, 0);
        long now = random.instant();
        int shortcuts = 0;
        for (int i = 0; i < 200; i++) {
            now += random.passing(quick.params());
            if (quick.nanosUntilDue(now) == 0 || random.chance(3)) {
                assertThat(quick.tick(now)).isEqualTo(plain.handle(new Event.Tick(), now));
            } else if (random.chance(2)) {
                last = new Event.AdvertReceived(last.advert(), last.sender(), now);
                if (quick.heardAgain(last.advert(), last.sender(), now)) {
                    shortcuts++;
                    assertThat(plain.handle(last, now)).isEmpty();
                } else {
                    assertThat(quick.handle(last, now)).isEqualTo(plain.handle(last, now));
                }
            } else if (random.chance(40)) {
                RouterParams changed = random.changed(quick.params());
                assertThat(quick.reconfigure(changed, now)).isEqualTo(plain.reconfigure(changed, now));
            } else {
                Event event = plain.state() instanceof Initialize ? STARTUP : random.event(quick.params(), now);
                if (event instanceof Event.ParamsChanged || event instanceof Event.Leave && !random.chance(10)) {
                    event = new Event.Tick();
                }
                if (event instanceof Event.AdvertReceived heard) {
                    last = heard;
                }
                assertThat(quick.handle(event, now)).isEqualTo(plain.handle(event, now));
            }
            assertThat(quick.nanosUntilDue(now)).isEqualTo(plain.nanosUntilDue(now));
            if (random.chance(4)) {
                assertThat(quick.state()).isEqualTo(plain.state());
            }
        }
        assertThat(quick.state()).isEqualTo(plain.state());
        return shortcuts;
    }

    @Test
    void aRepeatedAdvertOnlyMovesTheDeadline() {
        VirtualRouter router = following();
        assertThat(router.heardAgain(advert(200, SECOND), HIGHER, NOW + SECOND)).isTrue();
        assertThat(router.nanosUntilDue(NOW + SECOND)).isEqualTo(3_414_062_500L);
        assertThat(router.state())
                .isEqualTo(new Backup(NOW + SECOND, SECOND, HIGHER, 200, false, false, false, 0, false));
    }

    @Test
    void aRepetitionThatMeansMoreTakesTheLongPath() {
        assertThat(new VirtualRouter(Given.usual().params()).heardAgain(advert(200, SECOND), HIGHER, NOW))
                .as("before startup")
                .isFalse();
        assertThat(master().heardAgain(advert(100, SECOND), LOWER, NOW))
                .as("as master")
                .isFalse();
        assertThat(following().heardAgain(advert(0, SECOND), HIGHER, NOW))
                .as("good-bye")
                .isFalse();
        assertThat(following().heardAgain(advert(200, SECOND), LOWER, NOW))
                .as("another sender")
                .isFalse();
        assertThat(following().heardAgain(advert(199, SECOND), HIGHER, NOW))
                .as("another priority")
                .isFalse();
        assertThat(following().heardAgain(advert(200, 2 * SECOND), HIGHER, NOW))
                .as("another interval")
                .isFalse();
    }

    @Test
    void advertisesWithoutAnEvent() {
        VirtualRouter router = master();
        assertThat(router.tick(NOW + SECOND - 1)).isSameAs(VirtualRouter.NOTHING);
        assertThat(router.tick(NOW + SECOND)).containsExactly(new SendAdvert(150));
        assertThat(router.nanosUntilDue(NOW + SECOND)).isEqualTo(SECOND);
        assertThat(router.state())
                .isEqualTo(new Master(NOW + 2 * SECOND, NOW + SECOND, true, true, NOW + 5 * SECOND, false, 0, false));
    }

    @Test
    void reconfiguringTakesEffectInTheSameCall() {
        VirtualRouter router = master();
        RouterParams demoted = Given.usual().priority(50).params();
        assertThat(router.reconfigure(demoted, NOW)).containsExactly(new SendAdvert(50));
        assertThat(router.params()).isEqualTo(demoted);
        assertThat(router.tick(NOW + SECOND)).containsExactly(new SendAdvert(50));
    }

    @Test
    void followingAMasterMakesNoGarbage() {
        VirtualRouter router = following();
        Advert repeated = advert(200, SECOND);
        assertThat(allocatedBy(i -> {
                    long now = NOW + i * SECOND;
                    if (!router.heardAgain(repeated, HIGHER, now)
                            || !router.tick(now).isEmpty()
                            || router.nanosUntilDue(now) != 3_414_062_500L) {
                        throw new AssertionError("left the short path");
                    }
                }))
                .isZero();
    }

    @Test
    void advertisingMakesNoGarbage() {
        RouterParams p = Given.usual().announcements(1, 0, 0).params();
        VirtualRouter router = new VirtualRouter(p);
        router.handle(STARTUP, NOW);
        router.tick(NOW + 4 * SECOND);
        assertThat(router.state()).isInstanceOf(Master.class);
        List<Action> one = List.of(new SendAdvert(150));
        assertThat(allocatedBy(i -> {
                    long now = NOW + (5 + i) * SECOND;
                    List<Action> actions = router.tick(now);
                    if (actions.size() != 1
                            || !actions.get(0).equals(one.get(0))
                            || router.nanosUntilDue(now) != SECOND) {
                        throw new AssertionError("left the short path");
                    }
                }))
                .isZero();
    }

    /** Bytes allocated by this thread in some thousand calls, with ever higher numbers, once everything has been compiled or will not be. */
    private static long allocatedBy(LongConsumer call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long number = 0;
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long before = threads.getThreadAllocatedBytes(id);
            for (int i = 0; i < 2_000; i++) {
                call.accept(number++);
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
        }
        return least;
    }

    private static VirtualRouter following() {
        VirtualRouter router = new VirtualRouter(Given.usual().params());
        router.handle(STARTUP, NOW);
        router.handle(heard(200, HIGHER, NOW), NOW);
        return router;
    }

    private static VirtualRouter master() {
        VirtualRouter router = new VirtualRouter(Given.usual().params());
        router.handle(STARTUP, NOW - 4 * SECOND);
        router.tick(NOW);
        return router;
    }
}
