package io.floatingip.internal.vrrp;

import static io.floatingip.internal.vrrp.Given.MILLI;
import static io.floatingip.internal.vrrp.Given.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.VrrpVersion;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** RFC 9568 section 6.1, and what the fence needs of it. */
class RouterParamsTest {
    @Test
    void skewAndDownIntervalAreExact() {
        check(10 * MILLI, 1, 9_960_937, 39_960_937);
        check(10 * MILLI, 100, 6_093_750, 36_093_750);
        check(10 * MILLI, 254, 78_125, 30_078_125);
        check(10 * MILLI, 255, 39_062, 30_039_062);
        check(SECOND, 1, 996_093_750, 3_996_093_750L);
        check(SECOND, 100, 609_375_000, 3_609_375_000L);
        check(SECOND, 254, 7_812_500, 3_007_812_500L);
        check(SECOND, 255, 3_906_250, 3_003_906_250L);
        check(40_950 * MILLI, 1, 40_790_039_062L, 163_640_039_062L);
        check(40_950 * MILLI, 100, 24_953_906_250L, 147_803_906_250L);
        check(40_950 * MILLI, 254, 319_921_875, 123_169_921_875L);
    }

    private static void check(long adverNanos, int priority, long skewNanos, long downNanos) {
        // The interval is the master's, not our own.
        RouterParams p = Given.usual().adverNanos(7 * SECOND).priority(priority).params();
        assertThat(p.skewNanos(adverNanos)).isEqualTo(skewNanos);
        assertThat(p.masterDownNanos(adverNanos)).isEqualTo(downNanos);
    }

    @Test
    void inVrrp2TheSkewDoesNotScale() {
        RouterParams p = Given.usual().version(VrrpVersion.V2).priority(100).params();
        assertThat(p.skewNanos(SECOND)).isEqualTo(609_375_000L);
        assertThat(p.skewNanos(255 * SECOND)).isEqualTo(609_375_000L);
        assertThat(p.masterDownNanos(SECOND)).isEqualTo(3_609_375_000L);
        assertThat(p.masterDownNanos(255 * SECOND)).isEqualTo(765_609_375_000L);
    }

    @Test
    void asManyAdvertsAsConfiguredMakeAMasterDown() {
        assertThat(Given.usual().priority(100).downAdverts(1).params().masterDownNanos(SECOND))
                .isEqualTo(1_609_375_000L);
        assertThat(Given.usual().priority(100).downAdverts(100).params().masterDownNanos(SECOND))
                .isEqualTo(100_609_375_000L);
    }

    @Test
    void theLeaseEndsBeforeAnyoneMayTakeOver() {
        forAllTimings(p -> {
            // The quickest successor is another owner.
            for (int successor : new int[] {1, 100, 254, 255}) {
                RouterParams theirs = Given.usual()
                        .version(p.version())
                        .priority(successor)
                        .adverNanos(p.adverNanos())
                        .downAdverts(p.downAdverts())
                        .params();
                assertThat(p.leaseNanos()).isLessThan(theirs.masterDownNanos(p.adverNanos()) - p.adverNanos() / 4);
            }
        });
    }

    @Test
    void aMasterCountsAsSilentAfterOneIntervalAndBeforeItsFenceCloses() {
        forAllTimings(p -> assertThat(p.silentNanos())
                .isGreaterThan(p.adverNanos())
                .isGreaterThanOrEqualTo(p.adverNanos() + p.adverNanos() / 4)
                .isLessThan(p.leaseNanos()));
    }

    @Test
    void aSilentMasterWaitsForTheOneWithTheLongestSkew() {
        forAllTimings(p -> {
            Given others = Given.usual()
                    .version(p.version())
                    .adverNanos(p.adverNanos())
                    .downAdverts(p.downAdverts());
            long first = others.priority(254).params().masterDownNanos(p.adverNanos());
            long last = others.priority(1).params().masterDownNanos(p.adverNanos());
            assertThat(p.unclaimedNanos() + p.adverNanos() / 4).isLessThan(first);
            // There is always a time in which it may say at once that it goes on.
            assertThat(p.silentNanos()).isLessThan(p.unclaimedNanos());
            assertThat(p.claimedNanos() - p.adverNanos() / 4).isGreaterThan(last);
        });
    }

    @Test
    void theLeaseOutlastsTheIntervalByHalfOfIt() {
        forAllTimings(p -> assertThat(p.leaseNanos()).isGreaterThanOrEqualTo(p.adverNanos() * 3 / 2));
    }

    private static void forAllTimings(Consumer<RouterParams> claim) {
        for (int downAdverts : new int[] {2, 3, 4, 10, 100}) {
            for (long adverNanos = 10 * MILLI; adverNanos <= 40_950 * MILLI; adverNanos += 10 * MILLI) {
                claim.accept(Given.usual()
                        .adverNanos(adverNanos)
                        .downAdverts(downAdverts)
                        .params());
            }
            for (int seconds = 1; seconds <= 255; seconds++) {
                claim.accept(Given.usual()
                        .version(VrrpVersion.V2)
                        .adverNanos(seconds * SECOND)
                        .downAdverts(downAdverts)
                        .params());
            }
        }
    }

    @Test
    void theWaitForASuccessorIsLongerThanTheLongestSkew() {
        for (VrrpVersion version : VrrpVersion.values()) {
            for (long adverNanos : new long[] {10 * MILLI, SECOND, 40 * SECOND}) {
                RouterParams slowest = Given.usual()
                        .version(version)
                        .priority(1)
                        .adverNanos(adverNanos)
                        .params();
                assertThat(slowest.successorNanos())
                        .isGreaterThanOrEqualTo(slowest.skewNanos(adverNanos) + Math.min(adverNanos, 50 * MILLI));
            }
        }
    }

    @Test
    void theAddressLingersForFiftyMillisecondsOrAShorterInterval() {
        assertThat(Given.usual().adverNanos(10 * MILLI).params().lingerNanos()).isEqualTo(10 * MILLI);
        assertThat(Given.usual().params().lingerNanos()).isEqualTo(50 * MILLI);
    }
}
