package cloud.dumont.economy.polling;

import static cloud.dumont.economy.polling.TaskQueue.SLOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskQueueTest {

    private final TaskQueue queue = new TaskQueue();

    @Test
    void pollDue_beforeDelayHasPassed_isNull() {
        queue.add(() -> {}, 3, SLOT);

        assertNull(queue.pollDue(3 + SLOT - 1));
    }

    @Test
    void pollDue_oneSlotAfterDelay_isTheTaskOnce() {
        Runnable task = () -> {};
        queue.add(task, 3, SLOT);

        assertSame(task, queue.pollDue(3 + SLOT + SLOT));
        assertNull(queue.pollDue(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void pollDue_delayOfZeroOrLess_isDueAtOnce(long delay) {
        queue.add(() -> {}, 3, delay);

        assertNotNull(queue.pollDue(3));
    }

    @Test
    void pollDue_anyOrderOfAdding_isByDueTime() {
        Runnable early = () -> {};
        Runnable late = () -> {};
        queue.add(late, 0, 5 * SLOT);
        queue.add(early, 0, 2 * SLOT);

        assertSame(early, queue.pollDue(9 * SLOT));
        assertSame(late, queue.pollDue(9 * SLOT));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20261123, 42})
    void pollDue_randomDelays_isNeverEarlyAndLessThanASlotLate(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        for (int i = 0; i < 10_000; i++) {
            long now = random.nextLong(1L << 40);
            long delay = 1 + random.nextLong(1L << 36);
            TaskQueue one = new TaskQueue();
            one.add(() -> {}, now, delay);
            long due = now + one.untilNext(now);

            assertTrue(due >= now + delay && due < now + delay + SLOT, "seed " + seed + ": " + now + " + " + delay);
            assertNull(one.pollDue(due - 1));
            assertNotNull(one.pollDue(due));
        }
    }

    @Test
    void untilNext_emptyQueue_isForever() {
        assertEquals(Long.MAX_VALUE, queue.untilNext(7));
    }

    @Test
    void add_longestDelay_doesNotOverflow() {
        queue.add(() -> {}, 12_345, Long.MAX_VALUE);

        assertNull(queue.pollDue(Long.MAX_VALUE / 2));
        assertTrue(queue.untilNext(12_345) > Long.MAX_VALUE / 2);
    }

    @Test
    void isNext_onlyEarlierEntry_needsAWakeUp() {
        assertTrue(queue.isNext(queue.add(() -> {}, 0, 2 * SLOT)));
        assertFalse(queue.isNext(queue.add(() -> {}, 1, 2 * SLOT - 1)), "the same slot");
        assertFalse(queue.isNext(queue.add(() -> {}, 0, 3 * SLOT)));
        assertTrue(queue.isNext(queue.add(() -> {}, 0, SLOT)));
    }

    @Test
    void cancel_waitingTask_isPassedOver() {
        Runnable kept = () -> {};
        queue.add(() -> {}, 0, SLOT).cancel();
        queue.add(kept, 0, SLOT);

        assertSame(kept, queue.pollDue(SLOT));
        assertNull(queue.pollDue(SLOT));
        assertEquals(0, queue.size());
    }

    @Test
    void cancel_overAndOver_doesNotPileUp() {
        Runnable kept = () -> {};
        queue.add(kept, 0, SLOT);
        for (int i = 0; i < 100_000; i++) {
            queue.add(() -> {}, 0, 1000 * SLOT).cancel();
        }

        assertTrue(queue.size() <= TaskQueue.FIRST_SWEEP, "size " + queue.size());
        assertSame(kept, queue.pollDue(SLOT));
    }

    @Test
    void add_manyLiveTasks_sweepLosesNone() {
        for (int i = 0; i < 1000; i++) {
            queue.add(() -> {}, 0, i * SLOT);
            queue.add(() -> {}, 0, i * SLOT).cancel();
        }
        int live = 0;
        while (queue.pollDue(1000 * SLOT) != null) {
            live++;
        }

        assertEquals(1000, live);
    }
}
