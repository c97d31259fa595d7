package cloud.dumont.economy.polling;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Waits by what the last good value says, a little sooner or later each time, and backs off while polls fail.
 *
 * <p>After the n-th failure in a row the wait is a random part ('full jitter') of the usual interval doubled n-1 times, at most of
 * the longest backoff, and never less than a second (or than that part's bound, where it is shorter). So a fleet of pollers that
 * lost their source together does not come back together, and the end of an outage is noticed within the longest backoff. One good
 * poll ends it. Immutable, and thread-safe if its predicate is.
 *
 * @param <T> what the task returns
 */
public final class AdaptivePollPolicy<T> implements PollPolicy<T> {

    private static final long SHORTEST_BACKOFF = Duration.ofSeconds(1).toNanos();
    private static final Duration DEFAULT_LONGEST_BACKOFF = Duration.ofMinutes(2);

    private final Predicate<? super T> active;
    private final long whenActive;
    private final long whenIdle;
    private final int jitterPercent;
    private final long longestBackoff;

    private AdaptivePollPolicy(Builder<T> builder) {
        active = builder.active;
        whenActive = builder.whenActive.toNanos();
        whenIdle = builder.whenIdle.toNanos();
        jitterPercent = builder.jitterPercent;
        long longest = Math.max(whenActive, whenIdle);
        Duration given = builder.longestBackoff;
        if (given == null) {
            longestBackoff = Math.max(longest, DEFAULT_LONGEST_BACKOFF.toNanos());
        } else if (given.toNanos() < longest) {
            throw new IllegalArgumentException("longestBackoff was " + given + " but must be at least "
                    + Duration.ofNanos(longest) + ", the longest interval when nothing fails");
        } else {
            longestBackoff = given.toNanos();
        }
    }

    @Override
    public Duration nextDelay(PollOutcome<? extends T> last, RandomGenerator random) {
        long interval = last.latest().filter(active).isPresent() ? whenActive : whenIdle;
        if (last.consecutiveFailures() == 0) {
            long reach = interval / 100 * jitterPercent;
            return Duration.ofNanos(interval - reach + (reach == 0 ? 0 : random.nextLong(2 * reach + 1)));
        }
        long bound = interval;
        for (int failure = 1; failure < last.consecutiveFailures() && bound < longestBackoff; failure++) {
            bound = bound > longestBackoff / 2 ? longestBackoff : bound * 2;
        }
        long least = Math.min(SHORTEST_BACKOFF, bound);
        return Duration.ofNanos(least + random.nextLong(bound - least + 1));
    }

    @Override
    public String toString() {
        return "adaptive: " + Duration.ofNanos(whenActive) + " active, " + Duration.ofNanos(whenIdle) + " idle, jitter "
                + jitterPercent + "%, backoff up to " + Duration.ofNanos(longestBackoff);
    }

    /**
     * Builds the policy; each setting has the default that {@link PollPolicy#adaptive} names. Not thread-safe.
     *
     * @param <T> what the task returns
     */
    public static final class Builder<T> {

        private static final int MOST_JITTER = 50;

        private final Predicate<? super T> active;
        private Duration whenActive = Duration.ofSeconds(30);
        private Duration whenIdle = Duration.ofSeconds(60);
        private int jitterPercent = 10;
        private @Nullable Duration longestBackoff;

        Builder(Predicate<? super T> active) {
            this.active = Objects.requireNonNull(active, "active");
        }

        /**
         * The interval while the latest value is active.
         *
         * @param interval longer than zero, at most 100 days; 30 seconds unless set
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder<T> whenActive(Duration interval) {
            whenActive = PositiveDuration.require(interval, "whenActive");
            return this;
        }

        /**
         * The interval while the latest value is not active, or there is none.
         *
         * @param interval longer than zero, at most 100 days; 60 seconds unless set
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder<T> whenIdle(Duration interval) {
            whenIdle = PositiveDuration.require(interval, "whenIdle");
            return this;
        }

        /**
         * How much sooner or later than its interval a poll may come, drawn for every poll.
         *
         * @param percent of the interval, 0 to 50; 10 unless set
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder<T> jitterPercent(int percent) {
            if (percent < 0 || percent > MOST_JITTER) {
                throw new IllegalArgumentException(
                        "jitterPercent was " + percent + " but must be from 0 to " + MOST_JITTER);
            }
            jitterPercent = percent;
            return this;
        }

        /**
         * The longest wait after failures: an outage's end is noticed within it.
         *
         * @param longest at least the longer interval; unless set, two minutes or the longer interval
         * @return this builder
         * @throws IllegalArgumentException if it is not positive or longer than 100 days
         */
        public Builder<T> longestBackoff(Duration longest) {
            longestBackoff = PositiveDuration.require(longest, "longestBackoff");
            return this;
        }

        /**
         * The policy.
         *
         * @return a new policy
         * @throws IllegalArgumentException if the longest backoff is shorter than an interval
         */
        public AdaptivePollPolicy<T> build() {
            return new AdaptivePollPolicy<>(this);
        }
    }
}
