package cloud.dumont.economy.polling;

import java.util.function.Consumer;

/** Passes on values only; a record, so that the log names the consumer. */
record ValueListener<T>(Consumer<? super T> consumer) implements PollListener<T> {

    @Override
    public void onEvent(Poller<? extends T> poller, PollEvent<? extends T> event) {
        if (event instanceof PollEvent.Succeeded<? extends T> succeeded) {
            consumer.accept(succeeded.value());
        }
    }
}
