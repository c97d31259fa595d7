package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Prices;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Evidence;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What some accounts did over a while, and a price list of which is known by construction what stands for what: nothing here
 * asks the equivalence policy.
 */
public final class RandomFleet {

    private static final String[] HOMES = {"us-east-1", "eastus", "us-central1"};

    /**
     * A kind of instance and what its price is by construction.
     *
     * @param gpu as the host calls it; blank for none
     * @param group what a breakdown by GPU calls it
     * @param sku the type that stands for it; blank where nothing does
     * @param numerator of the share that is charged
     * @param denominator of the share that is charged
     */
    record Kind(String gpu, String count, String group, Tier tier, String sku, long numerator, long denominator) {

        BigDecimal gpus() {
            return new BigDecimal(count);
        }
    }

    static final List<Kind> KINDS = List.of(
            new Kind("T4", "1", "T4", Tier.LIKE_FOR_LIKE, "t4.1", 1, 1),
            new Kind("Tesla T4", "2", "T4", Tier.SAME_GPU, "t4.1", 2, 1),
            new Kind("T4", "0.46", "T4", Tier.SAME_GPU, "t4.1", 23, 50),
            new Kind("A100 40GB", "8", "A100 SXM 40GB", Tier.LIKE_FOR_LIKE, "a100.8", 1, 1),
            new Kind("A100 40GB", "1", "A100 SXM 40GB", Tier.SAME_GPU, "a100.8", 1, 8),
            new Kind("rtx4090", "1", "RTX 4090", Tier.NEAREST, "a100.8", 1, 8),
            new Kind("RTX_4090", "3", "RTX 4090", Tier.NEAREST, "a100.8", 3, 8),
            new Kind("A100", "1", "A100", Tier.NONE, "", 0, 1), // ambiguous
            new Kind("Voodoo 2", "1", "Voodoo 2", Tier.NONE, "", 0, 1),
            new Kind("", "1", "unknown", Tier.NONE, "", 0, 1));

    public final Provider provider;
    public final List<PriceRow> prices;
    public final PriceCatalog catalog;

    /**
     * Disjoint, ordered by instance and time, on any evidence; at most the last one of an instance lasts, and does not rest on sightings,
     * which would take a source.
     */
    public final List<UsageInterval> facts;

    private final Map<Instance, Kind> kinds = new HashMap<>();

    private RandomFleet(Provider provider, List<PriceRow> prices) {
        this.provider = provider;
        this.prices = prices;
        this.catalog = PriceCatalog.of(prices);
        this.facts = new ArrayList<>();
    }

    /**
     * A fleet whose usage begins at a moment and takes about as long as given.
     *
     * @param longest the longest interval, in seconds
     */
    public static RandomFleet of(Gen gen, Instant from, long longest) {
        return of(gen, from, longest, from);
    }

    /** The same, with an edge at which intervals often begin and end. */
    static RandomFleet of(Gen gen, Instant from, long longest, Instant edge) {
        Provider provider = gen.pick(Provider.AWS, Provider.GCP, Provider.AZURE, Provider.of("neo"));
        RandomFleet fleet = new RandomFleet(provider, prices(gen, provider, from, longest));
        for (String account : List.of("acme", "bolt", "core").subList(0, gen.between(1, 3))) {
            for (int id = gen.between(1, 3); id > 0; id--) {
                fleet.addInstance(gen, AccountId.of(account), "vm-" + id, from, longest, edge);
            }
        }
        return fleet;
    }

    private static List<PriceRow> prices(Gen gen, Provider provider, Instant from, long longest) {
        List<PriceRow> rows = new ArrayList<>();
        for (String type : List.of("t4.1 T4 1", "a100.8 A100_SXM_40GB 8")) {
            String[] parts = type.split(" ");
            Instant since = from.plusSeconds(gen.between(-longest, longest));
            for (int i = gen.between(1, 4); i > 0; i--) {
                String usd = HourlyRate.ofNanoUsd(
                                gen.between(1L, gen.pick(9L, 40_000_000_000L, 4_000_000_000_000_000L)))
                        .toUsd()
                        .toPlainString();
                String home = HOMES[provider.equals(Provider.AZURE) ? 1 : provider.equals(Provider.GCP) ? 2 : 0];
                PriceRow row = Prices.row(
                        provider,
                        provider.equals(Provider.of("neo")) ? "global" : home,
                        parts[0],
                        parts[1].replace('_', ' '),
                        parts[2],
                        usd,
                        since);
                rows.add(Prices.readOn(LocalDate.of(2026, 1, 1).plusDays(gen.between(0, 300)), row));
                since = since.plusSeconds(gen.between(1L, longest));
            }
        }
        return rows;
    }

    private void addInstance(Gen gen, AccountId account, String id, Instant from, long longest, Instant edge) {
        Instance instance = anyInstance(gen, account, id);
        Instant at = from.plusSeconds(gen.between(0L, longest));
        for (int i = gen.between(1, 5); i > 0; i--) {
            if (gen.oneIn(4)) {
                at = at.plusSeconds(gen.between(1L, longest)); // a gap that nobody knows of
            }
            if (gen.oneIn(4)) {
                instance = anyInstance(gen, account, id); // another size, or another rate
            }
            InstanceState state = gen.oneIn(2) ? InstanceState.RUNNING : gen.pick(InstanceState.values());
            long length = gen.oneIn(3) ? gen.pick(1, 10, 59, 60, 61, 119, 120) : gen.between(1L, longest);
            Instant end = at.isBefore(edge) && gen.oneIn(3) ? edge : at.plusSeconds(length);
            boolean lasts = i == 1 && gen.oneIn(2);
            facts.add(new UsageInterval(
                    instance, state, at, lasts ? Optional.empty() : Optional.of(end), anyEvidence(gen, lasts)));
            at = end;
        }
    }

    private static Evidence anyEvidence(Gen gen, boolean lasts) {
        return gen.oneIn(2)
                ? Evidence.OBSERVED
                : lasts
                        ? gen.pick(Evidence.PUSHED, Evidence.PUSHED_AND_SEEN)
                        : gen.pick(
                                Evidence.PUSHED,
                                Evidence.PUSHED_AND_SEEN,
                                Evidence.SEEN,
                                Evidence.SEEN,
                                Evidence.SEEN_SINCE,
                                Evidence.INFERRED);
    }

    private Instance anyInstance(Gen gen, AccountId account, String id) {
        Kind kind = gen.pick(KINDS);
        Instance.Builder builder = Instance.builder(account, id).gpuCount(GpuCount.parse(kind.count()));
        if (!kind.gpu().isEmpty()) {
            builder.gpu(kind.gpu(), GpuCount.parse(kind.count()));
        }
        if (!gen.oneIn(5)) {
            builder.rate(HourlyRate.ofNanoUsd(gen.between(0L, gen.pick(3L, 9_000_000_000L, 4_000_000_000_000_000L))));
        }
        if (gen.oneIn(2)) {
            builder.storageRate(HourlyRate.ofNanoUsd(gen.between(0L, 1_000_000_000L)));
        }
        if (gen.oneIn(2)) {
            builder.region(Region.of(gen.pick("paris", "oslo")));
        }
        Instance instance = builder.build();
        kinds.put(instance, kind);
        return instance;
    }

    Kind kind(Instance instance) {
        return kinds.get(instance);
    }

    /** The type's price rows. */
    List<PriceRow> pricesOf(String sku) {
        return prices.stream()
                .filter(row -> row.spec().instanceType().name().equals(sku))
                .toList();
    }

    /** The last day the newest price of a type was read. */
    LocalDate newestReadOn(String sku) {
        List<PriceRow> rows = pricesOf(sku);
        int last = rows.size() - 1;
        LocalDate day = rows.get(last).provenance().readOn().orElseThrow();
        for (int row = last - 1;
                row >= 0 && rows.get(row).rate().equals(rows.get(last).rate());
                row--) {
            LocalDate before = rows.get(row).provenance().readOn().orElseThrow();
            day = before.isAfter(day) ? before : day;
        }
        return day;
    }

    /** A store that was told everything in any order, twice, and in pieces. */
    InMemoryHistoryStore store(Gen gen) {
        InMemoryHistoryStore store = new InMemoryHistoryStore();
        told(gen).forEach(piece -> store.append(List.of(piece)));
        return store;
    }

    /** Everything in any order, twice, and in pieces. */
    public List<UsageInterval> told(Gen gen) {
        List<UsageInterval> pieces = new ArrayList<>();
        for (UsageInterval fact : facts) {
            long length = fact.end().orElse(fact.start()).getEpochSecond()
                    - fact.start().getEpochSecond();
            if (length < 2 || gen.oneIn(2)) {
                pieces.add(fact);
                continue;
            }
            long cut = gen.between(1L, length - 1);
            long overlap = gen.between(cut, length);
            Instant middle = fact.start().plusSeconds(cut);
            pieces.add(piece(fact, fact.start(), fact.start().plusSeconds(overlap)));
            pieces.add(piece(fact, middle, fact.end().orElseThrow()));
        }
        return gen.shuffledAndDoubled(pieces);
    }

    /** A part of a closed fact, on the same evidence. */
    public static UsageInterval piece(UsageInterval fact, Instant from, Instant to) {
        return new UsageInterval(fact.instance(), fact.state(), from, Optional.of(to), fact.evidence());
    }
}
