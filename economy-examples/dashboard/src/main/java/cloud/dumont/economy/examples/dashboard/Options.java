package cloud.dumont.economy.examples.dashboard;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the command line says. */
final class Options {

    private static final String OWN_DATABASE =
            "jdbc:h2:file:./economy-data/economy;DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0";
    private static final String DEMO_DATABASE = "jdbc:h2:file:./economy-data/demo;DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0";

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "Port to listen on; 0 takes any free one. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDR",
            description = "Address to listen on. Default: loopback, this machine alone")
    private @Nullable String host;

    @Option(
            names = "--db",
            paramLabel = "JDBC_URL",
            description = "Database for the usage. Default: an H2 file in ./economy-data, made at the first start")
    private @Nullable String db;

    @Option(
            names = "--usage",
            paramLabel = "FILE",
            arity = "1..*",
            description = "Usage CSV to take in; its good lines are stored, the others are told")
    private Path[] usage = {};

    @Option(
            names = "--tokens",
            paramLabel = "FILE",
            description = "Who may see what: lines TOKEN ACCOUNT. Default: a new token per account of the usage files;"
                    + " without those either, a demo fleet")
    private @Nullable Path tokens;

    @Option(
            names = "--overlay",
            paramLabel = "FILE",
            description =
                    "CSV of what accounts know better than the price lists: negotiated discounts, own prices, types not to be"
                            + " compared with. A wrong line stops the start")
    private @Nullable Path overlay;

    @Option(
            names = "--allow-host",
            paramLabel = "NAME",
            description =
                    "A name that this host answers under, beside localhost, its addresses and --host; may be repeated")
    private String[] allowHost = {};

    @Option(
            names = "--embed-origin",
            paramLabel = "ORIGIN",
            description =
                    "A site whose pages may embed the widget, such as https://console.example.com; may be repeated")
    private String[] embedOrigin = {};

    @Option(
            names = "--offline",
            description =
                    "Read no price lists over the network. Unless this is given, the lists of AWS, Azure, Oracle, RunPod and"
                            + " Vast.ai are read every six hours, and what they say is kept in the database")
    private boolean offline;

    int port() {
        return port;
    }

    Optional<String> host() {
        return Optional.ofNullable(host);
    }

    List<Path> usage() {
        return List.of(usage);
    }

    Optional<Path> tokens() {
        return Optional.ofNullable(tokens);
    }

    Optional<Path> overlay() {
        return Optional.ofNullable(overlay);
    }

    /** The names that requests may be addressed to. */
    Hosts hosts() {
        return new Hosts(
                Stream.concat(host().stream(), Arrays.stream(allowHost)).toList());
    }

    /**
     * Which sites may embed the widget.
     *
     * @throws StartupException if one is no origin
     */
    Embedding embedding() {
        try {
            return new Embedding(List.of(embedOrigin));
        } catch (IllegalArgumentException e) {
            throw new StartupException(StartupException.USAGE, "--embed-origin: " + e.getMessage(), e);
        }
    }

    boolean offline() {
        return offline;
    }

    boolean demo() {
        return usage.length == 0 && tokens == null;
    }

    /** The demo has a file of its own, so that invented usage never gets among real usage unasked. */
    String databaseUrl() {
        if (db != null) {
            return db;
        }
        return demo() ? DEMO_DATABASE : OWN_DATABASE;
    }
}
