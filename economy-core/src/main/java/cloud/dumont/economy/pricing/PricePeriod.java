package cloud.dumont.economy.pricing;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.Sku;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A price of a SKU while a catalog is made: first as it was seen, then as it follows the price before.
 *
 * @param nanoUsdPerHour the price
 * @param from since when it counts
 * @param seenUntil until when it is known to have been in effect
 * @param isSeen whether its source shows only what is in effect as it is read
 * @param windowSeconds as {@link PriceColumns#window} has it
 * @param provenance where it was read and when
 * @param trust what that source deserves to be believed
 */
record PricePeriod(
        long nanoUsdPerHour,
        Instant from,
        Instant seenUntil,
        boolean isSeen,
        int windowSeconds,
        Provenance provenance,
        Trust trust) {

    static PricePeriod of(PriceRow row, Trust trust) {
        Instant from = row.effectiveFrom().truncatedTo(ChronoUnit.SECONDS);
        return new PricePeriod(
                row.rate().nanoUsdPerHour(),
                from,
                row.seenUntil()
                        .orElseGet(() -> readUntil(row.provenance())
                                .filter(from::isBefore)
                                .orElse(from)),
                row.seenUntil().isPresent(),
                0,
                row.provenance(),
                trust);
    }

    /** The end of the last day a price was read. */
    static Optional<Instant> readUntil(Provenance provenance) {
        return provenance
                .readOn()
                .map(day -> day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    boolean isUndated() {
        return provenance.readOn().isEmpty();
    }

    String inWords() {
        return HourlyRate.ofNanoUsd(nanoUsdPerHour) + " from " + from
                + (seenUntil.isAfter(from) ? " until " + seenUntil : "") + " (" + provenance + ")";
    }

    /** The same price since the same moment, seen in two places. */
    PricePeriod seenAgain(Sku sku, PricePeriod other) {
        if (other.nanoUsdPerHour != nanoUsdPerHour) {
            throw new IllegalArgumentException(
                    sku + " has two prices from " + from + ": " + inWords() + " and " + other.inWords());
        }
        return until(other);
    }

    /** The same price, which was seen once more: it is as old as it was, and as fresh as the later sighting. */
    PricePeriod until(PricePeriod later) {
        boolean isNewer = !later.readOn().isBefore(readOn());
        return new PricePeriod(
                nanoUsdPerHour,
                from,
                later.seenUntil.isAfter(seenUntil) ? later.seenUntil : seenUntil,
                isSeen,
                windowSeconds,
                isNewer ? later.provenance : provenance,
                isNewer ? later.trust : trust);
    }

    private LocalDate readOn() {
        return provenance.readOn().orElse(LocalDate.MIN);
    }

    /** Where nobody saw when this price took the place of the one before, the lower of the two counts in between. */
    PricePeriod after(PricePeriod before) {
        Instant lastSeen = before.seenUntil.truncatedTo(ChronoUnit.SECONDS);
        if (!isSeen || !lastSeen.isBefore(from)) {
            return this;
        }
        int gap = Math.toIntExact(Duration.between(lastSeen, from).toSeconds());
        boolean fell = nanoUsdPerHour < before.nanoUsdPerHour;
        return new PricePeriod(
                nanoUsdPerHour, fell ? lastSeen : from, seenUntil, true, fell ? gap : -gap, provenance, trust);
    }

    /** What a machine and some parts cost together, from when on both prices are known; both lists are oldest first. */
    static List<PricePeriod> sum(List<PricePeriod> machine, List<PricePeriod> part, int count) {
        SortedSet<Instant> changes = new TreeSet<>();
        machine.forEach(period -> changes.add(period.from()));
        part.forEach(period -> changes.add(period.from()));
        List<PricePeriod> sums = new ArrayList<>();
        for (Instant change : changes) {
            Optional<PricePeriod> ofMachine = at(machine, change);
            Optional<PricePeriod> ofPart = at(part, change);
            if (ofMachine.isPresent() && ofPart.isPresent()) {
                sums.add(ofMachine.get().plus(ofPart.get(), count, change));
            }
        }
        return sums;
    }

    private static Optional<PricePeriod> at(List<PricePeriod> oldestFirst, Instant moment) {
        return oldestFirst.stream()
                .filter(period -> !period.from.isAfter(moment))
                .reduce((earlier, later) -> later);
    }

    private PricePeriod plus(PricePeriod part, int count, Instant change) {
        Provenance theirs = part.provenance;
        return new PricePeriod(
                Math.addExact(nanoUsdPerHour, Math.multiplyExact(count, part.nanoUsdPerHour)),
                change,
                seenUntil.isBefore(part.seenUntil) ? seenUntil : part.seenUntil,
                isSeen || part.isSeen,
                from.equals(change) ? windowSeconds : part.windowSeconds,
                new Provenance(
                        both(provenance.source(), theirs.source()),
                        both(provenance.path(), theirs.path()),
                        both(provenance.revision(), theirs.revision()),
                        provenance
                                .readOn()
                                .flatMap(mine -> theirs.readOn().map(day -> mine.isBefore(day) ? mine : day))),
                trust.compareTo(part.trust) > 0 ? trust : part.trust);
    }

    private static String both(String machine, String part) {
        return Objects.equals(machine, part) ? machine : machine + " + " + part;
    }
}
