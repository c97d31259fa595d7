package cloud.dumont.economy.savings;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.equivalence.Sizing;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.pricing.OfferFilter;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceOverlay;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.GapPolicy;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.ObservedInstance;
import cloud.dumont.economy.usage.UsageConflictException;
import cloud.dumont.economy.usage.UsageInterval;
import cloud.dumont.economy.usage.UsageLedger;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The law of the views: whatever is recorded, by whichever host, early or late, in whatever order questions are asked, and whatever happens to
 * prices meanwhile, a view answers what {@link SavingsCalculator} makes of all facts. Held against every store.
 */
public final class ViewsLaw {

    private static final Instant BEGIN =
            Instant.parse("2026-03-27T21:00:00Z"); // two days before clocks change in Europe

    private static final GapPolicy GAPS = new GapPolicy(Duration.ofMinutes(5), Duration.ofMinutes(50));

    private static final List<ZoneId> ZONES =
            List.of(ZoneId.of("UTC"), ZoneId.of("Europe/Berlin"), ZoneId.of("Asia/Kathmandu"));

    private static final int STEPS = 60;

    /** One for all, so that equal decisions are the same. */
    private final EquivalencePolicy policy =
            EquivalencePolicy.standard(GpuCatalog.bundled()).cached();

    private final Gen gen;
    private final String name;
    private final RandomFleet fleet;
    private final RandomFleet otherPrices;
    private final HistoryStore store;
    private final List<UsageLedger> hosts;
    private final List<SavingsViews> views;
    private final SavingsCalculator calculator;
    private final Map<String, Map<String, ObservedInstance>> listings = new LinkedHashMap<>();
    private final Clock clock;
    private final StringBuilder log = new StringBuilder();

    private PriceCatalog catalog;
    private PriceOverlay overlay = PriceOverlay.NONE;

    /** Moves when it is told to, for the store as for the hosts. */
    public static final class Clock implements InstantSource {

        private Instant now = BEGIN;

        @Override
        public Instant instant() {
            return now;
        }
    }

    private ViewsLaw(Gen gen, Function<InstantSource, HistoryStore> stores, String name) {
        this.gen = gen;
        this.name = name;
        this.clock = new Clock();
        this.fleet = RandomFleet.of(gen, BEGIN, 100_000);
        this.otherPrices = RandomFleet.of(gen, BEGIN, 100_000);
        this.catalog = fleet.catalog;
        this.store = stores.apply(clock);
        this.hosts = List.of(host("one"), host("two"));
        this.calculator = calculator(store);
        this.views = List.of(
                SavingsViews.create(calculator, clock, Runnable::run),
                SavingsViews.create(calculator(stores.apply(clock)), clock, Runnable::run));
        listings.put("a" + name, new LinkedHashMap<>());
        listings.put("b" + name, new LinkedHashMap<>());
    }

    private UsageLedger host(String host) {
        return UsageLedger.builder(store)
                .gaps(GAPS)
                .time(clock)
                .name(host + name)
                .build();
    }

    private SavingsCalculator calculator(HistoryStore history) {
        return SavingsCalculator.builder(history, () -> catalog)
                .overlays(account -> overlay)
                .equivalence(policy)
                .gaps(GAPS)
                .longestPause(Duration.ofHours(5))
                .build();
    }

    /**
     * Checks one random script.
     *
     * @param gen makes the script
     * @param stores gives a store by a clock: the same one, or another onto the same data
     * @param name keeps the script apart from others in the same store
     */
    public static void check(Gen gen, Function<InstantSource, HistoryStore> stores, String name) {
        ViewsLaw law = new ViewsLaw(gen, stores, name);
        for (int step = 0; step < STEPS; step++) {
            law.step();
        }
    }

    private void step() {
        pass();
        int what = gen.between(0, 11);
        try {
            switch (what) {
                case 0, 1, 2 -> push(clock.now);
                case 3 -> push(clock.now.minusSeconds(gen.between(0, 200_000)));
                case 4, 5, 6 -> list();
                case 7 -> append();
                case 8 -> correct();
                case 9 -> rare();
                default -> {}
            }
        } catch (UsageConflictException | IllegalStateException e) {
            log.append("  refused\n");
        }
        if (gen.oneIn(2)) {
            ask();
        }
    }

    /** Often to an edge of an hour, or just past one. */
    private void pass() {
        long second = clock.now.getEpochSecond();
        long next = switch (gen.between(0, 5)) {
            case 0 -> second;
            case 1, 2 -> second + gen.between(1, 300);
            case 3 -> (second / 3600 + 1) * 3600 + gen.pick(-1, 0, 0, 1, 20);
            case 4 -> second + gen.between(300, 7200);
            default -> second + gen.between(1, gen.pick(100, 100_000));
        };
        clock.now = Instant.ofEpochSecond(Math.max(second, next));
        if (gen.oneIn(60)) {
            clock.now = clock.now.minusSeconds(gen.between(1, 10_000));
        }
        log.append(clock.now).append('\n');
    }

    private Instance instance() {
        Instance any = gen.pick(fleet.facts).instance();
        AccountId account = AccountId.of(any.account() + name);
        Instance.Builder copy = Instance.builder(account, any.id().value()).gpuCount(any.gpuCount());
        any.gpuName().ifPresent(gpu -> copy.gpu(gpu, any.gpuCount()));
        any.rate().ifPresent(copy::rate);
        any.storageRate().ifPresent(copy::storageRate);
        any.region().ifPresent(copy::region);
        return copy.build();
    }

    private InstanceState state() {
        return gen.oneIn(2) ? InstanceState.RUNNING : gen.pick(InstanceState.values());
    }

    private void push(Instant at) {
        UsageLedger host = gen.pick(hosts);
        Instance instance = instance();
        if (gen.oneIn(4)) {
            log.append("  ended ").append(instance.id()).append(' ').append(at).append('\n');
            host.ended(instance.account(), instance.id(), at);
        } else {
            InstanceState state = state();
            log.append("  ")
                    .append(state)
                    .append(' ')
                    .append(instance)
                    .append(' ')
                    .append(at)
                    .append('\n');
            host.changed(instance, state, at);
        }
    }

    private void list() {
        String source = gen.oneIn(4) ? "b" + name : "a" + name;
        Map<String, ObservedInstance> shown = listings.get(source);
        int changes = gen.between(0, 2);
        for (int i = 0; i < changes; i++) {
            Instance instance = instance();
            String key = instance.account() + "/" + instance.id();
            if (gen.oneIn(3)) {
                shown.remove(key);
            } else {
                Optional<Instant> since =
                        gen.oneIn(2) ? Optional.empty() : Optional.of(clock.now.minusSeconds(gen.between(0, 20_000)));
                shown.put(key, new ObservedInstance(instance, state(), since));
            }
        }
        Instant asked = gen.oneIn(3) ? clock.now.minusSeconds(gen.between(0, 30)) : clock.now;
        log.append("  ")
                .append(source)
                .append(" at ")
                .append(asked)
                .append(' ')
                .append(shown.values())
                .append('\n');
        gen.pick(hosts).observe(source, List.copyOf(shown.values()), asked);
    }

    private UsageInterval interval() {
        Instant start = clock.now.minusSeconds(gen.between(-2_000, gen.pick(4_000, 300_000)));
        Optional<Instant> end =
                gen.oneIn(5) ? Optional.empty() : Optional.of(start.plusSeconds(gen.between(1, 20_000)));
        return new UsageInterval(instance(), state(), start, end);
    }

    private void append() {
        UsageInterval interval = interval();
        log.append("  append ").append(interval).append('\n');
        store.append(List.of(interval));
    }

    private void correct() {
        UsageInterval interval = interval();
        log.append("  correct ").append(interval).append('\n');
        store.correct(List.of(interval));
    }

    private void rare() {
        switch (gen.between(0, 4)) {
            case 0 -> catalog = catalog == fleet.catalog ? otherPrices.catalog : fleet.catalog;
            case 1 -> overlay = overlay.equals(PriceOverlay.NONE) ? discount() : PriceOverlay.NONE;
            case 2 -> gen.pick(hosts).alive(clock.now);
            case 3 -> gen.pick(hosts).retire("b" + name);
            default -> {
                Instance gone = instance();
                store.correct(List.of(
                        UsageInterval.between(gone, InstanceState.TERMINATED, BEGIN.minusSeconds(400_000), clock.now)));
            }
        }
    }

    private PriceOverlay discount() {
        return PriceOverlay.builder()
                .discount(OfferFilter.of(fleet.provider), new BigDecimal("12.5"), "contract")
                .build();
    }

    private void ask() {
        SavingsViews asked = gen.pick(views);
        AccountId account = AccountId.of(gen.pick("acme", "bolt", "nobody") + name);
        Baseline baseline = Baseline.onDemand(catalog == fleet.catalog ? fleet.provider : otherPrices.provider);
        Baseline whole = baseline.withSizing(Sizing.WHOLE_INSTANCE);
        Instant at = gen.oneIn(5) ? clock.now.plusSeconds(gen.between(-100_000, 10_000)) : clock.now;
        at = gen.oneIn(8) ? at.truncatedTo(ChronoUnit.HOURS) : at;
        String script = "at " + at + " after\n" + log;
        switch (gen.between(0, 5)) {
            case 0, 1, 2 -> {
                List<Baseline> baselines = gen.oneIn(3) ? List.of(whole, baseline) : List.of(baseline);
                assertThat(asked.reports(account, baselines, at))
                        .as("reports of %s %s", account, script)
                        .isEqualTo(calculator.reports(account, baselines, at));
            }
            case 3 -> {
                Granularity granularity = gen.pick(Granularity.HOUR, Granularity.DAY, Granularity.WEEK);
                ZoneId zone = gen.pick(ZONES);
                List<AccountId> accounts = gen.oneIn(2) ? List.of(account) : accounts();
                Instant from = at.minusSeconds(gen.between(1, 300_000));
                assertThat(asked.history(accounts, baseline, from, at, granularity, zone))
                        .as("history of %s %s %s from %s %s", accounts, granularity, zone, from, script)
                        .isEqualTo(calculator.history(accounts, baseline, from, at, granularity, zone));
            }
            case 4 -> {
                Dimension by = gen.pick(Dimension.values());
                assertThat(asked.breakdown(accounts(), baseline, at, by))
                        .as("breakdown by %s %s", by, script)
                        .isEqualTo(calculator.breakdown(accounts(), baseline, at, by));
            }
            default -> {
                ZoneId zone = gen.pick(ZONES);
                assertThat(asked.trend(account, baseline, at, zone))
                        .as("trend of %s in %s %s", account, zone, script)
                        .isEqualTo(calculator.trend(account, baseline, at, zone));
            }
        }
    }

    private List<AccountId> accounts() {
        List<AccountId> accounts = new ArrayList<>();
        for (String account : List.of("acme", "bolt", "core")) {
            accounts.add(AccountId.of(account + name));
        }
        return accounts;
    }
}
