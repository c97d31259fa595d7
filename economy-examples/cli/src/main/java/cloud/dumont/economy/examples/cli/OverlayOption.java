package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.source.OverlayCsv;
import cloud.dumont.economy.pricing.source.PriceCsv;
import cloud.dumont.economy.usage.AccountId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What accounts know better than the price list. */
final class OverlayOption {

    @Option(
            names = "--overlay",
            paramLabel = "FILE",
            description = "What accounts know better than the price list: discounts, own prices, exclusions, as CSV.")
    private @Nullable Path overlay;

    boolean isGiven() {
        return overlay != null;
    }

    /**
     * What an account, or {@code *}, knows better.
     *
     * @throws IllegalArgumentException if a line cannot be, or reaches nothing of the price list
     */
    OverlayCsv read(PriceCatalog list, PrintWriter err) throws IOException {
        if (overlay == null) {
            return OverlayCsv.NONE;
        }
        OverlayCsv csv = OverlayCsv.read(overlay, GpuCatalog.bundled());
        refuse(csv.refused(), "refused");
        OverlayCsv.Check check = csv.check(list);
        refuse(check.unmatched(), "reaches nothing");
        check.doubtful().forEach(line -> err.println(words(line, "taken, but look at it")));
        return csv;
    }

    /** Tells which accounts have no usage: where a name is mistyped, the real account goes without its discounts. */
    static void tellStrangers(OverlayCsv csv, Collection<AccountId> accounts, PrintWriter err) {
        Set<String> strangers = new TreeSet<>(csv.overlays().keySet());
        strangers.remove("*");
        accounts.forEach(account -> strangers.remove(account.value()));
        strangers.forEach(account -> err.println(
                "overlay: there is no usage of account '" + account + "'; names count as they are written"));
    }

    private void refuse(List<PriceCsv.Refused> lines, String what) {
        if (!lines.isEmpty()) {
            throw new IllegalArgumentException(
                    lines.stream().map(line -> words(line, what)).collect(Collectors.joining("\n")));
        }
    }

    private String words(PriceCsv.Refused line, String what) {
        return overlay + ":" + line.line() + ": " + what + ": " + line.reason();
    }
}
