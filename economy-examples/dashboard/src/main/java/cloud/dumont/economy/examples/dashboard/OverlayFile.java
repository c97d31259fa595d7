package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceOverlay;
import cloud.dumont.economy.pricing.source.OverlayCsv;
import cloud.dumont.economy.usage.AccountId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What accounts know better than the price list, by the file of the command line. Unlike usage it counts as a whole or not at all: with a
 * discount left out, every figure would claim too much and look right.
 */
final class OverlayFile {

    private static final String EVERYBODY = "*";

    private final String name;
    private final OverlayCsv rules;

    private OverlayFile(String name, OverlayCsv rules) {
        this.name = name;
        this.rules = rules;
    }

    /**
     * Reads the file, if there is one.
     *
     * @throws StartupException if it cannot be read, or a line is wrong
     */
    static OverlayFile read(Optional<Path> file) {
        if (file.isEmpty()) {
            return new OverlayFile("", OverlayCsv.NONE);
        }
        String name = file.get().toString();
        OverlayCsv rules;
        try {
            rules = OverlayCsv.read(file.get(), GpuCatalog.bundled());
        } catch (IOException e) {
            throw new StartupException(StartupException.USAGE, "overlay file cannot be read: " + e, e);
        } catch (IllegalArgumentException e) {
            throw new StartupException(StartupException.USAGE, String.valueOf(e.getMessage()), e);
        }
        if (!rules.refused().isEmpty()) {
            throw new StartupException(
                    StartupException.USAGE,
                    rules.refused().stream()
                            .map(line -> name + " line " + line.line() + ": " + line.reason())
                            .collect(Collectors.joining(System.lineSeparator())));
        }
        return new OverlayFile(name, rules);
    }

    PriceOverlay of(AccountId account) {
        return rules.of(account.value());
    }

    /** Tells which accounts nobody asks for here: where a name is mistyped, the real account goes without its discounts. */
    void tellStrangers(Set<AccountId> known, PrintWriter err) {
        Set<String> strangers = new TreeSet<>(rules.overlays().keySet());
        strangers.remove(EVERYBODY);
        known.forEach(account -> strangers.remove(account.value()));
        strangers.forEach(account -> err.println(name + ": nobody has a token for account '" + account + "'"));
    }

    /**
     * Holds it against the prices, and tells which of its own prices should be looked at.
     *
     * @throws StartupException if a price in it contradicts them, or a line reaches nothing that is on sale
     */
    void check(PriceCatalog list, PrintWriter err) {
        OverlayCsv.Check check;
        try {
            check = rules.check(list);
        } catch (IllegalArgumentException e) {
            throw new StartupException(StartupException.USAGE, name + ": " + e.getMessage(), e);
        }
        if (!check.unmatched().isEmpty()) {
            throw new StartupException(
                    StartupException.USAGE,
                    check.unmatched().stream()
                            .map(line -> name + " line " + line.line() + " reaches nothing: " + line.reason())
                            .collect(Collectors.joining(System.lineSeparator())));
        }
        check.doubtful()
                .forEach(line ->
                        err.println(name + " line " + line.line() + " counts, but look at it: " + line.reason()));
    }
}
