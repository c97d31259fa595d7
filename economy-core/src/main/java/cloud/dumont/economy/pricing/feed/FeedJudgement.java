package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.pricing.ChangeWindow;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.Offer;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceHistory;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.Provenance;
import cloud.dumont.economy.pricing.source.HeldPrice;
import cloud.dumont.economy.pricing.source.KeptPrices;
import cloud.dumont.economy.pricing.source.PriceCsv;
import cloud.dumont.economy.pricing.source.PriceImport;
import cloud.dumont.economy.provider.Sku;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Decides what of a feed's prices is to count, beside what is known. Made for one reading; {@link #apply} may be called again if another host
 * changed the store meanwhile.
 */
final class FeedJudgement {

    private final String feed;
    private final List<FeedPart> parts;
    private final GpuCatalog gpus;
    private final Instant now;
    private final LocalDate today;
    private final Duration confirmedAfter;

    // What the last call of apply found.
    private Map<String, Long> left = Map.of();
    private List<HeldPrice> held = List.of();
    private List<String> refused = List.of();
    private List<String> vanished = List.of();
    private long added;
    private long changed;
    private long unchanged;

    FeedJudgement(String feed, List<FeedPart> parts, GpuCatalog gpus, Instant now, Duration confirmedAfter) {
        this.feed = feed;
        this.parts = parts;
        this.gpus = gpus;
        this.now = now.truncatedTo(ChronoUnit.SECONDS); // as catalogs keep it
        this.today = this.now.atOffset(ZoneOffset.UTC).toLocalDate();
        this.confirmedAfter = confirmedAfter;
    }

    void nothingRead(List<HeldPrice> before) {
        held = before;
    }

    /** What is kept after this reading. */
    KeptPrices apply(KeptPrices before) {
        PriceCatalog known = before.catalog();
        Map<String, Long> leftNow = new TreeMap<>();
        List<PriceRow> doubtful = new ArrayList<>();
        List<PriceRow> confirmed = new ArrayList<>();
        Map<Sku, HeldPrice> waiting = new LinkedHashMap<>();
        before.held().forEach(price -> waiting.put(price.row().sku(), price));
        added = 0;
        changed = 0;
        unchanged = 0;
        for (FeedPrice price : whole(known, leftNow)) {
            PriceRow row = known.spelledAsHere(row(price, known));
            HeldPrice same = waiting.get(row.sku());
            if (same == null || !same.isSameAs(row)) {
                doubtful.add(row);
            } else if (same.state() == HeldPrice.State.REJECTED) {
                leftNow.merge("rejected before", 1L, Long::sum);
            } else if (isConfirmed(same)) {
                confirmed.add(since(row, same.row().effectiveFrom()));
            }
        }
        PriceImport.Result judged = imported(known, doubtful, PriceImport.Absurd.HELD);
        List<PriceImport.Result> results = confirmed.isEmpty()
                ? List.of(judged)
                : List.of(judged, imported(judged.catalog(), confirmed, PriceImport.Absurd.CONFIRMED));
        Map<Long, String> heldLines = new HashMap<>();
        judged.held().forEach(note -> heldLines.put(note.line(), note.reason()));
        Set<Long> refusedLines = new HashSet<>();
        judged.refused().forEach(note -> refusedLines.add(note.line()));
        judged.leftOut().forEach(note -> {
            refusedLines.add(note.line());
            leftNow.merge(note.reason(), 1L, Long::sum);
        });
        for (int i = 0; i < doubtful.size(); i++) {
            PriceRow row = doubtful.get(i);
            String reason = heldLines.get(i + 1L);
            if (reason != null) {
                waiting.put(row.sku(), new HeldPrice(row, reason, now, HeldPrice.State.WAITING));
            } else if (!refusedLines.contains(i + 1L)) {
                waiting.remove(row.sku()); // a good price ends the wait of a bad one
                count(row, known);
            }
        }
        confirmed.forEach(row -> {
            waiting.remove(row.sku());
            count(row, known);
        });
        left = leftNow;
        vanished = judged.vanished();
        held = List.copyOf(waiting.values());
        refused = results.stream()
                .flatMap(result -> result.refused().stream())
                .map(PriceImport.Note::reason)
                .toList();
        return new KeptPrices(results.get(results.size() - 1).catalog(), held);
    }

    private boolean isConfirmed(HeldPrice same) {
        return !now.isBefore(same.since().plus(confirmedAfter)) && now.isAfter(same.since());
    }

    private PriceImport.Result imported(PriceCatalog known, List<PriceRow> rows, PriceImport.Absurd absurd) {
        return new PriceImport(known, gpus, today, PriceCsv.Undated.REFUSED)
                .rows(Path.of(feed), rows)
                .finish(absurd);
    }

    private void count(PriceRow row, PriceCatalog known) {
        Optional<PriceHistory> history = known.history(row.sku());
        if (history.isEmpty()) {
            added++;
        } else if (history.get().latest().rate().equals(row.rate())) {
            unchanged++;
        } else {
            changed++;
        }
    }

    /**
     * The prices of those places whose list is no stump of what this source had there before: half of it gone is a fault of the list, not of the
     * market.
     */
    private List<FeedPrice> whole(PriceCatalog known, Map<String, Long> leftNow) {
        Map<FeedPrice.Place, List<FeedPrice>> places = new LinkedHashMap<>();
        parts.forEach(part -> part.prices()
                .forEach(price -> places.computeIfAbsent(price.place(), place -> new ArrayList<>())
                        .add(price)));
        List<FeedPrice> whole = new ArrayList<>();
        places.forEach((place, prices) -> {
            String source = prices.get(0).source();
            long before = known.providers().contains(place.provider())
                    ? known.offers(place.provider())
                            .filter(offer -> offer.sku().region().equals(place.region()))
                            .filter(offer -> isOf(source, offer))
                            .count()
                    : 0;
            if (prices.size() * 2L < before) {
                leftNow.merge("of a place of which more than half is missing", (long) prices.size(), Long::sum);
            } else {
                whole.addAll(prices);
            }
        });
        return whole;
    }

    private static boolean isOf(String source, Offer offer) {
        return offer.history().latest().provenance().source().equals(source);
    }

    /**
     * A price as the catalog takes it. The date that a feed gives is believed where it is news: of a SKU without a price, or if it lies behind the
     * last day on which another price was seen. Else the price counts from when it was read: what is known of the past is not rewritten.
     */
    private PriceRow row(FeedPrice price, PriceCatalog known) {
        Provenance provenance = new Provenance(price.source(), price.path(), price.revision(), today);
        Optional<ListPrice> latest = known.history(price.sku()).map(PriceHistory::latest);
        Optional<Instant> since = price.since()
                .map(instant -> instant.truncatedTo(ChronoUnit.SECONDS))
                .filter(instant -> !instant.isAfter(now))
                .filter(instant -> latest.map(
                                last -> isBehind(instant, last) && !last.rate().equals(price.rate()))
                        .orElse(true));
        if (since.isPresent()) {
            return new PriceRow(price.spec(), price.region(), price.option(), price.rate(), since.get(), provenance);
        }
        Instant from = latest.filter(last -> !last.rate().equals(price.rate()))
                .map(last -> firstSeen(last).plusSeconds(1)) // one moment has one price, whatever the clock does
                .filter(now::isBefore)
                .orElse(now);
        Instant endOfToday = today.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        return new PriceRow(
                price.spec(),
                price.region(),
                price.option(),
                price.rate(),
                from,
                Optional.of(from.isAfter(endOfToday) ? from : endOfToday),
                provenance);
    }

    private static Instant firstSeen(ListPrice price) {
        return price.window().map(ChangeWindow::until).orElse(price.effectiveFrom());
    }

    private static boolean isBehind(Instant instant, ListPrice last) {
        Instant seen = last.provenance()
                .readOn()
                .map(day -> day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant())
                .orElse(last.effectiveFrom());
        return !instant.isBefore(seen) && instant.isAfter(last.effectiveFrom());
    }

    /** A confirmed price counts from when it was first read, unless something else was learned since. */
    private PriceRow since(PriceRow row, Instant first) {
        return row.seenUntil().isEmpty() || first.isAfter(row.effectiveFrom())
                ? row
                : new PriceRow(
                        row.spec(),
                        row.region(),
                        row.purchaseOption(),
                        row.rate(),
                        first,
                        row.seenUntil(),
                        row.provenance());
    }

    RefreshReport report(Duration took) {
        Map<String, Long> dropped = FeedPart.droppedIn(parts);
        left.forEach((reason, count) -> dropped.merge(reason, count, Long::sum));
        Map<String, String> failures = new TreeMap<>();
        parts.forEach(part ->
                part.failure().ifPresent(failure -> failures.put(part.name(), String.valueOf(failure.getMessage()))));
        return new RefreshReport(
                feed,
                now,
                took,
                parts.stream().mapToLong(FeedPart::bytes).sum(),
                parts.stream().mapToLong(FeedPart::read).sum(),
                parts.stream().mapToLong(part -> part.prices().size()).sum(),
                dropped,
                added,
                changed,
                unchanged,
                held,
                refused,
                vanished,
                failures,
                parts.stream().flatMap(part -> part.failure().stream()).findFirst());
    }
}
