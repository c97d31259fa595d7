package cloud.dumont.economy.polling;

import java.util.List;

/** Completes, on a worker, the future of a poll that was given up. */
final class Completion<T> extends Work {

    private final Call<T> call;

    Completion(Call<T> call) {
        this.call = call;
    }

    @Override
    void run() {
        call.fulfil();
    }

    @Override
    List<Runnable> owed() {
        return List.of(this::run);
    }
}
