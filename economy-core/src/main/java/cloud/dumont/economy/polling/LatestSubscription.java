package cloud.dumont.economy.polling;

import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands readings to a subscriber as fast as it asks for them, keeping the latest only. The subscriber is called by one thread at a
 * time, on the executor, and holds nobody up but itself.
 */
final class LatestSubscription<T> implements Flow.Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(LatestSubscription.class);

    private final Flow.Subscriber<? super Reading<T>> subscriber;
    private final PollLoop<T> loop;
    private final Poller<T> poller;

    private @Nullable Reading<T> pending;
    private @Nullable Throwable refused;
    private long demand;
    private boolean emitting;
    private boolean completing;
    private boolean ended;

    LatestSubscription(PollLoop<T> loop, Poller<T> poller, Flow.Subscriber<? super Reading<T>> subscriber) {
        this.loop = loop;
        this.poller = poller;
        this.subscriber = subscriber;
    }

    void offer(Reading<T> reading) {
        synchronized (this) {
            pending = reading;
        }
        emitOnExecutor();
    }

    /** On the caller's thread: the executor may be closing too. */
    void complete() {
        synchronized (this) {
            completing = true;
        }
        if (beginEmitting()) {
            emit();
        }
    }

    @Override
    public void request(long n) {
        synchronized (this) {
            if (n <= 0) {
                refused = new IllegalArgumentException("requested were " + n + " but must be at least 1 (rule 3.9)");
            } else {
                demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
            }
        }
        emitOnExecutor();
    }

    @Override
    public void cancel() {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            pending = null;
        }
        loop.unsubscribe(poller, this);
    }

    private void emitOnExecutor() {
        if (!beginEmitting()) {
            return;
        }
        try {
            loop.rules().executor().execute(this::emit);
        } catch (RejectedExecutionException e) {
            synchronized (this) {
                emitting = false;
            }
            LOG.warn("the executor refused to hand {} a reading; it gets the next", subscriber, e);
        }
    }

    private synchronized boolean beginEmitting() {
        if (emitting || !hasWork()) {
            return false;
        }
        emitting = true;
        return true;
    }

    private boolean hasWork() {
        return !ended && (refused != null || completing || (pending != null && demand > 0));
    }

    private void emit() {
        try {
            while (emitNext()) {}
        } catch (Throwable failure) {
            LOG.warn("subscriber {} failed and is cancelled", subscriber, failure);
            cancel();
            synchronized (this) {
                emitting = false;
            }
        }
    }

    private boolean emitNext() {
        Throwable error;
        Reading<T> next;
        synchronized (this) {
            if (!hasWork()) {
                emitting = false;
                return false;
            }
            error = refused;
            next = demand > 0 ? pending : null;
            if (error == null && next != null) {
                pending = null;
                demand = demand == Long.MAX_VALUE ? demand : demand - 1;
            } else {
                ended = true;
            }
        }
        if (error != null) {
            loop.unsubscribe(poller, this);
            subscriber.onError(error);
        } else if (next != null) {
            subscriber.onNext(next);
        } else {
            loop.unsubscribe(poller, this);
            subscriber.onComplete();
        }
        return true;
    }
}
