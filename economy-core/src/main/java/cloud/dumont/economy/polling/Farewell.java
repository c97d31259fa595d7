package cloud.dumont.economy.polling;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The last thing that the audience of a closed poller hears. */
final class Farewell<T> extends Work {

    private final PollLoop<T> loop;
    private final Poller<T> poller;
    private final PollFacts facts;
    private final @Nullable Audience<T> audience;

    /** The poll that was in progress, if there was one. */
    @Nullable
    Call<T> after;

    /** Nobody waits for it any more. Belongs to the group's lock. */
    boolean done;

    Farewell(PollLoop<T> loop, Poller<T> poller, PollFacts facts, @Nullable Audience<T> audience) {
        this.loop = loop;
        this.poller = poller;
        this.facts = facts;
        this.audience = audience;
    }

    @Override
    void run() {
        try {
            loop.teller().tell(this, poller, audience, new PollEvent.Closed<>(facts));
            owed().forEach(Runnable::run);
            if (audience != null) {
                audience.subscriptions.forEach(LatestSubscription::complete);
            }
        } finally {
            loop.done(this);
        }
    }

    @Override
    List<Runnable> owed() {
        CompletableFuture<T> asked = audience == null ? null : audience.next;
        return asked == null
                ? List.of()
                : List.of(() -> asked.completeExceptionally(new CancellationException(poller + " was closed")));
    }

    @Nullable
    Audience<T> audience() {
        return audience;
    }
}
