package cloud.dumont.economy;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.polling.PollObserver;
import cloud.dumont.economy.polling.PollPolicy;
import cloud.dumont.economy.polling.PollScheduler;
import cloud.dumont.economy.polling.Poller;
import cloud.dumont.economy.polling.PollerBuilder;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceOverlay;
import cloud.dumont.economy.pricing.source.PriceSource;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.savings.SavingsReport;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceSource;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.ObservedInstance;
import cloud.dumont.economy.usage.UsageLedger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The facade that a host builds once: prices, facts, calculator and polling, put together.
 *
 * <p>Building reads nothing and starts nothing. {@link #start()} loads the prices, takes up what the history left open and, if the
 * host gave an {@link InstanceSource}, begins to poll it: every 30 s while an instance is billable, every 60 s while none is.
 * {@link #close()} ends what start began.
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
    private final @Nullable Poller<Collection<ObservedInstance>> fleetPoller;
    private final UsageLedger ledger;
    private final SavingsCalculator calculator;

    private volatile @Nullable PriceCatalog catalog;

    private Economy(Builder builder) {
        history = Objects.requireNonNullElseGet(builder.history, () -> new InMemoryHistoryStore(builder.time));
        prices = builder.prices;
        time = builder.time;
        ownScheduler = builder.scheduler == null ? PollScheduler.create() : null;
        scheduler = builder.scheduler == null ? Objects.requireNonNull(ownScheduler) : builder.scheduler;
        ledger = new UsageLedger(history::append);
        calculator = SavingsCalculator.builder(history, this::catalog)
                .overlays(builder.overlays)
                .gpus(builder.gpus)
                .equivalence(Objects.requireNonNullElseGet(
                        builder.equivalence, () -> EquivalencePolicy.standard(builder.gpus)))
                .build();
        InstanceSource source = builder.instances;
        fleetPoller = source == null ? null : fleetPoller(source, builder);
    }

    private Poller<Collection<ObservedInstance>> fleetPoller(InstanceSource source, Builder builder) {
        return Poller.<Collection<ObservedInstance>>builder(source::instances)
                .accept(fleet -> ledger.observe(fleet, time.instant())) // not of a poll that was given up
                .policy(pollPolicy(
                        fleet -> fleet.stream().anyMatch(seen -> seen.state().isBillable())))
                .deadline(source.pollDeadline().orElse(builder.pollDeadline))
                .observer(builder.pollObserver)
                .scheduler(scheduler)
                .time(time)
                .name("fleet")
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
     * Loads the prices, takes up open intervals, and begins to poll if there is an instance source. Starting again changes nothing.
     *
     * @return this
     * @throws EconomyException if the prices or the history cannot be read; nothing is started then
     */
    public synchronized Economy start() {
        if (catalog == null) {
            PriceCatalog loaded = prices.load();
            for (AccountId account : history.accounts()) {
                ledger.resume(history.timelines(account).stream()
                        .flatMap(timeline -> timeline.openInterval().stream())
                        .toList());
            }
            catalog = loaded;
            if (fleetPoller != null) {
                fleetPoller.start();
            }
        }
        return this;
    }

    /**
     * Loads the prices again. Reports made from now on rest on the new catalog as a whole.
     *
     * @throws EconomyException if they cannot be loaded; the last good catalog stays
     */
    public void refreshPrices() {
        catalog(); // not before start
        catalog = prices.load();
    }

    /**
     * The prices that reports rest on now.
     *
     * @return one immutable snapshot
     * @throws IllegalStateException if the economy is not started
     */
    public PriceCatalog catalog() {
        PriceCatalog current = catalog;
        if (current == null) {
            throw new IllegalStateException("economy is not started");
        }
        return current;
    }

    /**
     * Takes what the host tells of its instances.
     *
     * @return the ledger over this economy's history
     */
    public UsageLedger ledger() {
        return ledger;
    }

    /**
     * All that is known of an account.
     *
     * @param account whose
     * @return one timeline per instance
     */
    public List<InstanceTimeline> timelines(AccountId account) {
        return history.timelines(account);
    }

    /**
     * Answers every question about savings, also those that {@link #report} does not ask.
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
        return report(account, Baseline.onDemand(provider));
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
        return calculator.report(account, baseline, now());
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
        return report.hasBillableInstances() ? POLL_WHEN_ACTIVE : POLL_WHEN_IDLE;
    }

    /**
     * How this economy's own polling stands, for a health endpoint.
     *
     * @return a snapshot
     */
    public EconomyHealth health() {
        return new EconomyHealth(fleetPoller == null ? List.of() : List.of(fleetPoller.status()));
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
        if (fleetPoller != null) {
            fleetPoller.close();
        }
        if (ownScheduler != null) {
            ownScheduler.close();
        }
    }

    /** Puts an economy together. Not thread-safe. */
    public static final class Builder {

        private @Nullable HistoryStore history;
        private PriceSource prices = PriceSource.bundled();
        private Function<AccountId, PriceOverlay> overlays = account -> PriceOverlay.NONE;
        private GpuCatalog gpus = GpuCatalog.bundled();
        private InstantSource time = InstantSource.system();
        private @Nullable EquivalencePolicy equivalence;
        private @Nullable InstanceSource instances;
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
         * What tells the host's fleet; nothing is polled unless set.
         *
         * @param source asked every 30 s or 60 s
         * @return this builder
         */
        public Builder instances(InstanceSource source) {
            instances = Objects.requireNonNull(source, "source");
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
        return Optional.ofNullable(catalog).map(PriceCatalog::toString).orElse("economy, not started");
    }
}
