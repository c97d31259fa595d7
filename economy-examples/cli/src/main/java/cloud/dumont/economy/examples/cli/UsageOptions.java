package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.usage.UsageCsv;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which usage a command speaks of, and up to when. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields before they are read
final class UsageOptions {

    @Option(names = "--usage", required = true, arity = "1..*", paramLabel = "FILE", description = "Usage CSV files.")
    private List<Path> files;

    @Option(names = "--until", paramLabel = "INSTANT", description = "Up to when; now unless given.")
    private @Nullable Instant until;

    UsageCsv read() throws IOException {
        return UsageCsv.read(files);
    }

    Instant until() {
        return until != null ? until : Clock.systemUTC().instant();
    }

    static InMemoryHistoryStore inMemory(UsageCsv csv) {
        InMemoryHistoryStore store = new InMemoryHistoryStore();
        store.append(csv.intervals());
        return store;
    }

    static void tellRefused(UsageCsv csv, PrintWriter err) {
        csv.refused().forEach(line -> err.println(line.file() + ":" + line.line() + ": refused: " + line.reason()));
    }
}
