package cloud.dumont.economy.usage;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether the stamp of a listing can be true. A wall clock that steps ahead would make everything unseen until time has caught up: a
 * stamp that lies further ahead than time has really passed waits, until the clock has kept its new time for a while. Owned by one thread at
 * a time.
 */
interface ListingClock {

    /** Makes one for each source. */
    @FunctionalInterface
    interface Factory {
        ListingClock create();
    }

    /**
     * Whether a listing of that stamp may be taken.
     *
     * @param known what is stored of the source
     */
    boolean accepts(SourceClock known, Instant stamp);

    /** A host's own time is taken at its word. */
    static Factory trusted() {
        return () -> (known, stamp) -> true;
    }

    /** The system's wall clock, held against the system's monotonic one and, where another process looked last, against the store's. */
    static Factory measured(GapPolicy gaps) {
        return () -> new Measured(gaps.longestObserved());
    }

    /** Holds a wall clock against a monotonic one. */
    final class Measured implements ListingClock {

        private record Moment(Instant wall, long nanos) {

            /** By how much the wall clock has run ahead since, against the monotonic one. */
            Duration ahead(Instant now, long nanosNow) {
                return Duration.between(wall, now).minusNanos(nanosNow - nanos);
            }
        }

        private final Duration allowed;
        private @Nullable Moment accepted;
        private @Nullable Moment stepped;

        Measured(Duration allowed) {
            this.allowed = allowed;
        }

        @Override
        public boolean accepts(SourceClock known, Instant stamp) {
            long nanos = System.nanoTime();
            if (!isAhead(known, stamp, nanos) || hasKeptItsTime(stamp, nanos)) {
                accepted = new Moment(stamp, nanos);
                stepped = null;
                return true;
            }
            return false;
        }

        private boolean isAhead(SourceClock known, Instant stamp, long nanos) {
            Moment last = accepted;
            if (last != null) {
                return last.ahead(stamp, nanos).compareTo(allowed) > 0;
            }
            return known.stamp().isPresent()
                    && known.age()
                            .filter(age -> Duration.between(known.stamp().get(), stamp)
                                            .minus(age)
                                            .compareTo(allowed)
                                    > 0)
                            .isPresent();
        }

        private boolean hasKeptItsTime(Instant stamp, long nanos) {
            Moment since = stepped;
            if (since == null || since.ahead(stamp, nanos).abs().compareTo(allowed) > 0) {
                stepped = new Moment(stamp, nanos);
                return false;
            }
            return Duration.between(since.wall(), stamp).compareTo(allowed) > 0;
        }
    }
}
