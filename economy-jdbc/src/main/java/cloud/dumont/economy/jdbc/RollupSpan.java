package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.Granularity;
import java.util.Optional;

/** How much time a row of {@code savings_history} speaks of. */
enum RollupSpan {
    HOUR,
    DAY,
    /** All closed hours. So a question about all of them reads a row per GPU and tier, however many years they are. */
    LIFETIME;

    /** Empty for all time. */
    Optional<Granularity> granularity() {
        return switch (this) {
            case HOUR -> Optional.of(Granularity.HOUR);
            case DAY -> Optional.of(Granularity.DAY);
            case LIFETIME -> Optional.empty();
        };
    }
}
