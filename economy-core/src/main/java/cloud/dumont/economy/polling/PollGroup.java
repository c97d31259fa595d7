package cloud.dumont.economy.polling;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;

/**
 * Many pollers with one set of rules, 28 bytes each beside their tasks. A handle ({@link Poller}, 24 bytes) is made when one is
 * added; a host that does not need it may let it go.
 *
 * <pre>{@code
 * try (PollGroup<Report> reports = PollGroup.<Report>builder()
 *         .name("reports")
 *         .policy(PollPolicy.<Report>adaptive(Report::isActive).build())
 *         .firstWithin(Duration.ofSeconds(30))
 *         .buildGroup()
 *         .start()) {
 *     accounts.forEach(account -> reports.add(() -> service.report(account)));
 *     ...
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 *
 * @param <T> what the tasks return
 */
public final class PollGroup<T> implements AutoCloseable {

    private final PollLoop<T> loop;

    PollGroup(PollLoop<T> loop) {
        this.loop = loop;
    }

    /**
     * Begins a group.
     *
     * @param <T> what the tasks return
     * @return a builder with every default, to be ended with {@link PollerBuilder#buildGroup()}
     */
    public static <T> PollerBuilder<T> builder() {
        return new PollerBuilder<>(null);
    }

    /**
     * Adds a poller. In a group that is started it begins to poll, else it waits for {@link #start()}.
     *
     * @param task what to call, see {@link Poller#builder}
     * @return its handle
     * @throws IllegalStateException if the group is closed
     */
    public Poller<T> add(Callable<? extends T> task) {
        return loop.add(Objects.requireNonNull(task, "task"));
    }

    /**
     * Adds a poller whose task answers later.
     *
     * @param task what to call, see {@link Poller#builderAsync}
     * @return its handle
     * @throws IllegalStateException if the group is closed
     */
    public Poller<T> addAsync(Callable<? extends CompletionStage<? extends T>> task) {
        return loop.add(new AsyncTask<T>(Objects.requireNonNull(task, "task")));
    }

    /**
     * Begins to poll. Starting again changes nothing.
     *
     * @return this
     * @throws IllegalStateException if it is closed
     */
    public PollGroup<T> start() {
        loop.start();
        return this;
    }

    /**
     * How many pollers there are.
     *
     * @return those that were added and not closed
     */
    public int size() {
        return loop.size();
    }

    /**
     * How many pollers are at what, as a gauge for a metrics library. Takes a look at each.
     *
     * @return the number for each state that there is
     */
    public Map<PollState, Integer> states() {
        return loop.states();
    }

    /** Closes all pollers, within one close deadline for all; see {@link Poller#close()}. */
    @Override
    public void close() {
        loop.close();
    }

    @Override
    public String toString() {
        return loop.rules().name() + ": " + states();
    }
}
