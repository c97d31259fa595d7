package cloud.dumont.economy.polling;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Calls a task, tells listeners how it went, waits as long as a {@link PollPolicy} says, and calls it again, until it is closed.
 *
 * <p>No two polls of one poller are ever in progress, and the wait begins when a poll has ended, listeners included: slow polls do
 * not pile up. A poll that passes its deadline is cancelled (its thread is interrupted, its future cancelled) and counts as
 * failed; one that ignores that for another second is abandoned: the poller goes on without it, and what it may still return is
 * dropped. Whatever a task throws is a failed poll, and the next is scheduled; what tells of a failing JVM (a
 * {@link VirtualMachineError} other than {@link StackOverflowError}) is passed on to the thread as well.
 *
 * <p>Time is the scheduler's, so wall clocks may be set at will. After a pause of the process (a stopped or sleeping computer) a
 * poll that was due meanwhile comes once and at once; of many, some come at once and the others spread over their interval.
 *
 * <p>A poller is a small handle, and as good as any other of the same poller. It is thread-safe.
 *
 * <pre>{@code
 * try (Poller<Report> poller = Poller.builder(service::report)
 *         .policy(PollPolicy.<Report>adaptive(Report::isActive).build())
 *         .listener(PollListener.onSuccess(System.out::println))
 *         .build()
 *         .start()) {
 *     ...
 * }
 * }</pre>
 *
 * @param <T> what the task returns
 */
public final class Poller<T> implements Flow.Publisher<Reading<T>>, AutoCloseable {

    private final PollLoop<T> loop;
    private final int slot;
    private final int generation;

    Poller(PollLoop<T> loop, int slot, int generation) {
        this.loop = loop;
        this.slot = slot;
        this.generation = generation;
    }

    /**
     * Begins a poller whose task holds a thread until it returns.
     *
     * @param task what to call; what it returns must not be null
     * @param <T> what the task returns
     * @return a builder with every default
     * @throws NullPointerException if {@code task} is null
     */
    public static <T> PollerBuilder<T> builder(Callable<? extends T> task) {
        return new PollerBuilder<>(Objects.requireNonNull(task, "task"));
    }

    /**
     * Begins a poller whose task returns at once and answers later. A poll lasts until the stage is complete; at the deadline its
     * {@code toCompletableFuture()} is cancelled.
     *
     * @param task what to call; neither the stage nor what it completes with must be null
     * @param <T> what the stage completes with
     * @return a builder with every default
     * @throws NullPointerException if {@code task} is null
     */
    public static <T> PollerBuilder<T> builderAsync(Callable<? extends CompletionStage<? extends T>> task) {
        return new PollerBuilder<>(new AsyncTask<>(Objects.requireNonNull(task, "task")));
    }

    /**
     * Begins to poll: the first poll comes at once, or within the builder's {@link PollerBuilder#firstWithin}. Starting again
     * changes nothing. A poller of a group starts the group.
     *
     * @return this
     * @throws IllegalStateException if it is closed
     */
    public Poller<T> start() {
        loop.start();
        return this;
    }

    /**
     * Polls as soon as possible instead of when the next poll is due; the wait after it begins afresh. Nudges are coalesced: all
     * that come before that poll begins share it, and all that come while one is in progress share the one that follows it. A
     * paused poller polls once. Neither a call limit nor a {@link RetryAfterException} is overridden; those polls come in their
     * turn.
     *
     * @return completes after the listeners have heard of that poll: with the value, with what made it fail, or with a
     *     {@link java.util.concurrent.CancellationException} if the poller is closed first. It is the caller's own: to cancel it
     *     changes nothing here. Not to be waited for in the task or in a listener
     * @throws IllegalStateException if the poller is not started, or is closed
     */
    public CompletableFuture<T> nudge() {
        return loop.nudge(this);
    }

    /**
     * The last good value; failures do not take it away, and nor does closing a poller that was built alone.
     *
     * @return the value with its age, empty as long as no poll was good
     */
    public Optional<Reading<T>> latest() {
        return loop.latest(this);
    }

    /**
     * How it stands.
     *
     * @return a snapshot
     */
    public PollStatus status() {
        return loop.status(this);
    }

    /**
     * Adds a listener to this poller alone, from the next event on.
     *
     * @param listener what hears it
     * @return takes it off again
     * @throws IllegalStateException if the poller is closed
     */
    public Registration listen(PollListener<? super T> listener) {
        return loop.listen(this, listener);
    }

    /**
     * Publishes the last good reading, if there is one, and then every good one. A subscriber that asks for fewer gets the latest
     * when it asks: readings in between are left out. The stream completes when the poller closes; failed polls do not end it. A
     * subscriber is called on the poller's executor, one call at a time; what it throws cancels its subscription.
     *
     * @param subscriber what takes the readings
     * @throws NullPointerException if {@code subscriber} is null
     */
    @Override
    public void subscribe(Flow.Subscriber<? super Reading<T>> subscriber) {
        loop.subscribe(this, subscriber);
    }

    /**
     * Ends the polling for good. A poll in progress is let end and its listeners hear of it, for half of the builder's close
     * deadline; then it is cancelled, and when the whole deadline has passed, abandoned. After this has returned, nothing of this
     * poller begins. It returns at once, without waiting for what is in progress, where the task or a listener itself calls it
     * (the outcome of that poll is dropped), and soon where the calling thread is interrupted, which stays so. Closing again
     * changes nothing.
     */
    @Override
    public void close() {
        if (loop.rules().alone()) {
            loop.close();
        } else {
            loop.close(slot, generation);
        }
    }

    int slot() {
        return slot;
    }

    int generation() {
        return generation;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Poller<?> that
                && loop == that.loop
                && slot == that.slot
                && generation == that.generation;
    }

    @Override
    public int hashCode() {
        return 31 * System.identityHashCode(loop) + slot;
    }

    /** The name, and within a group a number. */
    @Override
    public String toString() {
        String name = loop.rules().name();
        return loop.rules().alone() ? name : name + "#" + slot;
    }

    /** Takes a listener off. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {

        /** The listener hears no event that begins from now on. Closing again changes nothing. */
        @Override
        void close();
    }
}
