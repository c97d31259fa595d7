package cloud.dumont.economy.examples.dashboard;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The program: {@code java -jar economy-dashboard.jar [--port N] [--host ADDR] [--db JDBC_URL] [--usage FILE...] [--tokens FILE]
 * [--overlay FILE]}.
 * It serves until it is told to stop.
 */
@Command(
        name = "economy-dashboard",
        description = "Serves the savings of GPU fleets: a REST API and a live page.",
        footer = {
            "",
            "Exit status: 1 it cannot start (port taken, database, conflicting usage), 2 wrong options or files."
        })
public final class Dashboard implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets both before call()
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this and end")
    @SuppressWarnings("UnusedVariable") // picocli acts on it before call()
    private boolean help;

    @Mixin
    private final Options options = new Options();

    private Dashboard() {}

    /**
     * Starts the program.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        int status = new CommandLine(new Dashboard()).execute(args);
        if (status != 0) {
            System.exit(status);
        }
        // The server's thread keeps the program alive.
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            RunningDashboard running = RunningDashboard.start(options, err);
            Runtime.getRuntime().addShutdownHook(new Thread(running::close, "stop"));
            running.addresses().forEach(out::println);
            out.flush();
            return 0;
        } catch (StartupException e) {
            err.println("economy-dashboard: " + e.getMessage());
            err.flush();
            return e.exitStatus();
        }
    }
}
