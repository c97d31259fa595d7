package cloud.dumont.economy.polling;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One poll, from its start until its listeners have heard of the next; or what stands in for one. */
final class Call<T> extends Work {

    /** What it does. */
    enum Kind {
        /** Calls the task. */
        POLL,
        /** Concludes a poll that was given up. */
        ABANDONED,
        /** Tells that nobody listens. */
        PAUSE
    }

    final PollLoop<T> loop;
    final Kind kind;
    final Object task;
    final int slot;
    final int generation;

    /** When it began, by the scheduler's clock. */
    final long began;

    /** The same by the age clock, in tenths of a second. */
    int goodAt;

    /** How much later than due, in ticks. */
    int lateness;

    /** How many polls in a row had failed before. */
    int failuresBefore;

    /** The poller was paused. */
    boolean resumed;

    /** How many abandoned polls hold a thread, the one that this concludes included. */
    int abandonedRunning;

    /** Those who asked for this very poll. */
    @Nullable
    CompletableFuture<T> requested;

    @Nullable
    CompletableFuture<? extends T> future;

    @Nullable
    T value;

    @Nullable
    Throwable failure;

    /** It waits, without a thread, for its future. */
    boolean suspended;

    /** Its future is complete. */
    boolean completed;

    /** The task and its future have ended; what follows is the policy's and the listeners' time. */
    boolean ended;

    /** What the policy gave, or the source asked for. */
    @Nullable
    Duration delay;

    /** The source asked for it. */
    boolean held;

    /** A listener is being told. */
    volatile boolean announcing;

    /** The poller was closed by this poll itself: nothing more of it is told. */
    volatile boolean silenced;

    /** Where it counts as abandoned, while it holds a thread. */
    @Nullable
    Audience<T> left;

    /** Follows it, if the poller was closed meanwhile. */
    @Nullable
    Farewell<T> farewell;

    /** What a failing JVM threw, to be passed on to the thread. */
    @Nullable
    VirtualMachineError fatal;

    Call(PollLoop<T> loop, Kind kind, Object task, int slot, int generation, long began) {
        this.loop = loop;
        this.kind = kind;
        this.task = task;
        this.slot = slot;
        this.generation = generation;
        this.began = began;
    }

    /** Stands in for a poll that was given up. */
    Call(Call<T> lost, int abandonedRunning) {
        this(lost.loop, Kind.ABANDONED, lost.task, lost.slot, lost.generation, lost.began);
        this.abandonedRunning = abandonedRunning;
        lateness = lost.lateness;
        failuresBefore = lost.failuresBefore;
        requested = lost.requested;
        ended = true;
    }

    @Override
    void run() {
        loop.poll(this);
    }

    /** Completes the future of those who asked for it. */
    void fulfil() {
        CompletableFuture<T> asked = requested;
        if (asked == null) {
            return;
        }
        T answer = value;
        if (answer != null) {
            asked.complete(answer);
        } else {
            asked.completeExceptionally(failure == null ? new CancellationException("the poller was closed") : failure);
        }
    }
}
