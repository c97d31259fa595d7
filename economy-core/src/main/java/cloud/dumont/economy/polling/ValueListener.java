package cloud.dumont.economy.polling;

import java.util.function.Consumer;

/** Passes on values only; a record, so that the log names the consumer. */
record ValueListener<T>(Consumer<? super T> consumer) implements PollListener<T> {

    @Override
    public void onEvent(PollEvent<? extends T> event) {
        if (event instanceof PollSucceeded<? extends T> succeeded) {
            consumer.accept(succeeded.value());
        }
    }
}
