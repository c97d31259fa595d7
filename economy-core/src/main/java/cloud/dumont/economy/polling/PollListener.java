package cloud.dumont.economy.polling;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * Is told what happens in a {@link Poller}, one event at a time and in order, on the thread that ran the poll (the
 * first {@link PollScheduled} on the one that called {@link Poller#start()}).
 *
 * <p>The next poll waits for its listeners. What a listener throws is logged with the listener's {@code toString()} and
 * changes nothing; only a {@link VirtualMachineError} is passed on, as one of the task's is.
 *
 * @param <T> what the task returns
 */
@FunctionalInterface
public interface PollListener<T> {

    /**
     * Something happened.
     *
     * @param event what it was
     */
    void onEvent(PollEvent<? extends T> event);

    /**
     * A listener that takes the value of every poll that succeeds and ignores the rest.
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
