package cloud.dumont.economy.polling;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners, the observer and the log what happened. What they throw harms nobody. */
final class Teller<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Teller.class);

    private final PollRules<T> rules;

    Teller(PollRules<T> rules) {
        this.rules = rules;
    }

    /** Tells all listeners of an event, as long as the work that does so was not given up. */
    void tell(@Nullable Work by, Poller<T> poller, @Nullable Audience<T> audience, PollEvent<T> event) {
        rules.listeners().forEach(listener -> tell(by, poller, listener, event));
        if (audience != null) {
            audience.listeners.forEach(listener -> tell(by, poller, listener, event));
        }
    }

    private void tell(@Nullable Work by, Poller<T> poller, PollListener<? super T> listener, PollEvent<T> event) {
        if (by != null && (by.detached || (by instanceof Call<?> call && call.silenced))) {
            return;
        }
        try {
            listener.onEvent(poller, event);
        } catch (Throwable failure) {
            LOG.warn("{}: listener {} failed", poller, listener, failure);
            if (by instanceof Call<?> call
                    && failure instanceof VirtualMachineError fatal
                    && !(fatal instanceof StackOverflowError)) {
                call.fatal = fatal;
            }
        }
    }

    void observe(PollObserver.Result result, Duration latency, Duration lateness, Optional<Duration> staleness) {
        PollObserver observer = rules.observer();
        if (observer == null) {
            return;
        }
        try {
            observer.polled(new PollObserver.Sample(rules.name(), result, latency, lateness, staleness));
        } catch (Throwable failure) {
            LOG.warn("{}: observer {} failed", rules.name(), observer, failure);
        }
    }

    void logFailure(Call<T> call) {
        if (call.failure == null) {
            return;
        }
        if (call.failuresBefore == 0) {
            LOG.warn("{}: poll failed; further failures in a row are logged as debug", rules.name(), call.failure);
        } else {
            LOG.debug("{}: poll failed, {} in a row before", rules.name(), call.failuresBefore, call.failure);
        }
    }
}
