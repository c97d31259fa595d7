package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One number over a family of different sizes, or over a family that had several prices, or quite another one, before. */
final class Placeholders {

    /** From so many prices on, one number for all of them is suspicious. */
    private static final int FEWEST_ALIKE = 3;

    /** What nobody sells at one price: one GPU, and four. */
    private static final long FAR_APART = 4;

    /** A whole family has never moved so far to one number. */
    private static final long FAR_OFF = 3;

    private final PriceCatalog known;

    Placeholders(PriceCatalog known) {
        this.known = known;
    }

    /** A family: the types of a provider with one GPU, under the same terms. */
    private record Family(Provider provider, Optional<String> gpuModel, PurchaseOption option) {

        static Family of(PriceRow row) {
            return new Family(row.spec().provider(), row.spec().gpuModel(), row.purchaseOption());
        }
    }

    private record Size(InstanceType type, Optional<?> gpus, Optional<Integer> vcpus) {

        boolean isOther(Size other) {
            return !gpus.equals(other.gpus) || !vcpus.equals(other.vcpus);
        }
    }

    /** Adds a reason for each price that stands in for others. */
    void find(List<PriceRow> rows, Map<PriceRow, String> reasons) {
        Map<Family, List<PriceRow>> families = rows.stream()
                .filter(row -> row.spec().gpuModel().isPresent())
                .collect(Collectors.groupingBy(Family::of));
        families.forEach((family, told) -> {
            Map<Region, List<PriceRow>> byRegion = told.stream().collect(Collectors.groupingBy(PriceRow::region));
            Stream.concat(byRegion.values().stream(), Stream.of(told))
                    .filter(Placeholders::isOnePriceForManySizes)
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
                row.rate() + " is given for all " + alike.size() + " prices of "
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
}
