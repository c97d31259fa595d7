package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.UsageConflictException;
import cloud.dumont.economy.usage.UsageCsv;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the usage files of the command line tell. */
final class UsageFiles {

    private final UsageCsv usage;

    private UsageFiles(UsageCsv usage) {
        this.usage = usage;
    }

    /**
     * Reads the files and tells what they say that cannot be.
     *
     * @throws StartupException if one cannot be read, or is no usage CSV
     */
    static UsageFiles read(List<Path> files, PrintWriter err) {
        UsageCsv usage;
        try {
            usage = UsageCsv.read(files);
        } catch (IOException e) {
            throw new StartupException(StartupException.USAGE, "usage file cannot be read: " + e, e);
        } catch (IllegalArgumentException e) {
            throw new StartupException(StartupException.USAGE, String.valueOf(e.getMessage()), e);
        }
        for (UsageCsv.Refused line : usage.refused()) {
            err.println(line.file() + " line " + line.line() + " is refused: " + line.reason());
        }
        return new UsageFiles(usage);
    }

    SortedSet<AccountId> accounts() {
        return usage.intervals().stream()
                .map(interval -> interval.instance().account())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Stores the good lines, all or none. What an earlier start stored already changes nothing.
     *
     * @throws StartupException if they disagree with what is stored
     */
    void storeIn(HistoryStore history) {
        try {
            history.append(usage.intervals());
        } catch (UsageConflictException e) {
            throw new StartupException(
                    StartupException.FAILED,
                    "the usage files disagree with the database, so none of their lines was stored; " + e.getMessage(),
                    e);
        }
    }
}
