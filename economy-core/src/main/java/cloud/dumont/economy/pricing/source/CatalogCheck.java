package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds prices that are absurd beside what is known: they are held until somebody confirms them, and the last good price stays. A
 * large true change is no reason (AWS once took 44% off); the shape of a mistake is.
 */
final class CatalogCheck {

    private static final Set<PurchaseOption> CHEAPER_THAN_ON_DEMAND = Set.of(
            PurchaseOption.SPOT,
            PurchaseOption.RESERVED_1Y,
            PurchaseOption.RESERVED_3Y,
            PurchaseOption.COMMITTED_1Y,
            PurchaseOption.COMMITTED_3Y,
            PurchaseOption.SAVINGS_PLAN_1Y,
            PurchaseOption.SAVINGS_PLAN_3Y);

    private final PriceCatalog known;
    private final PriceCatalog market;
    private final FirstPrices firstPrices;

    /**
     * Beside what is known.
     *
     * @param known the catalog that prices are added to
     * @param market another one, which tells what is not known: what a SKU costs, and what GPUs do
     */
    CatalogCheck(PriceCatalog known, PriceCatalog market) {
        this.known = known;
        this.market = market;
        this.firstPrices = new FirstPrices(Stream.of(known, market));
    }

    private record Place(Provider provider, Region region) {}

    /** Why each of these is not to be believed; those without a reason are not in it. */
    Map<PriceRow, String> absurd(List<PriceRow> rows) {
        Map<PriceRow, String> reasons = new HashMap<>();
        steps(rows, reasons);
        new Placeholders(known).find(rows, reasons);
        return reasons;
    }

    /** Why a price of a host's own has the shape of a mistake beside the list's; a contract may make it true all the same. */
    Optional<String> besideTheList(PriceRow own) {
        PriceRow row = known.spelledAsHere(own);
        InstanceSpec spec = described(row.spec());
        return known.history(row.sku())
                .map(history -> history.at(row.effectiveFrom()).rate())
                .map(list -> PriceSteps.absurd(row, spec, list.nanoUsdPerHour(), onDemand(row, Map.of()))
                        .map(shape -> row.sku() + ": " + row.rate() + " beside " + list + " of the list: " + shape))
                .orElseGet(() -> firstPrices
                        .absurd(row, spec, onDemand(row, Map.of()))
                        .map(reason -> row.sku() + ": " + reason));
    }

    private void steps(List<PriceRow> rows, Map<PriceRow, String> reasons) {
        Map<Sku, HourlyRate> toldOnDemand = onDemand(rows);
        Map<Sku, List<PriceRow>> bySku = rows.stream().collect(Collectors.groupingBy(PriceRow::sku));
        bySku.forEach((sku, told) -> {
            List<PriceRow> oldestFirst = told.stream()
                    .sorted(Comparator.comparing(PriceRow::effectiveFrom))
                    .toList();
            Optional<HourlyRate> good = lastGood(sku, oldestFirst.get(0).effectiveFrom());
            for (PriceRow row : oldestFirst) {
                InstanceSpec spec = described(row.spec());
                Optional<HourlyRate> onDemand = onDemand(row, toldOnDemand);
                Optional<String> reason = good.map(last -> PriceSteps.absurd(row, spec, last.nanoUsdPerHour(), onDemand)
                                .map(shape -> row.rate() + " after " + last + " is " + shape))
                        .orElseGet(() -> firstPrices.absurd(row, spec, onDemand));
                if (reason.isPresent()) {
                    reasons.putIfAbsent(row, reason.get());
                } else {
                    good = Optional.of(row.rate());
                }
            }
        });
    }

    private Optional<HourlyRate> lastGood(Sku sku, Instant at) {
        return known.history(sku)
                .or(() -> market.history(sku))
                .map(history -> history.at(at).rate());
    }

    /** The newest on-demand prices among these. */
    private static Map<Sku, HourlyRate> onDemand(List<PriceRow> rows) {
        Map<Sku, HourlyRate> newest = new HashMap<>();
        rows.stream()
                .filter(row -> row.purchaseOption() == PurchaseOption.ON_DEMAND)
                .sorted(Comparator.comparing(PriceRow::effectiveFrom))
                .forEach(row -> newest.put(row.sku(), row.rate()));
        return newest;
    }

    /** What the machine of a price costs there on demand. */
    private Optional<HourlyRate> onDemand(PriceRow row, Map<Sku, HourlyRate> told) {
        Sku listed = new Sku(row.sku().provider(), row.region(), row.sku().instanceType(), PurchaseOption.ON_DEMAND);
        return Optional.ofNullable(told.get(listed)).or(() -> lastGood(listed, row.effectiveFrom()));
    }

    /** With what the catalog knows of the type: a list of changes names it and no more. */
    private InstanceSpec described(InstanceSpec named) {
        return named.gpuModel().isPresent()
                ? named
                : known.spec(named.provider(), named.instanceType()).orElse(named);
    }

    /**
     * What is said of prices that are taken: terms that cost more than on demand. Nobody buys at such a price, so spot ones are never an
     * equivalent while they stay above it.
     */
    Map<PriceRow, String> doubtful(List<PriceRow> rows) {
        Map<Sku, HourlyRate> told = onDemand(rows);
        Map<PriceRow, String> doubts = new HashMap<>();
        rows.stream()
                .filter(row -> CHEAPER_THAN_ON_DEMAND.contains(row.purchaseOption()))
                .forEach(row -> onDemand(row, told)
                        .filter(onDemand -> row.rate().compareTo(onDemand) > 0)
                        .ifPresent(onDemand -> doubts.put(
                                row,
                                row.rate() + " is above the on-demand price, " + onDemand
                                        + (row.purchaseOption() == PurchaseOption.SPOT
                                                ? ": it is never an equivalent while it is"
                                                : ""))));
        return doubts;
    }

    /**
     * GPUs that a place was known to sell and that a list of that place no longer has. A list with fewer than half of what is known
     * there is taken for an excerpt, of which nothing is missed.
     */
    List<String> vanished(List<PriceRow> rows) {
        Map<Place, Set<String>> told = new HashMap<>();
        rows.forEach(row -> row.spec()
                .gpuModel()
                .ifPresent(gpu -> told.computeIfAbsent(
                                new Place(row.spec().provider(), row.region()), place -> new HashSet<>())
                        .add(gpu)));
        Map<Place, Set<String>> knownGpus = gpusKnown();
        Map<String, Set<Region>> missed = new TreeMap<>();
        told.forEach((place, gpus) -> {
            Set<String> before = knownGpus.getOrDefault(place, Set.of());
            if (gpus.stream().filter(before::contains).count() * 2 >= before.size()) {
                before.stream()
                        .filter(Predicate.not(gpus::contains))
                        .forEach(gpu -> missed.computeIfAbsent(place.provider() + " " + gpu, key -> new TreeSet<>())
                                .add(place.region()));
            }
        });
        List<String> vanished = new ArrayList<>();
        missed.forEach((family, places) ->
                vanished.add(family + " is no longer listed in " + places + ": the last good prices stay"));
        return vanished;
    }

    /** What is composed is not listed, so it is not missed either. */
    private Map<Place, Set<String>> gpusKnown() {
        Map<Place, Set<String>> gpus = new HashMap<>();
        for (int i = 0; i < known.size(); i++) {
            Sku sku = known.sku(i);
            known.spec(sku.provider(), sku.instanceType())
                    .filter(spec -> spec.composition().isEmpty())
                    .flatMap(InstanceSpec::gpuModel)
                    .ifPresent(gpu -> gpus.computeIfAbsent(
                                    new Place(sku.provider(), sku.region()), place -> new HashSet<>())
                            .add(gpu));
        }
        return gpus;
    }
}
