package cloud.dumont.economy.polling;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What all pollers of a group have in common.
 *
 * @param name of the group, or of its only poller
 * @param alone whether the group is one poller's own, and ends with it
 * @param policy how long to wait
 * @param accept takes each value as the last part of a poll
 * @param listeners hear everything, watchers included
 * @param watched whether one of them keeps pollers awake
 * @param pauses whether a poller that nobody listens to pauses
 * @param deadline how long a poll may take, and its listeners
 * @param closeDeadline how long close() may take
 * @param staleAfter from when on a value is stale
 * @param firstWithin how far the first polls are spread
 * @param concurrency how many polls may be in progress at once
 * @param mostAbandoned how many abandoned polls of one poller may hold a thread
 * @param limit bounds calls per minute
 * @param observer takes measures
 * @param scheduler wakes the group
 * @param ownScheduler the same, if it ends with the group
 * @param executor runs polls
 * @param time tells the wall's time
 * @param random where chance comes from
 */
record PollRules<T>(
        String name,
        boolean alone,
        PollPolicy<? super T> policy,
        @Nullable Consumer<? super T> accept,
        List<PollListener<? super T>> listeners,
        boolean watched,
        boolean pauses,
        Duration deadline,
        Duration closeDeadline,
        Duration staleAfter,
        Duration firstWithin,
        int concurrency,
        int mostAbandoned,
        @Nullable CallLimit limit,
        @Nullable PollObserver observer,
        PollScheduler scheduler,
        @Nullable PollScheduler ownScheduler,
        Executor executor,
        InstantSource time,
        Supplier<? extends RandomGenerator> random) {}
