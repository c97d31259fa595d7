package cloud.dumont.economy.polling;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * Hears what happens in a {@link Poller}: one event at a time and in order, on the thread that ran the poll. The first
 * {@link PollEvent.Scheduled} comes on the thread that started the poller.
 *
 * <p>The next poll waits for its listeners, but not longer than the poll's deadline: a listener that takes longer is interrupted
 * and, if it ignores that, hears nothing more until it has returned, while the polls go on. What a listener throws is logged with
 * its {@code toString()} and changes nothing.
 *
 * @param <T> what the task returns
 */
@FunctionalInterface
public interface PollListener<T> {

    /**
     * Something happened.
     *
     * @param poller whose poll it was
     * @param event what it was
     */
    void onEvent(Poller<? extends T> poller, PollEvent<? extends T> event);

    /**
     * A listener that takes the value of every good poll and ignores the rest.
     *
     * @param consumer what takes the values
     * @param <T> what the task returns
     * @return the listener
     * @throws NullPointerException if {@code consumer} is null
     */
    static <T> PollListener<T> onSuccess(Consumer<? super T> consumer) {
        return new ValueListener<>(Objects.requireNonNull(consumer, "consumer"));
    }
}
