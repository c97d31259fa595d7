package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.jdbc.JdbcHistoryStore;
import cloud.dumont.economy.jdbc.SchemaMigrator;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.source.OverlayCsv;
import cloud.dumont.economy.savings.BatchReplay;
import cloud.dumont.economy.savings.Breakdown;
import cloud.dumont.economy.savings.Dimension;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.savings.SavingsTotals;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.GapPolicy;
import cloud.dumont.economy.usage.UsageColumns;
import cloud.dumont.economy.usage.UsageCsv;
import cloud.dumont.economy.usage.UsageInterval;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Prices usage files against a baseline. */
@Command(name = "replay", description = "What usage files saved against a provider.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class ReplayCommand implements Callable<Integer> {

    private enum By {
        ACCOUNT(Dimension.ACCOUNT),
        GPU(Dimension.GPU),
        INSTANCE(Dimension.INSTANCE),
        DAY(Dimension.ACCOUNT); // its total is that of any dimension

        private final Dimension dimension;

        By(Dimension dimension) {
            this.dimension = dimension;
        }
    }

    @ParentCommand
    private EconomyCli cli;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BaselineOptions options;

    @Mixin
    private UsageOptions usage;

    @Option(names = "--strict", description = "Exit with 4 if a line was refused.")
    private boolean strict;

    @Option(names = "--by", defaultValue = "GPU", description = "Groups: ${COMPLETION-CANDIDATES}; GPU unless given.")
    private By by;

    @Option(
            names = "--db",
            paramLabel = "JDBC_URL",
            description = "Keep the usage in this database; in memory unless given.")
    private @Nullable String db;

    @Override
    public Integer call() throws IOException {
        UsageCsv csv = usage.read();
        if (db == null) {
            return replay(UsageOptions.inMemory(csv), csv);
        }
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(db);
            SchemaMigrator.of(pool).migrate();
            HistoryStore store = JdbcHistoryStore.create(pool);
            store.append(csv.intervals());
            return replay(store, csv);
        }
    }

    private int replay(HistoryStore store, UsageCsv csv) throws IOException {
        SortedSet<AccountId> accounts = csv.intervals().stream()
                .map(interval -> interval.instance().account())
                .collect(Collectors.toCollection(TreeSet::new));
        Instant end = usage.until();
        PriceCatalog catalog = options.catalog();
        OverlayCsv overlays = options.overlays(catalog, spec.commandLine().getErr());
        OverlayOption.tellStrangers(overlays, accounts, spec.commandLine().getErr());
        SavingsCalculator calculator = SavingsCalculator.builder(store, () -> catalog)
                .overlays(account -> overlays.of(account.value()))
                .build();
        Breakdown replayed = options.hasOverlay()
                ? calculator.breakdown(accounts, options.baseline(), end, by.dimension)
                : inColumns(store, accounts, catalog, end);
        Breakdown breakdown = by == By.DAY
                ? new Breakdown(days(calculator, accounts, csv, end), replayed.total(), replayed.observedUntil())
                : replayed;

        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("provider", options.baseline().provider().id());
        answer.put("until", end.toString());
        answer.put(
                "groups",
                breakdown.groups().stream()
                        .map(group -> {
                            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                            fields.put("key", group.name());
                            fields.putAll(fields(group.totals()));
                            return fields;
                        })
                        .toList());
        answer.put("totals", fields(breakdown.total()));
        answer.put(
                "refused",
                csv.refused().stream()
                        .map(line ->
                                Map.of("file", line.file().toString(), "line", line.line(), "reason", line.reason()))
                        .toList());
        cli.output(spec.commandLine().getOut()).print(answer, out -> table(out, breakdown));
        UsageOptions.tellRefused(csv, spec.commandLine().getErr());
        return strict && !csv.refused().isEmpty() ? EconomyCli.REFUSED : 0;
    }

    /** Of all accounts over one catalog: by far the fastest way. */
    private Breakdown inColumns(HistoryStore store, SortedSet<AccountId> accounts, PriceCatalog catalog, Instant end) {
        UsageColumns.Builder columns = UsageColumns.builder();
        accounts.forEach(account ->
                store.usage(account).at(end, GapPolicy.STANDARD).timelines().forEach(columns::add));
        return BatchReplay.create(
                        catalog,
                        GpuCatalog.bundled(),
                        EquivalencePolicy.standard(GpuCatalog.bundled()),
                        options.baseline())
                .breakdown(columns.build(), end, by.dimension, ForkJoinPool.commonPool());
    }

    /** UTC days with usage. */
    private List<Breakdown.Group> days(
            SavingsCalculator calculator, SortedSet<AccountId> accounts, UsageCsv csv, Instant end) {
        Optional<Instant> start =
                csv.intervals().stream().map(UsageInterval::start).min(Comparator.naturalOrder());
        if (start.filter(first -> first.isBefore(end)).isEmpty()) {
            return List.of();
        }
        return calculator
                .history(accounts, options.baseline(), start.get(), end, Granularity.DAY, ZoneOffset.UTC)
                .stream()
                .filter(day -> day.totals().billableSeconds() > 0)
                .map(day -> new Breakdown.Group(
                        day.start().atOffset(ZoneOffset.UTC).toLocalDate().toString(), day.totals()))
                .toList();
    }

    private static Map<String, @Nullable Object> fields(SavingsTotals totals) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("instances", totals.instances());
        fields.put("billable_hours", Output.plain(totals.billableHours()));
        fields.put("gpu_hours", Output.plain(totals.gpuHours()));
        fields.put("effective_cost", usd(totals.effectiveCost()));
        fields.put("equivalent_cost", usd(totals.equivalentCost()));
        fields.put("savings", usd(totals.savings()));
        fields.put(
                "savings_percentage",
                totals.savingsPercentage().map(Output::plain).orElse(null));
        fields.put("coverage", totals.coverage().map(Output::plain).orElse(null));
        fields.put("unpriced_instances", totals.unpricedInstances());
        fields.put("uncompared_cost", usd(totals.uncomparedCost()));
        Map<String, Object> tiers = new LinkedHashMap<>();
        for (Tier tier : List.of(Tier.LIKE_FOR_LIKE, Tier.SAME_GPU, Tier.NEAREST)) {
            tiers.put(tier.name(), usd(totals.tier(tier).equivalentCost()));
        }
        fields.put("tiers", tiers);
        return fields;
    }

    private static BigDecimal usd(Amount amount) {
        return Output.plain(amount.toUsd());
    }

    private static void table(PrintWriter out, Breakdown breakdown) {
        out.printf(
                Locale.ROOT,
                "%-32s %9s %16s %16s %16s %9s %9s%n",
                "",
                "instances",
                "hours",
                "paid USD",
                "elsewhere USD",
                "saved",
                "coverage");
        breakdown.groups().forEach(group -> row(out, group.name(), group.totals()));
        row(out, "total", breakdown.total());
    }

    private static void row(PrintWriter out, String name, SavingsTotals totals) {
        out.printf(
                Locale.ROOT,
                "%-32s %9d %16s %16s %16s %9s %9s%n",
                name,
                totals.instances(),
                totals.billableHours().setScale(2, RoundingMode.HALF_EVEN),
                totals.effectiveCost().toUsd(2, RoundingMode.HALF_EVEN),
                totals.equivalentCost().toUsd(2, RoundingMode.HALF_EVEN),
                totals.savingsPercentage()
                        .map(percent -> percent.setScale(2, RoundingMode.HALF_EVEN) + "%")
                        .orElse("-"),
                totals.coverage()
                        .map(part -> part.setScale(4, RoundingMode.HALF_EVEN).toString())
                        .orElse("-"));
    }
}
