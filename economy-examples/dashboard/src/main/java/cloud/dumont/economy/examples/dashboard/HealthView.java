package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.EconomyHealth;
import cloud.dumont.economy.EconomyHealth.Status;
import cloud.dumont.economy.polling.PollStatus;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the host stands, for everybody who asks: what is old or down, and no word on why, which the log has.
 *
 * @param success whether figures can be given
 * @param status {@code up}, {@code degraded} or {@code down}
 */
record HealthView(boolean success, String status, List<Source> polling, Prices prices, History history) {

    record Source(
            String source,
            String state,
            @Nullable String lastSuccess,
            boolean stale,
            int consecutiveFailures,
            @Nullable String nextDue) {

        static Source of(PollStatus status) {
            return new Source(
                    status.name(),
                    status.state().name().toLowerCase(Locale.ROOT),
                    text(status.lastSuccess()),
                    status.stale(),
                    status.consecutiveFailures(),
                    text(status.nextDue()));
        }
    }

    record Prices(
            @Nullable String version,
            @Nullable String newestReadOn,
            @Nullable String loadedAt,
            boolean failing) {}

    record History(boolean reachable) {}

    static HealthView of(EconomyHealth health) {
        return new HealthView(
                health.status() != Status.DOWN,
                health.status().name().toLowerCase(Locale.ROOT),
                health.polling().stream().map(Source::of).toList(),
                new Prices(
                        health.prices().version().orElse(null),
                        health.prices().newestReadOn().map(LocalDate::toString).orElse(null),
                        text(health.prices().loadedAt()),
                        health.prices().lastFailure().isPresent()),
                new History(health.history().reachable()));
    }

    private static @Nullable String text(Optional<Instant> moment) {
        return moment.map(Instant::toString).orElse(null);
    }
}
