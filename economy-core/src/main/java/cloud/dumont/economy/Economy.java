package cloud.dumont.economy;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.polling.PollObserver;
import cloud.dumont.economy.polling.PollPolicy;
import cloud.dumont.economy.polling.PollScheduler;
import cloud.dumont.economy.polling.Poller;
import cloud.dumont.economy.polling.PollerBuilder;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceOverlay;
import cloud.dumont.economy.pricing.feed.PriceRefresh;
import cloud.dumont.economy.pricing.feed.RefreshReport;
import cloud.dumont.economy.pricing.source.PriceSource;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.savings.Breakdown;
import cloud.dumont.economy.savings.Dimension;
import cloud.dumont.economy.savings.HistoryBucket;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.savings.SavingsReport;
import cloud.dumont.economy.savings.SavingsViews;
import cloud.dumont.economy.savings.Trend;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.GapPolicy;
import cloud.dumont.economy.usage.InstanceSource;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.ObservationListener;
import cloud.dumont.economy.usage.ObservedInstance;
import cloud.dumont.economy.usage.UsageInterval;
import cloud.dumont.economy.usage.UsageLedger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The facade that a host builds once: prices, facts, calculator and polling, put together.
 *
 * <p>Building reads nothing and starts nothing. {@link #start()} loads the prices and, if the host gave an {@link InstanceSource}, begins to
 * poll it: every 30 s while an instance is billable, every 60 s while none is. {@link #close()} ends what start began, for good.
 *
 * <pre>{@code
 * try (Economy economy = Economy.builder().build().start()) {
 *     economy.ledger().changed(instance, InstanceState.RUNNING, clock.instant());
 *     SavingsReport report = economy.report(account, Provider.AWS);
 * }
 * }</pre>
 *
 * <p>This class is thread-safe.
 */
public final class Economy implements AutoCloseable {

    /** How long to wait between polls while an instance is billable. */
    public static final Duration POLL_WHEN_ACTIVE = Duration.ofSeconds(30);

    /** How long to wait between polls while no instance is billable. */
    public static final Duration POLL_WHEN_IDLE = Duration.ofSeconds(60);

    /** The longest wait between polls while they fail: an outage's end is noticed within it. */
    public static final Duration POLL_AFTER_FAILURES = Duration.ofMinutes(2);

    private final HistoryStore history;
    private final PriceSource prices;
    private final InstantSource time;
    private final @Nullable PollScheduler ownScheduler;
    private final PollScheduler scheduler;
    private final List<Poller<Asked>> fleetPollers;
    private final @Nullable PriceRefreshing refreshing;
    private final UsageLedger ledger;
    private final SavingsCalculator calculator;
    private final SavingsViews views;

    /** Begins a thread when there is something to do, and ends it soon after. */
    private final ThreadPoolExecutor background =
            new ThreadPoolExecutor(0, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Economy::backgroundThread);

    private volatile @Nullable Loaded loaded;
    private volatile Optional<String> priceFailure = Optional.empty();
    private boolean closed;

    /** The catalog that reports rest on, and since when. */
    private record Loaded(PriceCatalog catalog, Instant at) {}

    private Economy(Builder builder) {
        history = Objects.requireNonNullElseGet(builder.history, () -> new InMemoryHistoryStore(builder.time));
        time = builder.time;
        ownScheduler = builder.scheduler == null ? PollScheduler.create() : null;
        scheduler = builder.scheduler == null ? Objects.requireNonNull(ownScheduler) : builder.scheduler;
        refreshing = builder.refresh == null
                ? null
                : new PriceRefreshing(
                        builder.refresh,
                        builder.prices,
                        builder.gpus,
                        time,
                        scheduler,
                        catalog -> loaded = new Loaded(catalog, time.instant()));
        prices = refreshing == null ? builder.prices : refreshing.store();
        ledger = builder.ledger(history);
        calculator = SavingsCalculator.builder(history, this::catalog)
                .overlays(builder.overlays)
                .gaps(builder.gaps)
                .gpus(builder.gpus)
                .equivalence(Objects.requireNonNullElseGet(
                        builder.equivalence, () -> EquivalencePolicy.standard(builder.gpus)))
                .build();
        views = SavingsViews.create(calculator, time, background);
        fleetPollers = builder.instances.entrySet().stream()
                .map(source -> fleetPoller(source.getKey(), source.getValue(), builder))
                .toList();
    }

    private static Thread backgroundThread(Runnable work) {
        Thread thread = new Thread(null, work, "economy-sums", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        return thread;
    }

    /** A listing, and when it was asked for: what it shows was so then, however long the answer took. */
    private record Asked(Instant at, Collection<ObservedInstance> fleet) {

        boolean showsBillable() {
            return fleet.stream().anyMatch(seen -> seen != null && seen.state().isBillable());
        }
    }

    private Poller<Asked> fleetPoller(String name, InstanceSource source, Builder builder) {
        return Poller.<Asked>builder(() -> {
                    Instant at = time.instant();
                    Collection<ObservedInstance> fleet = Objects.requireNonNull(
                            source.instances(), "source '" + name + "' gave null instead of a listing");
                    return new Asked(at, fleet);
                })
                .accept(asked -> ledger.observe(name, asked.fleet(), asked.at())) // not of a poll that was given up
                .policy(pollPolicy(Asked::showsBillable))
                .deadline(source.pollDeadline().orElse(builder.pollDeadline))
                .observer(builder.pollObserver)
                .scheduler(scheduler)
                .time(time)
                .name(name)
                .build();
    }

    private static <T> PollPolicy<T> pollPolicy(Predicate<? super T> active) {
        return PollPolicy.<T>adaptive(active)
                .whenActive(POLL_WHEN_ACTIVE)
                .whenIdle(POLL_WHEN_IDLE)
                .longestBackoff(POLL_AFTER_FAILURES)
                .build();
    }

    /**
     * Starts to put an economy together.
     *
     * @return a builder with the bundled prices, a history in memory and the system's clock
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Loads the prices, and begins to poll the instance sources, if there are any. What the history holds needs no taking up. Starting
     * again changes nothing.
     *
     * @return this
     * @throws EconomyException if the prices cannot be loaded; nothing is started then
     * @throws IllegalStateException if this economy is closed: build another one
     */
    public synchronized Economy start() {
        if (closed) {
            throw new IllegalStateException("this economy is closed, and stays closed; build another one");
        }
        if (loaded == null) {
            loaded = load();
            fleetPollers.forEach(Poller::start);
            if (refreshing != null) {
                refreshing.start();
            }
        }
        return this;
    }

    private Loaded load() {
        return new Loaded(
                Objects.requireNonNull(prices.load(), "the price source gave null instead of a catalog"),
                time.instant());
    }

    /**
     * Loads the prices again. Reports made from now on rest on the new catalog as a whole; those of accounts with a long history as soon as
     * their sums have been made again in the background, and on the old one until then. Each says on which.
     *
     * @throws EconomyException if they cannot be loaded; the last good catalog stays
     * @throws NullPointerException if the source gives null; the last good catalog stays
     */
    public void refreshPrices() {
        catalog(); // not before start
        try {
            loaded = load();
            priceFailure = Optional.empty();
        } catch (RuntimeException e) {
            priceFailure = Optional.of(description(e));
            throw e;
        }
    }

    /**
     * What came of the last reading of each price feed.
     *
     * @return one report for each feed that was read since the start, in the order of their names; none unless
     *     {@link Builder#refreshPrices} is set
     */
    public List<RefreshReport> priceRefreshes() {
        return refreshing == null ? List.of() : refreshing.latest();
    }

    /** The messages of our own exceptions hold no secrets; those of others might. */
    private static String description(RuntimeException e) {
        return e instanceof EconomyException && e.getMessage() != null
                ? e.getMessage()
                : e.getClass().getName();
    }

    /**
     * Puts right what was recorded wrong: whatever is known of the time of each interval gives way to it, an open end included. It counts as
     * a push from now on; a source that goes on to show what it showed before does not undo it. What was reported before stays to be
     * asked for, with {@link SavingsCalculator#asTold}.
     *
     * @param truth intervals of any accounts and instances, in any order, none inferred
     * @throws cloud.dumont.economy.usage.UsageConflictException if two of them disagree; it names both, and nothing is changed
     * @throws IllegalArgumentException if one is inferred, begins before 2000, or begins or ends more than five minutes ahead of the clock;
     *     nothing is changed
     * @throws EconomyException if it could not be stored
     */
    public void correct(Collection<UsageInterval> truth) {
        ledger.correct(truth);
    }

    /**
     * The prices that reports rest on now.
     *
     * @return one immutable snapshot
     * @throws IllegalStateException if the economy is not started
     */
    public PriceCatalog catalog() {
        Loaded current = loaded;
        if (current == null) {
            throw new IllegalStateException("economy is not started");
        }
        return current.catalog();
    }

    /**
     * The prices that an account's reports rest on now: the list, with what the account's overlay knows better.
     *
     * @param account whose
     * @return one immutable snapshot
     * @throws IllegalStateException if the economy is not started
     */
    public PriceCatalog catalog(AccountId account) {
        return calculator.catalog(account);
    }

    /**
     * Takes what the host says of its instances.
     *
     * @return the ledger over this economy's history
     */
    public UsageLedger ledger() {
        return ledger;
    }

    /**
     * All that is known of an account. What lasts and rests on sightings is vouched for up to the last one only: reports say until when.
     *
     * @param account whose
     * @return one timeline per instance
     */
    public List<InstanceTimeline> timelines(AccountId account) {
        return history.timelines(Objects.requireNonNull(account, "account"));
    }

    /**
     * Answers every question about savings, also at moments long past and about workloads that are imagined. It reads all usage of an account
     * each time: for what a page shows again and again, ask this economy itself.
     *
     * @return the calculator over this economy's prices and history
     */
    public SavingsCalculator calculator() {
        return calculator;
    }

    /**
     * What an account saves against a provider's on-demand list prices, now.
     *
     * @param account whose
     * @param provider compared with whom
     * @return the report
     * @throws IllegalStateException if the economy is not started
     * @throws IllegalArgumentException if the catalog does not know the provider; the message lists those it knows
     */
    public SavingsReport report(AccountId account, Provider provider) {
        return report(account, Baseline.onDemand(Objects.requireNonNull(provider, "provider")));
    }

    /**
     * What an account saves against a baseline, now.
     *
     * @param account whose
     * @param baseline compared with what
     * @return the report
     * @throws IllegalStateException if the economy is not started
     * @throws IllegalArgumentException if the catalog does not know the baseline's provider or region
     */
    public SavingsReport report(AccountId account, Baseline baseline) {
        Objects.requireNonNull(baseline, "baseline");
        return reports(account, List.of(baseline), now()).get(0);
    }

    /**
     * What an account saves against several baselines: all on the same facts and the same catalog.
     *
     * <p>The first time, all usage of the account is read; after that, what has changed since and the hours that are open. Figures are those of
     * {@link SavingsCalculator}, to the quantum. It is asked itself, and reads everything, where the moment lies before the hours that are
     * open: more than an hour ago, as a rule.
     *
     * @param account whose
     * @param baselines compared with what
     * @param at as of when, {@link #now} as a rule; later facts are left out. Cut to whole seconds
     * @return one report for each baseline, in their order
     * @throws IllegalStateException if the economy is not started
     * @throws IllegalArgumentException if the catalog does not know a baseline's provider or region
     */
    public List<SavingsReport> reports(AccountId account, List<Baseline> baselines, Instant at) {
        return views.reports(account, baselines, at);
    }

    /**
     * Totals of some accounts over time, bucket by bucket, from sums that are kept as for {@link #reports}.
     *
     * @param accounts whose; one that is named twice counts once
     * @param baseline compared with what
     * @param from the first bucket is the one that holds this moment
     * @param to the last bucket is the one that holds the moment before this one; later facts are left out
     * @param granularity how finely to cut
     * @param zone where days begin
     * @return every bucket, oldest first, those without usage with zeros
     * @throws IllegalStateException if the economy is not started
     * @throws IllegalArgumentException if {@code from} does not lie before {@code to}, or if the catalog does not know the baseline's
     *     provider or region
     */
    public List<HistoryBucket> history(
            Collection<AccountId> accounts,
            Baseline baseline,
            Instant from,
            Instant to,
            Granularity granularity,
            ZoneId zone) {
        return views.history(accounts, baseline, from, to, granularity, zone);
    }

    /**
     * Lifetime totals of some accounts by group, from sums that are kept as for {@link #reports}.
     *
     * @param accounts whose; one that is named twice counts once
     * @param baseline compared with what
     * @param at as of when; later facts are left out. Cut to whole seconds
     * @param by what to group by
     * @return groups with any billable time, and their total
     * @throws IllegalStateException if the economy is not started
     * @throws IllegalArgumentException if the catalog does not know the baseline's provider or region
     */
    public Breakdown breakdown(Collection<AccountId> accounts, Baseline baseline, Instant at, Dimension by) {
        return views.breakdown(accounts, baseline, at, by);
    }

    /**
     * What an account's last complete days say of the next, from sums that are kept as for {@link #reports}.
     *
     * @param account whose
     * @param baseline compared with what
     * @param at the day that holds this moment is not complete
     * @param zone where days begin
     * @return the trend; empty with fewer than seven complete days, which is not enough history
     * @throws IllegalStateException if the economy is not started
     * @throws IllegalArgumentException if the catalog does not know the baseline's provider or region
     */
    public Optional<Trend> trend(AccountId account, Baseline baseline, Instant at, ZoneId zone) {
        return views.trend(account, baseline, at, zone);
    }

    /**
     * The moment that reports made now speak of.
     *
     * @return this economy's time
     */
    public Instant now() {
        return time.instant();
    }

    /**
     * When to ask for a report again.
     *
     * @param report the last one
     * @return {@link #POLL_WHEN_ACTIVE} while an instance is billable, else {@link #POLL_WHEN_IDLE}
     */
    public static Duration nextPoll(SavingsReport report) {
        return Objects.requireNonNull(report, "report").hasBillableInstances() ? POLL_WHEN_ACTIVE : POLL_WHEN_IDLE;
    }

    /**
     * How this economy stands, for a health endpoint: its own polling, its prices, and whether its history answers, which takes one small
     * read of the store and as long as the store lets it wait. Never throws, also before the start.
     *
     * @return a snapshot
     */
    public EconomyHealth health() {
        return new EconomyHealth(fleetPollers.stream().map(Poller::status).toList(), priceHealth(), historyHealth());
    }

    private EconomyHealth.Prices priceHealth() {
        Optional<Loaded> current = Optional.ofNullable(loaded);
        return new EconomyHealth.Prices(
                current.map(prices -> prices.catalog().version()),
                current.flatMap(prices -> prices.catalog().newestReadOn()),
                current.map(Loaded::at),
                priceFailure);
    }

    private EconomyHealth.History historyHealth() {
        try {
            history.clock(UsageLedger.FLEET);
            return new EconomyHealth.History(Optional.empty());
        } catch (RuntimeException e) {
            return new EconomyHealth.History(Optional.of(description(e)));
        }
    }

    /**
     * Starts to build a poller of live reports: every 30 s while an instance is billable, every 60 s while none is, and not at all
     * while nobody listens. The host adds its listeners, starts it, and closes it before this economy.
     *
     * @param account whose
     * @param baseline compared with what
     * @return a builder that shares this economy's scheduler
     */
    public PollerBuilder<SavingsReport> poller(AccountId account, Baseline baseline) {
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(baseline, "baseline");
        return Poller.<SavingsReport>builder(() -> report(account, baseline))
                .policy(pollPolicy(SavingsReport::hasBillableInstances))
                .pauseWhenUnheard()
                .scheduler(scheduler)
                .time(time)
                .name("savings of " + account);
    }

    /**
     * Ends the polling: the poll in progress is let end, or cancelled and given up so that this returns within some five seconds.
     * The history stays the host's, and is not closed.
     */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        background.shutdownNow();
        fleetPollers.forEach(Poller::close);
        if (refreshing != null) {
            refreshing.close();
        }
        if (ownScheduler != null) {
            ownScheduler.close();
        }
    }

    /** Puts an economy together. Not thread-safe. */
    public static final class Builder {

        private @Nullable HistoryStore history;
        private PriceSource prices = PriceSource.bundled();
        private @Nullable PriceRefresh refresh;
        private Function<AccountId, PriceOverlay> overlays = account -> PriceOverlay.NONE;
        private GpuCatalog gpus = GpuCatalog.bundled();
        private InstantSource time = InstantSource.system();
        private boolean ownTime = true;
        private @Nullable EquivalencePolicy equivalence;
        private final Map<String, InstanceSource> instances = new LinkedHashMap<>();
        private GapPolicy gaps = GapPolicy.STANDARD;
        private ObservationListener observations = observation -> {};
        private @Nullable PollScheduler scheduler;
        private Duration pollDeadline = Duration.ofSeconds(10);
        private PollObserver pollObserver = sample -> {};

        private Builder() {}

        /**
         * Where the facts are kept; in memory unless set.
         *
         * @param store the host's store; stays the host's
         * @return this builder
         */
        public Builder history(HistoryStore store) {
            history = Objects.requireNonNull(store, "store");
            return this;
        }

        /**
         * Where the prices come from; the bundled ones unless set.
         *
         * @param source loaded at start and at each refresh
         * @return this builder
         */
        public Builder prices(PriceSource source) {
            prices = Objects.requireNonNull(source, "source");
            return this;
        }

        /**
         * Reads sellers' price lists on a schedule, from the start until the end; none are read unless set. What they say goes into the source of
         * {@link #prices} if that is a {@link cloud.dumont.economy.pricing.source.PriceStore}, which keeps it, and else into memory.
         * Reports rest on it from then on, each on one catalog as a whole.
         *
         * @param feeds which lists, and how often
         * @return this builder
         */
        public Builder refreshPrices(PriceRefresh feeds) {
            refresh = Objects.requireNonNull(feeds, "feeds");
            return this;
        }

        /**
         * The GPU models that names are looked up in; the bundled ones unless set.
         *
         * @param models the models
         * @return this builder
         */
        public Builder gpus(GpuCatalog models) {
            gpus = Objects.requireNonNull(models, "models");
            return this;
        }

        /**
         * What accounts know better than the price list; nothing unless set.
         *
         * @param ofAccount gives what an account knows better, asked at every report
         * @return this builder
         * @see SavingsCalculator.Builder#overlays
         */
        public Builder overlays(Function<AccountId, PriceOverlay> ofAccount) {
            overlays = Objects.requireNonNull(ofAccount, "ofAccount");
            return this;
        }

        /**
         * What decides on equivalents; the library's own policy unless set.
         *
         * @param policy the policy
         * @return this builder
         */
        public Builder equivalence(EquivalencePolicy policy) {
            equivalence = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * What shows the host's fleet; nothing is polled unless set. The same as a source named {@value UsageLedger#FLEET}.
         *
         * @param source asked every 30 s or 60 s
         * @return this builder
         * @throws IllegalArgumentException if that source is set already
         */
        public Builder instances(InstanceSource source) {
            return instances(UsageLedger.FLEET, source);
        }

        /**
         * What shows a part of the host's fleet. Several sources may feed one economy. An instance belongs to the source that shows it first.
         *
         * @param name of the source, 1 to 200 characters; hosts that share a history give one name only to sources of one scope
         * @param source asked every 30 s or 60 s
         * @return this builder
         * @throws IllegalArgumentException if a source of that name is set already
         */
        public Builder instances(String name, InstanceSource source) {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(source, "source");
            if (instances.putIfAbsent(name, source) != null) {
                throw new IllegalArgumentException(
                        "a source named '" + name + "' is set already; give each source a name of its own");
            }
            return this;
        }

        /**
         * What to make of time between two polls; {@link GapPolicy#STANDARD} unless set.
         *
         * @param policy the policy; {@link GapPolicy#longestObserved()} is not less than {@link Economy#POLL_WHEN_IDLE}, the longest
         *     time between two polls
         * @return this builder
         * @throws IllegalArgumentException if it is less: no two polls would ever be close enough for a state to count as seen
         */
        public Builder gaps(GapPolicy policy) {
            Objects.requireNonNull(policy, "policy");
            if (policy.longestObserved().compareTo(POLL_WHEN_IDLE) < 0) {
                throw new IllegalArgumentException("longestObserved is " + policy.longestObserved()
                        + ", shorter than the longest time between two polls, " + POLL_WHEN_IDLE
                        + "; give that or more");
            }
            gaps = policy;
            return this;
        }

        /**
         * What is called with what became of listings; nothing unless set.
         *
         * @param listener called once for each kind of finding and instance
         * @return this builder
         */
        public Builder observations(ObservationListener listener) {
            observations = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * The time; the system's unless set. A {@link java.time.Clock} is one.
         *
         * @param source of instants
         * @return this builder
         */
        public Builder time(InstantSource source) {
            time = Objects.requireNonNull(source, "source");
            ownTime = false;
            return this;
        }

        /**
         * What wakes the pollers, and runs their polls; one daemon thread and workers of the economy's own unless set.
         *
         * @param shared the host's scheduler; stays the host's
         * @return this builder
         */
        public Builder scheduler(PollScheduler shared) {
            scheduler = Objects.requireNonNull(shared, "shared");
            return this;
        }

        private UsageLedger ledger(HistoryStore store) {
            UsageLedger.Builder builder = UsageLedger.builder(store).gaps(gaps).listener(observations);
            return (ownTime ? builder : builder.time(time)).build();
        }

        /**
         * How long a poll of the fleet may take before it is cancelled and counts as failed, unless the source
         * {@linkplain InstanceSource#pollDeadline() names a deadline of its own}.
         *
         * @param deadline longer than zero, at most 100 days; ten seconds unless set
         * @return this builder
         * @throws IllegalArgumentException from {@link #build()}, if it is out of range
         */
        public Builder pollDeadline(Duration deadline) {
            pollDeadline = Objects.requireNonNull(deadline, "deadline");
            return this;
        }

        /**
         * What takes the measures of the polls of the fleet; nothing unless set.
         *
         * @param observer thread-safe, and quick
         * @return this builder
         */
        public Builder pollObserver(PollObserver observer) {
            pollObserver = Objects.requireNonNull(observer, "observer");
            return this;
        }

        /**
         * The economy.
         *
         * @return an economy that is not started
         */
        public Economy build() {
            return new Economy(this);
        }
    }

    @Override
    public String toString() {
        return Optional.ofNullable(loaded)
                .map(prices -> prices.catalog().toString())
                .orElse("economy, not started");
    }
}
