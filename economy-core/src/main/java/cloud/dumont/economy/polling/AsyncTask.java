package cloud.dumont.economy.polling;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A task that answers later, and holds no thread meanwhile. */
record AsyncTask<T>(Callable<? extends CompletionStage<? extends T>> task) {

    CompletableFuture<? extends T> begin() throws Exception {
        return Objects.requireNonNull(task.call(), "the task returned null").toCompletableFuture();
    }
}
