package cloud.dumont.economy.equivalence;

import cloud.dumont.economy.equivalence.Equivalent.Match;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.gpu.GpuResolution;
import cloud.dumont.economy.input.Given;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.ChangeWindow;
import cloud.dumont.economy.pricing.Composition;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.PriceCatalog;
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
import java.util.stream.Stream;

/** Puts a decision into words that a finance person understands and an engineer can recompute. */
final class Explanation {

    /** More than these are counted, not named. */
    private static final int MOST_NAMED = 3;

    private Explanation() {}

    static String unresolved(EquivalenceQuery query) {
        GpuResolution gpu = query.gpu();
        if (gpu instanceof GpuResolution.Ambiguous ambiguous) {
            return "'" + Given.shown(gpu.name()) + "' may mean "
                    + ambiguous.choices().stream().map(GpuModel::name).collect(Collectors.joining(" or "))
                    + "; say which, or give its memory. Until then it is left out of the comparison.";
        }
        if (gpu instanceof GpuResolution.Shared) {
            return "'" + Given.shown(gpu.name())
                    + "' counts replicas of shared cards, not cards, and nobody can tell how many cards "
                    + query.count()
                    + " of them are; say how many (physicalGpus). Until then it is left out of the comparison.";
        }
        if (gpu instanceof GpuResolution.Unknown unknown && !gpu.name().isBlank()) {
            return "'" + Given.shown(gpu.name()) + "' is not a known GPU (" + unknown.reason()
                    + "), so it is left out of the comparison.";
        }
        return "The GPU is not named, so it is left out of the comparison.";
    }

    /**
     * The catalog may lack what a cloud sells: what is said is what the catalog has, and what is known beside it.
     *
     * @param undecided what may come near, but for a figure that no source gives
     */
    static String nothingQualifies(
            PriceCatalog catalog, EquivalenceQuery query, GpuModel wanted, List<GpuModel> undecided) {
        Baseline baseline = query.baseline();
        List<String> sentences = new ArrayList<>();
        List<String> gaps = gaps(wanted, undecided);
        sentences.add("The catalog has no price for " + wanted + " or a variant of it at " + baseline.provider() + " "
                + words(baseline.purchaseOption())
                + (gaps.isEmpty()
                        ? ", nor for any " + wanted.vendor()
                                + " GPU with at least its memory and 0.8 of its throughput and bandwidth"
                        : "")
                + (query.needs().equals(HostNeeds.NONE) ? "" : " in a machine of at least " + query.needs())
                + ", so it is left out of the comparison.");
        if (!gaps.isEmpty()) {
            sentences.add("Which other GPU comes near it cannot be said: no source gives " + enumerated(gaps, " and ")
                    + "."
                    + (undecided.isEmpty()
                            ? ""
                            : " It may be "
                                    + enumerated(
                                            undecided.stream()
                                                    .map(GpuModel::name)
                                                    .toList(),
                                            " or ")
                                    + "."));
        }
        otherwise(catalog, baseline, wanted).ifPresent(sentences::add);
        catalog.knownFamily(baseline.provider(), wanted.name())
                .ifPresent(family -> sentences.add(baseline.provider() + " is known to sell it as " + family + "."));
        return String.join(" ", sentences);
    }

    /** The figures without which nobody can tell what comes near a GPU: its own first. */
    private static List<String> gaps(GpuModel wanted, List<GpuModel> undecided) {
        List<String> own = Ratios.missing(wanted, wanted);
        return Stream.concat(
                        own.stream().map(figure -> "its " + figure),
                        undecided.stream()
                                .flatMap(gpu -> Ratios.missing(gpu, wanted).stream()
                                        .filter(figure -> !own.contains(figure))
                                        .map(figure -> "the " + figure + " of " + gpu)))
                .toList();
    }

    private static String enumerated(List<String> words, String last) {
        int rest = words.size() - 1;
        if (words.size() > MOST_NAMED) {
            return String.join(", ", words.subList(0, MOST_NAMED)) + last + (words.size() - MOST_NAMED) + " more";
        }
        return rest == 0 ? words.get(0) : String.join(", ", words.subList(0, rest)) + last + words.get(rest);
    }

    /** The same GPU under other terms, or where it is not open to everyone. */
    private static Optional<String> otherwise(PriceCatalog catalog, Baseline baseline, GpuModel wanted) {
        List<String> offers = catalog.offers(baseline.provider())
                .filter(offer -> offer.spec().gpuModel().equals(Optional.of(wanted.name())))
                .map(offer ->
                        offer.sku().instanceType() + " " + words(offer.sku().purchaseOption()) + " in "
                                + offer.sku().region()
                                + offer.restriction()
                                        .map(restriction -> " (" + restriction.reason() + ")")
                                        .orElse(""))
                .toList();
        return offers.isEmpty()
                ? Optional.empty()
                : Optional.of("What it has of it: " + enumerated(offers, " and ") + ".");
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
                .ifPresent(region -> sentences.add(
                        "The catalog has no such price in " + region + "; " + sold + " is the cheapest region."));
        sentences.addAll(price(query, match));
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

    /** What is not known of a time is said, with what was made of it. */
    static List<String> unseenChanges(Match match, Instant from, Instant to) {
        List<ListPrice> prices = match.offer().history().prices();
        return match.offer().history().unseenChanges(from, to).stream()
                .map(price -> {
                    ListPrice before = prices.get(prices.indexOf(price) + 1);
                    HourlyRate lower = price.rate().compareTo(before.rate()) < 0 ? price.rate() : before.rate();
                    return "When it changed from " + before.rate() + " to " + price.rate() + ", between "
                            + day(price.window().orElseThrow().from()) + " and "
                            + day(price.window().orElseThrow().until())
                            + ", nobody saw; for that time the lower price counts, " + lower
                            + ", which claims less savings.";
                })
                .toList();
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
