package cloud.dumont.economy.examples.cli;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The care of rollups: what usage came to by hour and by day, kept beside the usage in a database. */
@Command(
        name = "history",
        description = "Makes and checks what a database keeps of usage by hour and by day.",
        mixinStandardHelpOptions = true,
        subcommands = {HistoryRollupCommand.class, HistoryVerifyCommand.class})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before a command runs
final class HistoryCommand implements Runnable {

    @ParentCommand
    private EconomyCli cli;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? rollup or verify");
    }

    Output output() {
        return cli.output(spec.commandLine().getOut());
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** A pool on a database; nothing is migrated. */
    static HikariDataSource open(String jdbcUrl) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }
}
