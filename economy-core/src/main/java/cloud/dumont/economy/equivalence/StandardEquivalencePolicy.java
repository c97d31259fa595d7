package cloud.dumont.economy.equivalence;

import cloud.dumont.economy.equivalence.Equivalent.Match;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.gpu.GpuResolution;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.NegotiatedDiscount;
import cloud.dumont.economy.pricing.Offer;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Region;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The search order of the library's own policy. Each step looks at one set of machines; the first step that finds any ends the
 * search, and within it the lowest resulting hourly rate wins (ties: fewer GPUs, then the type's name, then the region's).
 */
final class StandardEquivalencePolicy implements EquivalencePolicy {

    private static final Comparator<Match> CHEAPEST = Comparator.comparing(Match::latestRate)
            .thenComparing(Match::gpuCount)
            .thenComparing(match -> match.offer().sku().instanceType())
            .thenComparing(match -> match.offer().sku().region());

    private final GpuCatalog gpus;

    StandardEquivalencePolicy(GpuCatalog gpus) {
        this.gpus = gpus;
    }

    @Override
    public Equivalent decide(PriceCatalog catalog, EquivalenceQuery query) {
        if (query.gpu() instanceof GpuResolution.Known known) {
            return new Search(catalog, query, known.gpu()).run();
        }
        return none(query, Explanation.unresolved(query));
    }

    private static Equivalent none(EquivalenceQuery query, String explanation) {
        return new Equivalent(query, Tier.NONE, Optional.empty(), Optional.empty(), explanation);
    }

    /** A machine on offer that could stand for the wanted GPU. */
    private record Candidate(Offer offer, GpuModel gpu, GpuCount count) {}

    private final class Search {

        private final EquivalenceQuery query;
        private final GpuModel wanted;
        private final GpuCount needed;
        private final Optional<Region> home;
        private final List<Candidate> candidates;

        Search(PriceCatalog catalog, EquivalenceQuery query, GpuModel wanted) {
            this.query = query;
            this.wanted = wanted;
            this.needed = query.count();
            Baseline baseline = query.baseline();
            this.home = baseline.region().or(() -> catalog.referenceRegion(baseline.provider()));
            this.candidates = catalog.offers(baseline.provider(), baseline.purchaseOption())
                    .filter(this::isOpen)
                    .flatMap(this::candidate)
                    .filter(this::meetsNeeds)
                    .toList();
        }

        /** Sold to anyone there; a region that is open to some only counts where the baseline itself names it. */
        private boolean isOpen(Offer offer) {
            return offer.restriction()
                    .map(restriction -> restriction.scope() == Offer.Scope.REGION
                            && query.baseline()
                                    .region()
                                    .equals(Optional.of(offer.sku().region())))
                    .orElse(true);
        }

        private Stream<Candidate> candidate(Offer offer) {
            Optional<GpuModel> gpu = offer.spec().gpuModel().flatMap(gpus::model);
            Optional<GpuCount> count = offer.spec().gpuCount();
            // A whole GPU is never compared with slices of one.
            return gpu.isEmpty() || count.isEmpty() || (count.get().isFraction() && !needed.isFraction())
                    ? Stream.empty()
                    : Stream.of(new Candidate(offer, gpu.get(), count.get()));
        }

        private boolean meetsNeeds(Candidate candidate) {
            InstanceSpec spec = candidate.offer().spec();
            return query.needs().fit(spec.vcpus(), spec.memoryGib(), needed.machinesOf(candidate.count()));
        }

        Equivalent run() {
            // One price for all regions is the price at home, too.
            Predicate<Candidate> atHome =
                    candidate -> home.equals(Optional.of(candidate.offer().sku().region()))
                            || candidate.offer().sku().region().equals(Region.GLOBAL);
            Predicate<Candidate> elsewhere = atHome.negate();
            return sameGpu(atHome)
                    .or(() -> sameGpu(elsewhere))
                    .or(() -> nearest(atHome))
                    .or(() -> nearest(elsewhere))
                    .orElseGet(() -> none(query, Explanation.nothingQualifies(query, wanted)));
        }

        private Optional<Equivalent> sameGpu(Predicate<Candidate> where) {
            return exact(where.and(candidate -> candidate.gpu().name().equals(wanted.name())))
                    .map(match -> found(Tier.LIKE_FOR_LIKE, match, Optional.empty()))
                    .or(() -> shared(where.and(this::isSameChip))
                            .map(match -> found(Tier.SAME_GPU, match, Optional.empty())));
        }

        private boolean isSameChip(Candidate candidate) {
            return candidate.gpu().name().equals(wanted.name())
                    || (candidate.gpu().isVariantOf(wanted) && Ratios.memorySuffices(candidate.gpu(), wanted));
        }

        private Optional<Equivalent> nearest(Predicate<Candidate> where) {
            Predicate<Candidate> near =
                    where.and(this::isSameVendor).and(candidate -> Ratios.isNear(candidate.gpu(), wanted));
            return exact(near).or(() -> shared(near)).map(match -> found(Tier.NEAREST, match, floor(where)));
        }

        /** The cheapest GPU with enough memory at any speed, where the match was found too; left out where it is the match. */
        private Optional<Match> floor(Predicate<Candidate> where) {
            return shared(
                    where.and(this::isSameVendor).and(candidate -> Ratios.memorySuffices(candidate.gpu(), wanted)));
        }

        private boolean isSameVendor(Candidate candidate) {
            return candidate.gpu().vendor().equals(wanted.vendor());
        }

        private Optional<Match> exact(Predicate<Candidate> which) {
            return candidates.stream()
                    .filter(which)
                    .filter(candidate -> candidate.count().equals(needed))
                    .map(this::match)
                    .min(CHEAPEST);
        }

        /** Machines that hold at least what is needed; where none does, several of the largest. */
        private Optional<Match> shared(Predicate<Candidate> which) {
            List<Candidate> fitting = candidates.stream().filter(which).toList();
            Optional<GpuCount> largest = fitting.stream().map(Candidate::count).max(Comparator.naturalOrder());
            return largest.flatMap(count -> {
                GpuCount least = count.compareTo(needed) < 0 ? count : needed;
                return fitting.stream()
                        .filter(candidate -> candidate.count().compareTo(least) >= 0)
                        .map(this::match)
                        .min(CHEAPEST);
            });
        }

        private Match match(Candidate candidate) {
            GpuCount count = candidate.count();
            boolean whole =
                    query.baseline().sizing() == Sizing.WHOLE_INSTANCE && (count.isFraction() || !needed.isFraction());
            Sizing sizing = whole ? Sizing.WHOLE_INSTANCE : Sizing.GPU_SHARE;
            long numerator = whole ? needed.machinesOf(count) : needed.numerator() * count.denominator();
            long denominator = whole ? 1 : needed.denominator() * count.numerator();
            // One fraction for share and discount, because a rate is rounded once.
            Fraction charged = Fraction.of(numerator, denominator)
                    .lessPercent(query.baseline().discountPercent())
                    .lessPercent(candidate
                            .offer()
                            .negotiated()
                            .map(NegotiatedDiscount::percent)
                            .orElse(BigDecimal.ZERO));
            return new Match(
                    candidate.offer(),
                    candidate.gpu(),
                    count,
                    sizing,
                    charged.numerator(),
                    charged.denominator(),
                    Ratios.of(candidate.gpu(), wanted),
                    RateTimeline.of(
                            candidate.offer().history(),
                            rate -> rate.share(charged.numerator(), charged.denominator())));
        }

        private Equivalent found(Tier tier, Match match, Optional<Match> floor) {
            return new Equivalent(
                    query, tier, Optional.of(match), floor, Explanation.of(query, wanted, home, tier, match, floor));
        }
    }
}
