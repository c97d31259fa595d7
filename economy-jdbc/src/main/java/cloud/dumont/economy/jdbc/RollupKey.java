package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.HostMatch;
import cloud.dumont.economy.equivalence.Sizing;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.usage.AccountId;
import java.math.BigDecimal;
import java.util.Optional;
import org.jdbi.v3.core.statement.SqlStatement;

/** Whose rollups, against what: the first columns of their tables' keys. */
record RollupKey(AccountId account, Baseline baseline) {

    /** In each statement, so that none reads or writes another account's. */
    static final String CONDITION = "account_id = :account AND provider = :provider AND baseline = :baseline";

    private static final int PARTS = 5;

    static RollupKey of(String account, String provider, String baseline) {
        String[] parts = baseline.split(" ", PARTS);
        return new RollupKey(
                AccountId.of(account),
                new Baseline(
                        Provider.of(provider),
                        parts.length < PARTS ? Optional.empty() : Optional.of(Region.of(parts[4])),
                        PurchaseOption.valueOf(parts[0]),
                        Sizing.valueOf(parts[1]),
                        new BigDecimal(parts[3]),
                        HostMatch.valueOf(parts[2])));
    }

    /** All of a baseline but its provider: equal for equal baselines, different for different ones. */
    static String text(Baseline baseline) {
        return baseline.purchaseOption() + " " + baseline.sizing() + " " + baseline.hostMatch() + " "
                + baseline.discountPercent().toPlainString()
                + baseline.region().map(region -> " " + region.id()).orElse("");
    }

    <T extends SqlStatement<T>> T bindTo(T statement) {
        return statement
                .bind("account", account.value())
                .bind("provider", baseline.provider().id())
                .bind("baseline", text(baseline));
    }
}
