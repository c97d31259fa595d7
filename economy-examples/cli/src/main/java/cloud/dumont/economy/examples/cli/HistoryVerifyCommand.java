package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.jdbc.JdbcHistoryStore;
import cloud.dumont.economy.jdbc.JdbcRollups;
import cloud.dumont.economy.jdbc.RollupCheck;
import cloud.dumont.economy.jdbc.RollupStatus;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.source.OverlayCsv;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.savings.UsageSums;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Holds all rollups of a database against a recomputation. */
@Command(
        name = "verify",
        description = "Recomputes what a database keeps by hour and by day, and names every bucket that differs.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class HistoryVerifyCommand implements Callable<Integer> {

    @ParentCommand
    private HistoryCommand parent;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CatalogOption catalogOption;

    @Mixin
    private OverlayOption overlay;

    @Option(
            names = "--db",
            required = true,
            paramLabel = "JDBC_URL",
            description = "The database; nothing in it is changed.")
    private String db;

    @Override
    public Integer call() throws IOException {
        PriceCatalog catalog = catalogOption.load();
        OverlayCsv overlays = overlay.read(catalog, spec.commandLine().getErr());
        int checked = 0;
        List<Map<String, Object>> differences = new ArrayList<>();
        List<Map<String, Object>> outdated = new ArrayList<>();
        boolean agree = true;
        try (HikariDataSource pool = HistoryCommand.open(db)) {
            JdbcRollups rollups = JdbcRollups.create(
                    pool,
                    SavingsCalculator.builder(JdbcHistoryStore.create(pool), () -> catalog)
                            .overlays(account -> overlays.of(account.value()))
                            .build());
            for (RollupStatus status : rollups.statuses()) {
                Optional<RollupCheck> check = rollups.verify(status.account(), status.baseline());
                if (check.isEmpty()) {
                    continue;
                }
                checked += check.get().checked();
                agree &= check.get().agrees();
                if (check.get().isCurrent()) {
                    addDifferences(check.get(), differences);
                } else {
                    outdated.add(outdated(check.get()));
                }
            }
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("agree", agree);
        answer.put("checked", checked);
        answer.put("differences", differences);
        answer.put("outdated", outdated);
        parent.output().print(answer);
        return agree ? 0 : EconomyCli.REFUSED;
    }

    private static void addDifferences(RollupCheck check, List<Map<String, Object>> differences) {
        for (RollupCheck.Difference difference : check.differences()) {
            Map<String, Object> fields = whose(check.rollups());
            fields.put(
                    "granularity",
                    difference.granularity().map(Granularity::name).orElse("LIFETIME"));
            fields.put(
                    "bucket",
                    difference.granularity().isPresent() ? difference.start().toString() : "all");
            fields.put("gpu", difference.gpuName());
            fields.put("tier", difference.tier().name());
            fields.put("stored", fields(difference.stored()));
            fields.put("recomputed", fields(difference.recomputed()));
            differences.add(fields);
        }
        if (!check.rollups().savings().equals(check.recomputedSavings())) {
            Map<String, Object> fields = whose(check.rollups());
            fields.put("bucket", "all");
            fields.put(
                    "stored", Map.of("savings_quanta", check.rollups().savings().toQuanta()));
            fields.put(
                    "recomputed",
                    Map.of("savings_quanta", check.recomputedSavings().toQuanta()));
            differences.add(fields);
        }
    }

    private static Map<String, Object> outdated(RollupCheck check) {
        Map<String, Object> fields = whose(check.rollups());
        fields.put("catalog_version", check.rollups().catalogVersion());
        fields.put("recomputed_under", check.recomputedCatalogVersion());
        return fields;
    }

    private static Map<String, Object> whose(RollupStatus status) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("account", status.account().value());
        fields.put("provider", status.baseline().provider().id());
        fields.put("baseline", status.baseline().toString());
        return fields;
    }

    /** In quanta: what differs by one would look the same in dollars. */
    private static Map<String, Object> fields(UsageSums sums) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("seconds", sums.seconds());
        fields.put("inferred_seconds", sums.inferredSeconds());
        fields.put("idle_seconds", sums.idleSeconds());
        fields.put("before_first_price_seconds", sums.beforeFirstPriceSeconds());
        fields.put("effective_quanta", sums.effectiveCost().toQuanta());
        fields.put("equivalent_quanta", sums.equivalentCost().toQuanta());
        fields.put("idle_quanta", sums.idleCost().toQuanta());
        return fields;
    }
}
