package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.usage.AccountId;
import java.time.Instant;

/**
 * How far the rollups of an account are.
 *
 * @param account whose
 * @param baseline compared with what
 * @param closedUntil up to which hour they go
 * @param catalogVersion version of the price catalog that they rest on
 * @param policy under which rules they were made
 * @param savings of all hours up to there
 */
public record RollupStatus(
        AccountId account,
        Baseline baseline,
        Instant closedUntil,
        String catalogVersion,
        String policy,
        Amount savings) {

    static RollupStatus of(RollupKey key, RollupState.Kept kept) {
        return new RollupStatus(
                key.account(),
                key.baseline(),
                Instant.ofEpochSecond(kept.state().closedUntil()),
                kept.state().catalogVersion(),
                kept.state().policy(),
                kept.savings());
    }
}
