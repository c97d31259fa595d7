package cloud.dumont.economy.equivalence;

import cloud.dumont.economy.equivalence.Equivalent.Match;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.gpu.GpuResolution;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.provider.Region;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Puts a decision into words that a finance person understands and an engineer can recompute. */
final class Explanation {

    private Explanation() {}

    static String unresolved(EquivalenceQuery query) {
        GpuResolution gpu = query.gpu();
        if (gpu instanceof GpuResolution.Ambiguous ambiguous) {
            return "'" + gpu.name() + "' may mean "
                    + ambiguous.choices().stream().map(GpuModel::name).collect(Collectors.joining(" or "))
                    + "; say which, or give its memory. Until then it is left out of the comparison.";
        }
        String name = gpu.name().isBlank() ? "The GPU is not named" : "'" + gpu.name() + "' is not a known GPU";
        return name + ", so it is left out of the comparison.";
    }

    static String nothingQualifies(EquivalenceQuery query, GpuModel wanted) {
        Baseline baseline = query.baseline();
        return baseline.provider() + " sells neither " + wanted + " nor a variant of it "
                + words(baseline.purchaseOption())
                + ", nor any " + wanted.vendor()
                + " GPU with at least its memory and 0.8 of its throughput and bandwidth"
                + ", so it is left out of the comparison.";
    }

    static String of(
            EquivalenceQuery query,
            GpuModel wanted,
            Optional<Region> home,
            Tier tier,
            Match match,
            Optional<Match> floor) {
        List<String> sentences = new ArrayList<>();
        sentences.add(query.count() + " x " + wanted + " is compared with " + machine(match) + ": "
                + switch (tier) {
                    case LIKE_FOR_LIKE -> "the same GPU in a machine with exactly that count.";
                    case SAME_GPU ->
                        match.gpu().name().equals(wanted.name())
                                ? "the same GPU in machines of another size."
                                : match.gpu() + " is a variant of the same chip (" + ratios(match.ratios()) + ").";
                    case NEAREST ->
                        "the nearest GPU of " + wanted.vendor() + " on sale, " + match.gpu() + " ("
                                + ratios(match.ratios()) + "); prices are not scaled by speed.";
                    case NONE -> throw new IllegalArgumentException("no match to explain");
                });
        Region sold = match.offer().sku().region();
        home.filter(region -> !region.equals(sold))
                .ifPresent(region ->
                        sentences.add("It is not sold in " + region + "; " + sold + " is the cheapest region."));
        ListPrice price = match.latestPrice();
        sentences.add(
                "The machine costs " + price.rate() + " " + words(price.sku().purchaseOption()) + ", known since "
                        + price.effectiveFrom().atOffset(ZoneOffset.UTC).toLocalDate() + charge(query, match) + ".");
        sentences.add("Source: " + price.provenance() + ", read on "
                + price.provenance().readOn() + ".");
        floor.filter(cheapest -> !cheapest.offer().sku().equals(match.offer().sku()))
                .ifPresent(cheapest ->
                        sentences.add("The cheapest with enough memory at any speed, slower, is " + machine(cheapest)
                                + " at " + cheapest.latestRate() + " (" + ratios(cheapest.ratios()) + ")."));
        return String.join(" ", sentences);
    }

    private static String machine(Match match) {
        return match.offer().sku().provider() + " " + match.offer().sku().instanceType() + " in "
                + match.offer().sku().region() + " (" + match.gpuCount() + " x " + match.gpu() + ")";
    }

    private static String charge(EquivalenceQuery query, Match match) {
        BigDecimal percent = query.baseline().discountPercent();
        String discount = percent.signum() == 0 ? "" : " less a discount of " + percent.toPlainString() + "%";
        long machines = query.count().machinesOf(match.gpuCount());
        if (match.gpuCount().equals(query.count()) || (match.sizing() == Sizing.WHOLE_INSTANCE && machines == 1)) {
            return ", charged whole" + (discount.isEmpty() ? "" : discount + ", that is " + match.latestRate());
        }
        return (match.sizing() == Sizing.GPU_SHARE
                        ? "; charged for " + query.count() + " of its " + match.gpuCount() + " GPUs"
                        : "; " + machines + " of them are charged")
                + discount + ", that is " + match.latestRate();
    }

    private static String ratios(Ratios ratios) {
        return "memory " + ratio(ratios.memory()) + ", throughput " + ratio(ratios.throughput()) + ", bandwidth "
                + ratio(ratios.bandwidth());
    }

    private static String ratio(Optional<BigDecimal> ratio) {
        return ratio.map(value -> value.stripTrailingZeros().toPlainString() + "x")
                .orElse("unknown");
    }

    private static String words(Enum<?> option) {
        return option.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
