package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.jdbc.JdbcHistoryStore;
import cloud.dumont.economy.jdbc.JdbcRollups;
import cloud.dumont.economy.jdbc.RollupProgress;
import cloud.dumont.economy.jdbc.RollupStatus;
import cloud.dumont.economy.jdbc.SchemaMigrator;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.source.OverlayCsv;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.usage.AccountId;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Makes the rollups of every account against one baseline, or brings them up to date. */
@Command(
        name = "rollup",
        description = "Makes the rollups of every account, or brings them up to date.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class HistoryRollupCommand implements Callable<Integer> {

    @ParentCommand
    private HistoryCommand parent;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BaselineOptions options;

    @Option(
            names = "--db",
            required = true,
            paramLabel = "JDBC_URL",
            description = "The database; its schema is made or migrated.")
    private String db;

    @Option(
            names = "--until",
            paramLabel = "INSTANT",
            description = "The hour that holds this moment lasts; now unless given.")
    private @Nullable Instant until;

    @Option(names = "--rebuild", description = "Make them anew, even if nothing has changed.")
    private boolean rebuild;

    @Override
    public Integer call() throws IOException {
        PriceCatalog catalog = options.catalog();
        OverlayCsv overlays = options.overlays(catalog, spec.commandLine().getErr());
        Instant now = until == null ? Clock.systemUTC().instant() : until;
        try (HikariDataSource pool = HistoryCommand.open(db)) {
            SchemaMigrator.of(pool).migrate();
            JdbcHistoryStore store = JdbcHistoryStore.create(pool);
            JdbcRollups rollups = JdbcRollups.create(
                    pool,
                    SavingsCalculator.builder(store, () -> catalog)
                            .overlays(account -> overlays.of(account.value()))
                            .build());
            OverlayOption.tellStrangers(
                    overlays, store.accounts(), spec.commandLine().getErr());
            for (AccountId account : store.accounts()) {
                if (rebuild) {
                    rollups.rebuild(account, options.baseline(), now, progress(account));
                } else {
                    rollups.refresh(account, options.baseline(), now, progress(account));
                }
            }
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put(
                    "rollups",
                    rollups.statuses().stream()
                            .filter(status -> status.baseline().equals(options.baseline()))
                            .map(HistoryRollupCommand::fields)
                            .toList());
            parent.output().print(answer);
        }
        return 0;
    }

    private static Map<String, Object> fields(RollupStatus status) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("account", status.account().value());
        fields.put("provider", status.baseline().provider().id());
        fields.put("closed_until", status.closedUntil().toString());
        fields.put("savings", Output.plain(status.savings().toUsd()));
        fields.put("catalog_version", status.catalogVersion());
        return fields;
    }

    private RollupProgress progress(AccountId account) {
        return (done, total) -> {
            if (Ansi.AUTO.enabled()) { // a terminal, as far as anybody can tell
                parent.err().print("\r" + account + ": " + done + " of " + total + " hours");
                if (done == total) {
                    parent.err().println();
                }
                parent.err().flush();
            }
        };
    }
}
