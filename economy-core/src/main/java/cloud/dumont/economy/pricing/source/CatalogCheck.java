package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
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
 * large true change is no reason (AWS once took 44% off); a factor of ten, or one number over a whole family, is.
 */
final class CatalogCheck {

    private static final long MOST_TIMES = 10;

    /** From so many prices on, one number for all of them is suspicious. */
    private static final int FEWEST_ALIKE = 3;

    /** What nobody sells at one price: one GPU, and four. */
    private static final long FAR_APART = 4;

    /** A whole family has never moved so far to one number. */
    private static final long FAR_OFF = 3;

    private final PriceCatalog known;

    CatalogCheck(PriceCatalog known) {
        this.known = known;
    }

    /** A family: the types of a provider with one GPU, under the same terms. */
    private record Family(Provider provider, Optional<String> gpuModel, PurchaseOption option) {

        static Family of(PriceRow row) {
            return new Family(row.spec().provider(), row.spec().gpuModel(), row.purchaseOption());
        }
    }

    private record Place(Provider provider, Region region) {}

    private record Size(InstanceType type, Optional<?> gpus, Optional<Integer> vcpus) {

        boolean isOther(Size other) {
            return !gpus.equals(other.gpus) || !vcpus.equals(other.vcpus);
        }
    }

    /** Why each of these is not to be believed; those without a reason are not in it. */
    Map<PriceRow, String> absurd(List<PriceRow> rows) {
        Map<PriceRow, String> reasons = new HashMap<>();
        jumps(rows, reasons);
        sentinels(rows, reasons);
        spotAboveOnDemand(rows, reasons);
        return reasons;
    }

    private void jumps(List<PriceRow> rows, Map<PriceRow, String> reasons) {
        Map<Sku, List<PriceRow>> bySku = rows.stream().collect(Collectors.groupingBy(PriceRow::sku));
        bySku.forEach((sku, told) -> {
            List<PriceRow> oldestFirst = told.stream()
                    .sorted(Comparator.comparing(PriceRow::effectiveFrom))
                    .toList();
            Optional<HourlyRate> good = known.history(sku)
                    .map(history ->
                            history.at(oldestFirst.get(0).effectiveFrom()).rate());
            for (PriceRow row : oldestFirst) {
                Optional<HourlyRate> last = good;
                if (last.filter(rate -> isJump(rate, row.rate())).isPresent()) {
                    reasons.putIfAbsent(
                            row,
                            row.rate() + " is more than " + MOST_TIMES + " times away from " + last.get()
                                    + ", the last good price");
                } else {
                    good = Optional.of(row.rate());
                }
            }
        });
    }

    private static boolean isJump(HourlyRate before, HourlyRate after) {
        return isAbove(after, before) || isAbove(before, after);
    }

    /** Without multiplying, which might overflow. */
    private static boolean isAbove(HourlyRate rate, HourlyRate other) {
        return rate.nanoUsdPerHour() / MOST_TIMES > other.nanoUsdPerHour()
                || (rate.nanoUsdPerHour() / MOST_TIMES == other.nanoUsdPerHour()
                        && rate.nanoUsdPerHour() % MOST_TIMES > 0);
    }

    /** One number over a family of different sizes, or over a family that had several prices, or quite another one, before. */
    private void sentinels(List<PriceRow> rows, Map<PriceRow, String> reasons) {
        Map<Family, List<PriceRow>> families = rows.stream()
                .filter(row -> row.spec().gpuModel().isPresent())
                .collect(Collectors.groupingBy(Family::of));
        families.forEach((family, told) -> {
            Map<Region, List<PriceRow>> byRegion = told.stream().collect(Collectors.groupingBy(PriceRow::region));
            Stream.concat(byRegion.values().stream(), Stream.of(told))
                    .filter(CatalogCheck::isOnePriceForManySizes)
                    .forEach(alike -> suspect(alike, reasons));
            if (told.size() >= FEWEST_ALIKE && isOnePrice(told) && (pricesKnown(told) > 1 || isFarFromAll(told))) {
                suspect(told, reasons);
            }
        });
    }

    private static void suspect(List<PriceRow> alike, Map<PriceRow, String> reasons) {
        PriceRow one = alike.get(0);
        alike.forEach(row -> reasons.putIfAbsent(
                row,
                row.rate() + " stands for all " + alike.size() + " prices of "
                        + one.spec().gpuModel().orElse("") + ", which differ: it looks like a placeholder"));
    }

    private static boolean isOnePrice(List<PriceRow> rows) {
        return rows.stream().map(PriceRow::rate).distinct().count() == 1;
    }

    /** The same for one GPU and for eight, or for three sizes and more. */
    private static boolean isOnePriceForManySizes(List<PriceRow> rows) {
        if (!isOnePrice(rows)) {
            return false;
        }
        Set<GpuCount> counts = rows.stream()
                .flatMap(row -> row.spec().gpuCount().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<Size> sizes = rows.stream()
                .map(PriceRow::spec)
                .map(spec -> new Size(spec.instanceType(), spec.gpuCount(), spec.vcpus()))
                .collect(Collectors.toSet());
        return counts.stream().anyMatch(few -> counts.stream().anyMatch(many -> many.machinesOf(few) >= FAR_APART))
                || (sizes.size() >= FEWEST_ALIKE
                        && sizes.stream().anyMatch(size -> sizes.stream().anyMatch(size::isOther)));
    }

    private boolean isFarFromAll(List<PriceRow> rows) {
        return rows.stream()
                .allMatch(row -> known.history(row.sku())
                        .map(history -> history.latest().rate().nanoUsdPerHour())
                        .filter(before -> row.rate().nanoUsdPerHour() / FAR_OFF > before
                                || before / FAR_OFF > row.rate().nanoUsdPerHour())
                        .isPresent());
    }

    private long pricesKnown(List<PriceRow> rows) {
        return rows.stream()
                .map(PriceRow::sku)
                .distinct()
                .flatMap(sku -> known.history(sku).stream())
                .map(history -> history.latest().rate())
                .distinct()
                .count();
    }

    private void spotAboveOnDemand(List<PriceRow> rows, Map<PriceRow, String> reasons) {
        Map<Sku, HourlyRate> told = new HashMap<>();
        rows.stream()
                .filter(row -> row.purchaseOption() == PurchaseOption.ON_DEMAND && !reasons.containsKey(row))
                .sorted(Comparator.comparing(PriceRow::effectiveFrom))
                .forEach(row -> told.put(row.sku(), row.rate()));
        rows.stream().filter(row -> row.purchaseOption() == PurchaseOption.SPOT).forEach(row -> {
            Sku sku = row.sku();
            Sku listed = new Sku(sku.provider(), sku.region(), sku.instanceType(), PurchaseOption.ON_DEMAND);
            Optional.ofNullable(told.get(listed))
                    .or(() -> known.history(listed)
                            .map(history -> history.latest().rate()))
                    .filter(onDemand -> isAbove(row.rate(), onDemand))
                    .ifPresent(onDemand -> reasons.putIfAbsent(
                            row,
                            "spot at " + row.rate() + " is more than " + MOST_TIMES + " times the on-demand price, "
                                    + onDemand));
        });
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
