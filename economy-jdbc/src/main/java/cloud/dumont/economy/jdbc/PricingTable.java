package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceHistory;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.Provenance;
import cloud.dumont.economy.pricing.source.HeldPrice;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The table {@code provider_pricing}, seen through one connection. */
final class PricingTable {

    private static final String COLUMNS = """
            provider, region, instance_type, purchase_option, nano_usd_per_hour, gpu_model, gpu_count_numerator, \
            gpu_count_denominator, gpu_memory_gib, vcpus, memory_gib, first_seen, seen_until, source, source_path, \
            source_revision, read_on""";

    private static final String SELECT = "SELECT " + COLUMNS + " FROM provider_pricing";

    private static final String INSERT = """
            INSERT INTO provider_pricing (%s, effective_from, effective_until)
            VALUES (:provider, :region, :type, :option, :rate, :gpu, :gpuNumerator, :gpuDenominator, :gpuMemory, :vcpus,
                :memory, :firstSeen, :seenUntil, :source, :path, :revision, :readOn, :from, :until)""".formatted(COLUMNS);

    private static final String SELECT_HELD =
            "SELECT " + COLUMNS + ", reason, held_since, state FROM provider_pricing_held";

    private static final String INSERT_HELD = """
            INSERT INTO provider_pricing_held (%s, reason, held_since, state)
            VALUES (:provider, :region, :type, :option, :rate, :gpu, :gpuNumerator, :gpuDenominator, :gpuMemory, :vcpus,
                :memory, :firstSeen, :seenUntil, :source, :path, :revision, :readOn, :reason, :heldSince, :state)""".formatted(COLUMNS);

    /** As many as the column takes. */
    private static final int LONGEST_REASON = 1000;

    private static final int ROWS_A_BATCH = 1000;

    private final Handle handle;

    PricingTable(Handle handle) {
        this.handle = handle;
    }

    List<PriceRow> read() {
        return handle.createQuery(SELECT).map((row, context) -> row(row)).list();
    }

    List<HeldPrice> readHeld() {
        return handle.createQuery(SELECT_HELD)
                .map((row, context) -> new HeldPrice(
                        row(row),
                        row.getString("reason"),
                        Instant.ofEpochSecond(row.getLong("held_since")),
                        HeldPrice.State.valueOf(row.getString("state"))))
                .list();
    }

    private static PriceRow row(ResultSet row) throws SQLException {
        InstanceSpec spec = new InstanceSpec(
                Provider.of(row.getString("provider")),
                InstanceType.of(row.getString("instance_type")),
                Optional.ofNullable(row.getString("gpu_model")),
                number(row, "gpu_count_numerator")
                        .map(numerator -> new GpuCount(
                                numerator, number(row, "gpu_count_denominator").orElse(1L))),
                Optional.ofNullable(row.getString("gpu_memory_gib")).map(BigDecimal::new),
                number(row, "vcpus").map(Math::toIntExact),
                Optional.ofNullable(row.getString("memory_gib")).map(BigDecimal::new));
        return new PriceRow(
                spec,
                Region.of(row.getString("region")),
                PurchaseOption.parse(row.getString("purchase_option")),
                HourlyRate.ofNanoUsd(row.getLong("nano_usd_per_hour")),
                Instant.ofEpochSecond(row.getLong("first_seen")),
                number(row, "seen_until").map(Instant::ofEpochSecond),
                new Provenance(
                        row.getString("source"),
                        row.getString("source_path"),
                        row.getString("source_revision"),
                        number(row, "read_on").map(LocalDate::ofEpochDay)));
    }

    private static Optional<Long> number(ResultSet row, String column) {
        try {
            long number = row.getLong(column);
            return row.wasNull() ? Optional.empty() : Optional.of(number);
        } catch (SQLException e) {
            throw new IllegalStateException("column " + column + " is not a number", e);
        }
    }

    /** Makes whoever saves a catalog wait for whoever saves another. */
    void lock(Dialect dialect) {
        dialect.lockPrices().forEach(handle::execute);
    }

    void replace(PriceCatalog catalog, List<PriceRow> rows) {
        handle.execute("DELETE FROM provider_pricing");
        for (int first = 0; first < rows.size(); first += ROWS_A_BATCH) {
            PreparedBatch batch = handle.prepareBatch(INSERT);
            rows.subList(first, Math.min(rows.size(), first + ROWS_A_BATCH)).forEach(row -> bind(batch, catalog, row));
            batch.execute();
        }
    }

    void replaceHeld(List<HeldPrice> held) {
        handle.execute("DELETE FROM provider_pricing_held");
        if (held.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch(INSERT_HELD);
        held.forEach(price -> bind(batch, price.row())
                .bind(
                        "reason",
                        price.reason()
                                .substring(
                                        0,
                                        Math.min(LONGEST_REASON, price.reason().length())))
                .bind("heldSince", price.since().getEpochSecond())
                .bind("state", price.state().name())
                .add());
        batch.execute();
    }

    private static void bind(PreparedBatch batch, PriceCatalog catalog, PriceRow row) {
        ListPrice price = listed(catalog.history(row.sku()).orElseThrow(), row);
        bind(batch, row)
                .bind("from", price.effectiveFrom().getEpochSecond())
                .bind("until", orNull(price.effectiveUntil().map(Instant::getEpochSecond)))
                .add();
    }

    private static PreparedBatch bind(PreparedBatch batch, PriceRow row) {
        InstanceSpec spec = row.spec();
        return batch.bind("provider", spec.provider().id())
                .bind("region", row.region().id())
                .bind("type", spec.instanceType().name())
                .bind("option", row.purchaseOption().name())
                .bind("rate", row.rate().nanoUsdPerHour())
                .bind("gpu", spec.gpuModel().orElse(null))
                .bind("gpuNumerator", orNull(spec.gpuCount().map(GpuCount::numerator)))
                .bind("gpuDenominator", orNull(spec.gpuCount().map(GpuCount::denominator)))
                .bind("gpuMemory", orNull(spec.gpuMemoryGib().map(BigDecimal::toPlainString)))
                .bind("vcpus", orNull(spec.vcpus()))
                .bind("memory", orNull(spec.memoryGib().map(BigDecimal::toPlainString)))
                .bind("firstSeen", row.effectiveFrom().getEpochSecond())
                .bind("seenUntil", orNull(row.seenUntil().map(Instant::getEpochSecond)))
                .bind("source", row.provenance().source())
                .bind("path", row.provenance().path())
                .bind("revision", row.provenance().revision())
                .bind("readOn", orNull(row.provenance().readOn().map(LocalDate::toEpochDay)));
    }

    /** The price of a history that a row has become: the one in effect when the row was first seen. */
    private static ListPrice listed(PriceHistory history, PriceRow row) {
        return history.at(row.effectiveFrom());
    }

    private static <T> @Nullable T orNull(Optional<T> value) {
        return value.orElse(null);
    }
}
