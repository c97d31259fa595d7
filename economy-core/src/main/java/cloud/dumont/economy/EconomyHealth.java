package cloud.dumont.economy;

import cloud.dumont.economy.polling.PollStatus;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How an {@link Economy} stands, as data that a health endpoint can print. Immutable. Failures are described without the secrets of a
 * connection, but may name a host or a table: they are meant for operators, not for everybody.
 *
 * @param polling its own pollers, one for each source of instances; empty if it polls none
 * @param prices the catalog that reports rest on
 * @param history where facts are kept
 */
public record EconomyHealth(List<PollStatus> polling, Prices prices, History history) {

    /** How it stands as a whole. */
    public enum Status {
        /** Everything answers. */
        UP,
        /** Figures are made, but rest on something old: a source has been silent for too long, or prices could not be loaded again. */
        DEGRADED,
        /** No figure can be made: it is not started, or the history does not answer. */
        DOWN
    }

    /**
     * The prices that reports rest on.
     *
     * @param version of the catalog; empty before the start
     * @param newestReadOn the latest day on which one of its prices was read from its seller; empty if no price has one
     * @param loadedAt when the catalog was loaded; empty before the start
     * @param lastFailure why loading it again failed; empty if the last attempt succeeded
     */
    public record Prices(
            Optional<String> version,
            Optional<LocalDate> newestReadOn,
            Optional<Instant> loadedAt,
            Optional<String> lastFailure) {

        /**
         * Checks the parts.
         *
         * @throws NullPointerException if one is null
         */
        public Prices {
            Objects.requireNonNull(version, "version");
            Objects.requireNonNull(newestReadOn, "newestReadOn");
            Objects.requireNonNull(loadedAt, "loadedAt");
            Objects.requireNonNull(lastFailure, "lastFailure");
        }
    }

    /**
     * The store of facts.
     *
     * @param failure why it did not answer; empty if it did
     */
    public record History(Optional<String> failure) {

        /**
         * Checks the part.
         *
         * @throws NullPointerException if it is null
         */
        public History {
            Objects.requireNonNull(failure, "failure");
        }

        /**
         * Whether it answered.
         *
         * @return true without a failure
         */
        public boolean reachable() {
            return failure.isEmpty();
        }
    }

    /**
     * Copies the list.
     *
     * @throws NullPointerException if a part is null
     */
    public EconomyHealth {
        polling = List.copyOf(polling);
        Objects.requireNonNull(prices, "prices");
        Objects.requireNonNull(history, "history");
    }

    /**
     * How it stands as a whole.
     *
     * @return the worst of what its parts say
     */
    public Status status() {
        if (prices.version().isEmpty() || !history.reachable()) {
            return Status.DOWN;
        }
        boolean old = prices.lastFailure().isPresent() || polling.stream().anyMatch(PollStatus::stale);
        return old ? Status.DEGRADED : Status.UP;
    }
}
