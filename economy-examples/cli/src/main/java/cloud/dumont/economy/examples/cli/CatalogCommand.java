package cloud.dumont.economy.examples.cli;

import java.time.Clock;
import java.time.LocalDate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The care of catalogs: what is in one, whether it agrees with a price file, how one is made, and what changed since another. */
@Command(
        name = "catalog",
        description = "What is in a catalog, and how one is made.",
        mixinStandardHelpOptions = true,
        subcommands = {
            CatalogStatsCommand.class,
            CatalogVerifyCommand.class,
            CatalogImportCommand.class,
            CatalogExportCommand.class,
            CatalogDiffCommand.class,
            CatalogRefreshCommand.class,
            CatalogAcceptCommand.class,
            CatalogRejectCommand.class
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before a command runs
final class CatalogCommand implements Runnable {

    @ParentCommand
    private EconomyCli cli;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "which command? stats, verify, import, export, diff, refresh, accept or reject");
    }

    Output output() {
        return cli.output(spec.commandLine().getOut());
    }

    static LocalDate today() {
        return LocalDate.now(Clock.systemUTC());
    }
}
