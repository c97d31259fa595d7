package cloud.dumont.economy.polling;

import java.util.concurrent.CompletableFuture;

/** Cancels a future on a worker: what depends on it is the host's code. */
final class Cancellation extends Work {

    private final CompletableFuture<?> future;

    Cancellation(CompletableFuture<?> future) {
        this.future = future;
    }

    @Override
    void run() {
        future.cancel(true);
    }
}
