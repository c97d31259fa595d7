package cloud.dumont.economy.equivalence;

import cloud.dumont.economy.equivalence.Equivalent.Match;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.gpu.GpuResolution;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.ChangeWindow;
import cloud.dumont.economy.pricing.Composition;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.Provenance;
import cloud.dumont.economy.pricing.Trust;
import cloud.dumont.economy.provider.Region;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Puts a decision into words that a finance person understands and an engineer can recompute. */
final class Explanation {

    /** How many missing figures are told; more say no more. */
    private static final int MOST_GAPS = 3;

    private Explanation() {}

    static String unresolved(EquivalenceQuery query) {
        GpuResolution gpu = query.gpu();
        if (gpu instanceof GpuResolution.Ambiguous ambiguous) {
            return "'" + gpu.name() + "' may mean "
                    + ambiguous.choices().stream().map(GpuModel::name).collect(Collectors.joining(" or "))
                    + "; say which, or give its memory. Until then it is left out of the comparison.";
        }
        if (gpu instanceof GpuResolution.Shared) {
            return "'" + gpu.name()
                    + "' counts replicas of shared cards, not cards, and nobody can tell how many cards "
                    + query.count()
                    + " of them are; say how many (physicalGpus). Until then it is left out of the comparison.";
        }
        if (gpu instanceof GpuResolution.Unknown unknown && !gpu.name().isBlank()) {
            return "'" + gpu.name() + "' is not a known GPU (" + unknown.reason()
                    + "), so it is left out of the comparison.";
        }
        return "The GPU is not named, so it is left out of the comparison.";
    }

    static String nothingQualifies(EquivalenceQuery query, GpuModel wanted) {
        Baseline baseline = query.baseline();
        return baseline.provider() + " sells neither " + wanted + " nor a variant of it "
                + words(baseline.purchaseOption())
                + ", nor any " + wanted.vendor()
                + " GPU with at least its memory and 0.8 of its throughput and bandwidth"
                + (query.needs().equals(HostNeeds.NONE) ? "" : " in a machine of at least " + query.needs())
                + ", so it is left out of the comparison.";
    }

    /** There is something that may come near, but a figure is missing that would tell. */
    static String figuresMissing(EquivalenceQuery query, GpuModel wanted, List<GpuModel> undecided) {
        List<String> gaps = undecided.stream()
                .flatMap(gpu -> Ratios.missing(gpu, wanted).stream())
                .distinct()
                .limit(MOST_GAPS)
                .toList();
        return "The catalog has no " + words(query.baseline().purchaseOption()) + " price of "
                + query.baseline().provider() + " for " + wanted + " or a variant of it. It has for "
                + undecided.stream().map(GpuModel::name).collect(Collectors.joining(", "))
                + ", which may come near to it, but no source gives the " + String.join(", the ", gaps)
                + ", so nobody can tell, and it is left out of the comparison.";
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
        home.filter(region -> !region.equals(sold) && !sold.equals(Region.GLOBAL))
                .ifPresent(region ->
                        sentences.add("It is not sold in " + region + "; " + sold + " is the cheapest region."));
        sentences.addAll(price(query, match));
        sentences.addAll(changes(match));
        floor.filter(cheapest -> !cheapest.offer().sku().equals(match.offer().sku()))
                .ifPresent(cheapest ->
                        sentences.add("The cheapest with enough memory at any speed, slower, is " + machine(cheapest)
                                + " at " + cheapest.latestRate() + " (" + ratios(cheapest.ratios()) + ")."));
        return String.join(" ", sentences);
    }

    private static List<String> price(EquivalenceQuery query, Match match) {
        ListPrice price = match.latestPrice();
        Provenance provenance = price.provenance();
        List<String> sentences = new ArrayList<>();
        sentences.add(
                "The machine costs " + price.rate() + " " + words(price.sku().purchaseOption())
                        + provenance
                                .readOn()
                                .map(day -> ", known since " + day(knownSince(price)))
                                .orElse("")
                        + charge(query, match) + ".");
        match.offer()
                .spec()
                .composition()
                .ifPresent(parts -> sentences.add(provenanceOf(parts) + " The price is the sum of both."));
        sentences.add("Source: " + provenance + ", " + provenance.readOnInWords() + trust(price.trust()) + ".");
        match.offer()
                .sustainedUse()
                .ifPresent(discount -> sentences.add(match.offer().sku().provider() + " itself takes up to "
                        + discount.fullMonthPercent().toPlainString()
                        + "% off the longer such a machine runs in a month; the list price does not hold that, so over a"
                        + " whole month the savings are overstated by as much."));
        return sentences;
    }

    private static String provenanceOf(Composition parts) {
        return "It is put together from " + parts.machine() + " and " + parts.count() + " x " + parts.part()
                + ", which are sold apart.";
    }

    private static String trust(Trust trust) {
        return switch (trust) {
            case PRICE_LIST, UNRATED -> "";
            case HOST -> "; a price of the host's own";
            case COLLECTED -> "; collected from the seller's pages by others";
            case MARKET_OFFER -> "; an offer of that moment on a marketplace, not a list price";
            case UNCONFIRMED -> "; read once and never confirmed";
        };
    }

    /** What is not known of the past is said, with what was made of it. */
    private static List<String> changes(Match match) {
        List<ListPrice> prices = match.offer().history().prices();
        List<String> sentences = new ArrayList<>();
        for (int age = 0; age < prices.size(); age++) {
            ListPrice price = prices.get(age);
            if (price.window().isPresent()) {
                ListPrice before = prices.get(age + 1);
                HourlyRate lower = price.rate().compareTo(before.rate()) < 0 ? price.rate() : before.rate();
                sentences.add("When it changed from " + before.rate() + " to " + price.rate() + ", between "
                        + day(price.window().get().from()) + " and "
                        + day(price.window().get().until())
                        + ", nobody saw; for that time the lower price counts, " + lower
                        + ", which claims less savings.");
            }
        }
        return sentences;
    }

    private static Instant knownSince(ListPrice price) {
        return price.window().map(ChangeWindow::until).orElse(price.effectiveFrom());
    }

    private static LocalDate day(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC).toLocalDate();
    }

    private static String machine(Match match) {
        return match.offer().sku().provider() + " " + match.offer().sku().instanceType() + " in "
                + match.offer().sku().region() + " (" + match.gpuCount() + " x " + match.gpu() + ")";
    }

    private static String charge(EquivalenceQuery query, Match match) {
        BigDecimal percent = query.baseline().discountPercent();
        String discount = (percent.signum() == 0 ? "" : " less a discount of " + percent.toPlainString() + "%")
                + match.offer()
                        .negotiated()
                        .map(negotiated -> " less " + negotiated.percent().toPlainString() + "% negotiated ("
                                + negotiated.reason() + ")")
                        .orElse("");
        long machines = query.count().machinesOf(match.gpuCount());
        if (match.gpuCount().equals(query.count()) || (match.sizing() == Sizing.WHOLE_INSTANCE && machines == 1)) {
            return ", charged whole" + (discount.isEmpty() ? "" : discount + ", that is " + match.latestRate());
        }
        return (match.sizing() == Sizing.GPU_SHARE
                        ? "; charged for " + query.count() + (machines == 1 ? " of its " : " GPUs by machines of ")
                                + match.gpuCount() + (machines == 1 ? " GPUs" : "")
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
