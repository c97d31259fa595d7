package cloud.dumont.economy.equivalence;

import cloud.dumont.economy.equivalence.Equivalent.Match;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuMemory;
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

/**
 * The search order of the library's own policy. Each step looks at one set of machines; the first step that finds any ends the
 * search, and within it the lowest resulting hourly rate wins (ties: fewer GPUs, then the type's name, then the region's).
 */
final class StandardEquivalencePolicy implements EquivalencePolicy {

    private static final Comparator<Match> CHEAPEST = Comparator.comparing(Match::latestRate)
            .thenComparing(Match::gpuCount)
            .thenComparing(match -> match.offer().sku().instanceType())
            .thenComparing(match -> match.offer().sku().region());

    private static final String EDITION = "standard 3";

    private final GpuCatalog gpus;

    StandardEquivalencePolicy(GpuCatalog gpus) {
        this.gpus = gpus;
    }

    /** The rules by their edition, which a release that decides otherwise raises, and the GPU models by their content. */
    @Override
    public Optional<String> identity() {
        return Optional.of(EDITION + ", GPU models " + gpus.version());
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

        private final PriceCatalog catalog;
        private final EquivalenceQuery query;
        private final GpuModel wanted;
        private final GpuCount needed;
        private final Optional<Region> home;

        Search(PriceCatalog catalog, EquivalenceQuery query, GpuModel wanted) {
            this.catalog = catalog;
            this.query = query;
            this.wanted = wanted;
            this.needed = query.count();
            Baseline baseline = query.baseline();
            this.home = baseline.region().or(() -> catalog.referenceRegion(baseline.provider()));
        }

        Equivalent run() {
            // One price for all regions is the price at home, too.
            Predicate<Region> atHome = region -> home.equals(Optional.of(region)) || region.equals(Region.GLOBAL);
            Predicate<Region> elsewhere = atHome.negate();
            return sameGpu(atHome)
                    .or(() -> sameGpu(elsewhere))
                    .or(() -> nearest(atHome))
                    .or(() -> nearest(elsewhere))
                    .orElseGet(() -> none(query, Explanation.nothingQualifies(catalog, query, wanted, undecided())));
        }

        /** What may be near enough, but for a figure that no source gives. */
        private List<GpuModel> undecided() {
            return candidates(region -> true, gpu -> isSameVendor(gpu) && Ratios.mayBeNear(gpu, wanted)).stream()
                    .map(Candidate::gpu)
                    .distinct()
                    .sorted(Comparator.comparing(GpuModel::name))
                    .toList();
        }

        private Optional<Equivalent> sameGpu(Predicate<Region> where) {
            List<Candidate> same = candidates(where, this::isSameChip);
            List<Candidate> alike = same.stream()
                    .filter(candidate -> candidate.gpu().name().equals(wanted.name()))
                    .toList();
            return exact(alike)
                    .map(match -> found(Tier.LIKE_FOR_LIKE, match, Optional.empty()))
                    .or(() -> shared(same).map(match -> found(Tier.SAME_GPU, match, Optional.empty())));
        }

        private boolean isSameChip(GpuModel gpu) {
            return gpu.name().equals(wanted.name()) || (gpu.isVariantOf(wanted) && Ratios.memorySuffices(gpu, wanted));
        }

        private Optional<Equivalent> nearest(Predicate<Region> where) {
            List<Candidate> near = candidates(where, gpu -> isSameVendor(gpu) && Ratios.isNear(gpu, wanted));
            return exact(near).or(() -> shared(near)).map(match -> found(Tier.NEAREST, match, floor(where, match)));
        }

        /**
         * The cheapest GPU with enough memory at any speed, where the match was found too and in machines no smaller, so that it is
         * never dearer than the match; left out where it is the match.
         */
        private Optional<Match> floor(Predicate<Region> where, Match match) {
            GpuCount least = match.gpuCount().compareTo(needed) < 0 ? match.gpuCount() : needed;
            return candidates(where, gpu -> isSameVendor(gpu) && Ratios.memorySuffices(gpu, wanted)).stream()
                    .filter(candidate -> candidate.count().compareTo(least) >= 0)
                    .map(this::match)
                    .min(CHEAPEST);
        }

        private boolean isSameVendor(GpuModel gpu) {
            return gpu.vendor().equals(wanted.vendor());
        }

        /** Who asks for few machines in few places spares putting together the prices of all others, which is most of the work. */
        private List<Candidate> candidates(Predicate<Region> where, Predicate<GpuModel> which) {
            Baseline baseline = query.baseline();
            return catalog.offers(
                            baseline.provider(),
                            baseline.purchaseOption(),
                            type -> gpu(type).filter(which).isPresent() && suits(type),
                            where)
                    .filter(this::isOpen)
                    .map(offer -> new Candidate(
                            offer,
                            gpu(offer.spec()).orElseThrow(),
                            offer.spec().gpuCount().orElseThrow()))
                    .toList();
        }

        private Optional<GpuModel> gpu(InstanceSpec type) {
            return type.gpuModel().flatMap(name -> gpus.model(name).or(() -> formerly(name, type.gpuMemoryGib())));
        }

        /** A catalog may be older than the models: what was one model then may be several now, of different memory. */
        private Optional<GpuModel> formerly(String name, Optional<BigDecimal> memoryGib) {
            return memoryGib
                    .filter(gib -> gib.signum() > 0)
                    .flatMap(gib -> gpus.resolve(name, GpuMemory.ofGib(gib)).model());
        }

        /** A whole GPU is never compared with slices of one. */
        private boolean suits(InstanceSpec type) {
            return type.gpuCount()
                    .filter(count -> needed.isFraction() || !count.isFraction())
                    .filter(count -> query.needs().fit(type.vcpus(), type.memoryGib(), needed.machinesOf(count)))
                    .isPresent();
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

        private Optional<Match> exact(List<Candidate> fitting) {
            return fitting.stream()
                    .filter(candidate -> candidate.count().equals(needed))
                    .map(this::match)
                    .min(CHEAPEST);
        }

        /** Machines that hold at least what is needed; where none does, several of the largest. */
        private Optional<Match> shared(List<Candidate> fitting) {
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
