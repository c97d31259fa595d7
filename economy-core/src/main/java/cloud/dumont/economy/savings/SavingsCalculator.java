package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.history.AccountUsage;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.history.VouchedUsage;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceOverlay;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.GapPolicy;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Computes savings from the facts, the obvious way: every interval of an account, priced on both sides, added up exactly. Nothing is
 * kept between calls but decisions on equivalents, so an answer never depends on what was asked before.
 *
 * <p>Thread-safe. Each call takes one snapshot of the catalog, so that no answer mixes two versions.
 */
public final class SavingsCalculator {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final HistoryStore history;
    private final Function<AccountId, AccountUsage> usage;
    private final Supplier<PriceCatalog> catalog;
    private final Function<AccountId, PriceOverlay> overlays;
    private final OverlaidCatalogs overlaid;
    private final GpuCatalog gpus;
    private final EquivalencePolicy policy;
    private final Duration longestPause;
    private final GapPolicy gaps;

    private SavingsCalculator(Builder builder) {
        this.history = builder.history;
        this.usage = history::usage;
        this.catalog = builder.catalog;
        this.overlays = builder.overlays;
        this.overlaid = new OverlaidCatalogs();
        this.gpus = builder.gpus;
        this.policy = Objects.requireNonNullElseGet(builder.policy, () -> EquivalencePolicy.standard(gpus))
                .cached();
        this.longestPause = builder.longestPause;
        this.gaps = builder.gaps;
    }

    private SavingsCalculator(SavingsCalculator other, HistoryStore history, Function<AccountId, AccountUsage> usage) {
        this.history = history;
        this.usage = usage;
        this.catalog = other.catalog;
        this.overlays = other.overlays;
        this.overlaid = other.overlaid;
        this.gpus = other.gpus;
        this.policy = other.policy;
        this.longestPause = other.longestPause;
        this.gaps = other.gaps;
    }

    /**
     * Starts to build a calculator.
     *
     * @param history where the facts are
     * @param catalog gives the price catalog of the moment
     * @return a builder
     */
    public static Builder builder(HistoryStore history, Supplier<PriceCatalog> catalog) {
        return new Builder(history, catalog);
    }

    /**
     * A calculator over one catalog, with the library's own GPU models and equivalence policy.
     *
     * @param history where the facts are
     * @param catalog the prices
     * @return the calculator
     */
    public static SavingsCalculator of(HistoryStore history, PriceCatalog catalog) {
        Objects.requireNonNull(catalog, "catalog");
        return builder(history, () -> catalog).build();
    }

    /**
     * The rules that figures rest on beside facts and prices: the equivalence policy and the GPU models that names are looked up in, by
     * their content. Figures of two calculators under different rules do not add up.
     *
     * @return the rules; empty where the policy does not tell its {@linkplain EquivalencePolicy#identity identity}
     */
    public Optional<String> rules() {
        return policy.identity().map(identity -> identity + "; GPU names " + gpus.version());
    }

    /**
     * The same calculator over what was told up to some moment: what was said of an account then, as far as the facts go. Prices are
     * those of this calculator; with the catalog of then too, it is word for word what was said.
     *
     * @param told the moment; what was told then is included
     * @return a calculator that knows of nothing told later
     */
    public SavingsCalculator asTold(Instant told) {
        Objects.requireNonNull(told, "told");
        return new SavingsCalculator(this, history, account -> history.usage(account, told));
    }

    /**
     * The same calculator over a workload that is imagined: what would it cost there? Give instances the rate that you would pay, or
     * {@link HourlyRate#ZERO} to see the other side alone. Simulating what is recorded gives what is recorded.
     *
     * @param workload what would run, of any accounts and instances
     * @return a calculator that knows of nothing else
     * @throws cloud.dumont.economy.usage.UsageConflictException if two intervals disagree
     */
    public SavingsCalculator simulating(Collection<UsageInterval> workload) {
        Objects.requireNonNull(workload, "workload");
        HistoryStore imagined = new InMemoryHistoryStore();
        imagined.append(workload);
        return new SavingsCalculator(this, imagined, imagined::usage);
    }

    /**
     * The same calculator over usage that was read before, by whatever way: for stores that keep sums of it.
     *
     * @param known the usage of the account that is asked for
     * @return a calculator that takes every account for the one that this is the usage of
     */
    public SavingsCalculator over(AccountUsage known) {
        Objects.requireNonNull(known, "known");
        return new SavingsCalculator(this, history, account -> known);
    }

    /**
     * How long what was seen counts when no listing comes.
     *
     * @return the policy that reports go by
     */
    public GapPolicy gaps() {
        return gaps;
    }

    /**
     * Everything about one account at one moment.
     *
     * @param account whose
     * @param baseline compared with what
     * @param at as of when; later facts are left out. Cut to whole seconds
     * @return the report
     * @throws IllegalArgumentException if the catalog does not know the baseline's provider or region; the message lists those it
     *     knows
     */
    public SavingsReport report(AccountId account, Baseline baseline, Instant at) {
        Objects.requireNonNull(baseline, "baseline");
        return reports(account, List.of(baseline), at).get(0);
    }

    /**
     * Everything about one account at one moment, against several baselines: several providers, or on demand beside reserved beside
     * what the host has negotiated. All rest on the same facts and the same catalog.
     *
     * @param account whose
     * @param baselines compared with what
     * @param at as of when; later facts are left out. Cut to whole seconds
     * @return one report for each baseline, in their order
     * @throws IllegalArgumentException if the catalog does not know a baseline's provider or region; the message lists those it
     *     knows
     */
    public List<SavingsReport> reports(AccountId account, List<Baseline> baselines, Instant at) {
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(baselines, "baselines")
                .forEach(baseline -> Objects.requireNonNull(baseline, "baselines holds a null"));
        Objects.requireNonNull(at, "at");
        List<PricedSnapshot> prices = snapshots(list(), account, baselines);
        Instant until = at.truncatedTo(ChronoUnit.SECONDS);
        AccountUsage known = usage.apply(account);
        VouchedUsage facts = known.at(until, gaps);
        return prices.stream()
                .map(snapshot -> report(account, known, facts, snapshot, until))
                .toList();
    }

    /** The price list of this moment, for answers about several accounts. */
    PriceCatalog list() {
        return catalog.get();
    }

    /** What an account's usage is priced with, one for each baseline; all of one list. */
    List<PricedSnapshot> snapshots(PriceCatalog list, AccountId account, List<Baseline> baselines) {
        PriceCatalog prices = overlaid.of(list, overlays.apply(account));
        return baselines.stream()
                .map(baseline -> new PricedSnapshot(prices, gpus, policy, baseline))
                .toList();
    }

    Duration longestPause() {
        return longestPause;
    }

    HistoryStore history() {
        return history;
    }

    /** What somebody vouches for at a moment. */
    private VouchedUsage vouched(AccountId account, Instant at) {
        return usage.apply(Objects.requireNonNull(account, "account")).at(at, gaps);
    }

    /** Each account once: it may be named twice, but has its usage once. */
    private static Set<AccountId> each(Collection<AccountId> accounts) {
        Set<AccountId> each = new LinkedHashSet<>();
        for (AccountId account : Objects.requireNonNull(accounts, "accounts")) {
            each.add(Objects.requireNonNull(account, "accounts holds a null"));
        }
        return each;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /**
     * What an account is compared with at this moment: the list, with what the account knows better. Made once for each list and overlay, and
     * kept.
     *
     * @param account whose
     * @return one immutable snapshot
     */
    public PriceCatalog catalog(AccountId account) {
        return overlaid.of(catalog.get(), overlays.apply(Objects.requireNonNull(account, "account")));
    }

    /** A walk for each account, all over one snapshot of the list; accounts that know nothing better share theirs. */
    private Function<AccountId, UsageWalk> walks(Baseline baseline, Instant until) {
        PriceCatalog list = catalog.get();
        Map<PriceOverlay, UsageWalk> walks = new HashMap<>();
        return account -> walks.computeIfAbsent(
                overlays.apply(account),
                overlay -> new PricedSnapshot(overlaid.of(list, overlay), gpus, policy, baseline).until(until));
    }

    private SavingsReport report(
            AccountId account, AccountUsage known, VouchedUsage facts, PricedSnapshot prices, Instant until) {
        UsageWalk walk = prices.until(until);
        Tally lifetime = new Tally();
        Tally session = new Tally();
        List<SavingsLine> lines = new ArrayList<>();
        Pauses pauses = new Pauses(longestPause);
        for (int i = 0; i < facts.timelines().size(); i++) {
            InstanceTimeline timeline = facts.timelines().get(i);
            Instant observedUntil = known.observedUntil(known.timelines().get(i), until);
            Tally ofInstance = new Tally();
            GroupedTallies visitor = new GroupedTallies(usage ->
                    usage.sessionStart().isPresent() ? List.of(lifetime, session, ofInstance) : List.of(lifetime));
            walk.walk(timeline, visitor);
            visitor.lasting().ifPresent(usage -> lines.add(line(usage, until, observedUntil, ofInstance.totals())));
            pauses.add(timeline, until);
        }
        return report(account, prices, until, facts.observedUntil(), lifetime, session, lines, pauses);
    }

    static SavingsReport report(
            AccountId account,
            PricedSnapshot prices,
            Instant until,
            Instant observedUntil,
            Tally lifetime,
            Tally session,
            List<SavingsLine> lines,
            Pauses pauses) {
        BigInteger perHour = SavingsReport.exactSum(lines, SavingsLine::savingsPerHour);
        boolean compared = lines.stream().anyMatch(line -> line.equivalentRate().isPresent());
        return new SavingsReport(
                account,
                prices.baseline(),
                until,
                observedUntil,
                prices.catalogVersion(),
                lifetime.totals(),
                session.totals(),
                lines,
                compared ? Optional.of(Projection.runRate(perHour)) : Optional.empty(),
                pauses.avoidance());
    }

    static SavingsLine line(PricedUsage usage, Instant until, Instant observedUntil, SavingsTotals totals) {
        return new SavingsLine(
                usage.instance(),
                usage.interval().state(),
                usage.sessionStart().orElseThrow(),
                until,
                observedUntil,
                totals,
                usage.equivalent(),
                usage.match().map(match -> match.rates().at(until)));
    }

    /**
     * How much of an account's lifetime savings rests on what.
     *
     * @param account whose
     * @param baseline compared with what
     * @param at as of when; later facts are left out. Cut to whole seconds
     * @return the totals at their floor, as reported, and like for like
     * @throws IllegalArgumentException if the catalog does not know the baseline's provider or region
     */
    public SavingsRange range(AccountId account, Baseline baseline, Instant at) {
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(baseline, "baseline");
        Objects.requireNonNull(at, "at");
        PricedSnapshot snapshot = new PricedSnapshot(catalog(account), gpus, policy, baseline);
        Instant until = at.truncatedTo(ChronoUnit.SECONDS);
        List<InstanceTimeline> facts = vouched(account, until).timelines();
        SavingsTotals nearest = totals(facts, snapshot.until(until));
        SavingsTotals floor = totals(facts, snapshot.atFloor().until(until));
        return new SavingsRange(floor, nearest, nearest.tier(Tier.LIKE_FOR_LIKE));
    }

    private static SavingsTotals totals(List<InstanceTimeline> facts, UsageWalk walk) {
        Tally tally = new Tally();
        GroupedTallies visitor = new GroupedTallies(usage -> List.of(tally));
        facts.forEach(timeline -> walk.walk(timeline, visitor));
        return tally.totals();
    }

    /**
     * Totals of some accounts, by group.
     *
     * @param accounts whose; one that is named twice counts once
     * @param baseline compared with what
     * @param at as of when; later facts are left out. Cut to whole seconds
     * @param by what to group by
     * @return groups with any billable time, and their total
     * @throws IllegalArgumentException if the catalog does not know the baseline's provider or region
     */
    public Breakdown breakdown(Collection<AccountId> accounts, Baseline baseline, Instant at, Dimension by) {
        Objects.requireNonNull(baseline, "baseline");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(by, "by");
        Instant until = at.truncatedTo(ChronoUnit.SECONDS);
        Function<AccountId, UsageWalk> walks = walks(baseline, until);
        Tally total = new Tally();
        NavigableMap<String, Tally> groups = new TreeMap<>();
        GroupedTallies visitor = new GroupedTallies(
                usage -> List.of(total, groups.computeIfAbsent(usage.name(by), name -> new Tally())));
        Instant observedUntil = until;
        for (AccountId account : each(accounts)) {
            UsageWalk walk = walks.apply(account);
            VouchedUsage facts = vouched(account, until);
            facts.timelines().forEach(timeline -> walk.walk(timeline, visitor));
            observedUntil = earlier(observedUntil, facts.observedUntil());
        }
        return new Breakdown(
                groups.entrySet().stream()
                        .map(group -> new Breakdown.Group(
                                group.getKey(), group.getValue().totals()))
                        .toList(),
                total.totals(),
                observedUntil);
    }

    /**
     * Totals of some accounts over time, bucket by bucket.
     *
     * @param accounts whose; one that is named twice counts once
     * @param baseline compared with what
     * @param from the first bucket is the one that holds this moment
     * @param to the last bucket is the one that holds the moment before this one; later facts are left out
     * @param granularity how finely to cut
     * @param zone where days begin
     * @return every bucket, oldest first, those without usage with zeros
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
        Objects.requireNonNull(baseline, "baseline");
        Set<AccountId> each = each(accounts);
        Objects.requireNonNull(granularity, "granularity");
        Objects.requireNonNull(zone, "zone");
        requireOrder(from, to);
        Instant until = to.truncatedTo(ChronoUnit.SECONDS);
        Function<AccountId, UsageWalk> walks = walks(baseline, until);
        Buckets buckets = new Buckets(from, to, granularity, zone);
        Instant observedUntil = until;
        for (AccountId account : each) { // one after the other: all of them need not fit the memory together
            UsageWalk walk = walks.apply(account);
            VouchedUsage facts = vouched(account, until);
            facts.timelines().forEach(timeline -> walk.walk(timeline, buckets));
            observedUntil = earlier(observedUntil, facts.observedUntil());
        }
        return buckets.totals(observedUntil);
    }

    static void requireOrder(Instant from, Instant to) {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException(
                    "history from " + from + " to " + to + ": the start must lie before the end");
        }
    }

    /**
     * An account's usage hour by hour, to be kept, as {@code JdbcRollups} of economy-jdbc does. One walk, whatever the time.
     * Only an hour whose end {@link SavingsReport#observedUntil} has reached is to be kept: one after that may hold provisional time.
     *
     * <p>An hour that has ended by {@code until} never changes later, unless a fact about it, or about the run before or after it, is
     * told late.
     *
     * @param account whose
     * @param baseline compared with what
     * @param from what was before is left out
     * @param until as of when; later facts are left out, so that the last hour may be one that lasts. Cut to whole seconds
     * @return the hours with usage
     * @throws IllegalArgumentException if the catalog does not know the baseline's provider or region
     */
    public Rollup rollup(AccountId account, Baseline baseline, Instant from, Instant until) {
        return rollup(account, baseline, from, until, HOUR);
    }

    /**
     * The same by equal parts of hours, for buckets that do not begin with an hour of UTC.
     *
     * @param account whose
     * @param baseline compared with what
     * @param from what was before is left out
     * @param until as of when; later facts are left out. Cut to whole seconds
     * @param part how long each is: whole seconds of which an hour is a multiple
     * @return the parts with usage
     * @throws IllegalArgumentException if the catalog does not know the baseline's provider or region, or an hour cannot be cut into such
     *     parts
     */
    public Rollup rollup(AccountId account, Baseline baseline, Instant from, Instant until, Duration part) {
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(baseline, "baseline");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(until, "until");
        Objects.requireNonNull(part, "part");
        if (part.compareTo(SECOND) < 0
                || !part.truncatedTo(ChronoUnit.SECONDS).equals(part)
                || !HOUR.equals(part.multipliedBy(HOUR.dividedBy(part)))) {
            throw new IllegalArgumentException("an hour cannot be cut into parts of " + part
                    + "; parts of whole seconds of which it is a multiple are allowed");
        }
        PriceCatalog prices = catalog(account);
        UsageWalk walk =
                new PricedSnapshot(prices, gpus, policy, baseline).until(until.truncatedTo(ChronoUnit.SECONDS));
        HourlyTallies parts = new HourlyTallies(from, part.toSeconds());
        vouched(account, until.truncatedTo(ChronoUnit.SECONDS))
                .timelines()
                .forEach(timeline -> walk.walk(timeline, parts));
        return new Rollup(prices.version(), prices.billingRule(baseline.provider()), parts.rows());
    }

    /**
     * What late or corrected facts have changed since some moment: every closed bucket of which something else was said then.
     *
     * @param accounts whose; one that is named twice counts once
     * @param baseline compared with what
     * @param told the moment; only buckets that had ended by then are compared
     * @param granularity how finely to cut
     * @param zone where days begin
     * @return the buckets that changed, oldest first; both sides at the same prices
     * @throws IllegalArgumentException if the catalog does not know the baseline's provider or region
     */
    public List<Restatement> restatements(
            Collection<AccountId> accounts, Baseline baseline, Instant told, Granularity granularity, ZoneId zone) {
        Objects.requireNonNull(baseline, "baseline");
        Objects.requireNonNull(told, "told");
        Objects.requireNonNull(granularity, "granularity");
        Objects.requireNonNull(zone, "zone");
        Instant end = granularity.bucketStart(told, zone);
        Function<AccountId, UsageWalk> walks = walks(baseline, end);
        List<InstanceTimeline> then = facts(
                accounts, account -> history.usage(account, told).at(end, gaps).timelines());
        List<InstanceTimeline> now =
                facts(accounts, account -> vouched(account, end).timelines());
        return Stream.concat(starts(then), starts(now))
                .min(Comparator.naturalOrder())
                .filter(first -> first.isBefore(end))
                .map(first -> Restatement.between(
                        buckets(walks, then, new Buckets(first, end, granularity, zone)),
                        buckets(walks, now, new Buckets(first, end, granularity, zone))))
                .orElse(List.of());
    }

    private static List<HistoryBucket> buckets(
            Function<AccountId, UsageWalk> walks, List<InstanceTimeline> facts, Buckets buckets) {
        facts.forEach(timeline -> walks.apply(account(timeline)).walk(timeline, buckets));
        return buckets.totals(Instant.MAX);
    }

    private static AccountId account(InstanceTimeline timeline) {
        return timeline.facts().get(0).instance().account();
    }

    private static List<InstanceTimeline> facts(
            Collection<AccountId> accounts, Function<AccountId, List<InstanceTimeline>> timelines) {
        return each(accounts).stream()
                .flatMap(account -> timelines.apply(account).stream())
                .toList();
    }

    private static Stream<Instant> starts(List<InstanceTimeline> facts) {
        return facts.stream().flatMap(timeline -> timeline.intervals().stream()).map(UsageInterval::start);
    }

    /**
     * What an account's last complete days say of the next: at most thirty, from the first day with usage on, days without usage
     * included.
     *
     * @param account whose
     * @param baseline compared with what
     * @param at the day that holds this moment is not complete
     * @param zone where days begin
     * @return the trend; empty with fewer than seven complete days, which is not enough history
     * @throws IllegalArgumentException if the catalog does not know the baseline's provider or region
     */
    public Optional<Trend> trend(AccountId account, Baseline baseline, Instant at, ZoneId zone) {
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(baseline, "baseline");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(zone, "zone");
        Instant today = Granularity.DAY.bucketStart(at, zone);
        List<InstanceTimeline> facts = vouched(account, today).timelines();
        UsageWalk walk = walks(baseline, today).apply(account);
        return Trend.firstDay(starts(facts).min(Comparator.naturalOrder()), at, zone)
                .flatMap(first ->
                        Trend.of(buckets(any -> walk, facts, new Buckets(first, today, Granularity.DAY, zone)).stream()
                                .map(day -> day.totals().savings())
                                .toList()));
    }

    /**
     * A figure of an account, or of one of its instances, with everything that made it.
     *
     * @param figure which figure
     * @param account whose
     * @param instance which instance; empty for all
     * @param baseline compared with what
     * @param at as of when; later facts are left out. Cut to whole seconds
     * @return the receipt; without lines where there is no billable time
     * @throws IllegalArgumentException if the catalog does not know the baseline's provider or region
     */
    public Receipt receipt(
            Receipt.Figure figure, AccountId account, Optional<InstanceId> instance, Baseline baseline, Instant at) {
        Objects.requireNonNull(figure, "figure");
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(instance, "instance");
        Objects.requireNonNull(baseline, "baseline");
        Objects.requireNonNull(at, "at");
        Instant until = at.truncatedTo(ChronoUnit.SECONDS);
        PriceCatalog prices = catalog(account);
        AccountUsage known = usage.apply(account);
        List<InstanceTimeline> asked = known.timelines().stream()
                .filter(timeline -> instance.map(id -> isOf(timeline, id)).orElse(true))
                .toList();
        VouchedUsage vouched = new AccountUsage(asked, known.watches()).at(until, gaps);
        List<InstanceTimeline> facts = vouched.timelines();
        ReceiptHeader header = new ReceiptHeader(
                figure,
                account,
                instance,
                baseline,
                prices.billingRule(baseline.provider()),
                until,
                vouched.observedUntil(),
                prices.version());
        UsageWalk walk = new PricedSnapshot(prices, gpus, policy, baseline).until(until);
        return switch (figure) {
            case LIFETIME -> costReceipt(header, walk, facts, usage -> true);
            case SESSION ->
                costReceipt(header, walk, facts, usage -> usage.sessionStart().isPresent());
            case PROJECTION -> projectionReceipt(header, walk, facts);
        };
    }

    private static Receipt costReceipt(
            ReceiptHeader header, UsageWalk walk, List<InstanceTimeline> facts, Predicate<PricedUsage> counts) {
        CostReceipt writer = new CostReceipt(counts);
        Tally tally = new Tally();
        GroupedTallies sums = new GroupedTallies(usage -> counts.test(usage) ? List.of(tally) : List.of());
        for (InstanceTimeline timeline : facts) {
            walk.walk(timeline, writer);
            walk.walk(timeline, sums);
        }
        return writer.receipt(header, tally.totals());
    }

    private static Receipt projectionReceipt(ReceiptHeader header, UsageWalk walk, List<InstanceTimeline> facts) {
        ProjectionReceipt writer = new ProjectionReceipt(header.at());
        for (InstanceTimeline timeline : facts) {
            GroupedTallies visitor = new GroupedTallies(usage -> List.of());
            walk.walk(timeline, visitor);
            visitor.lasting().ifPresent(writer::add);
        }
        return writer.receipt(header);
    }

    private static boolean isOf(InstanceTimeline timeline, InstanceId id) {
        return timeline.facts().stream().anyMatch(fact -> fact.instance().id().equals(id));
    }

    /** Builds a calculator. Not thread-safe. */
    public static final class Builder {

        private final HistoryStore history;
        private final Supplier<PriceCatalog> catalog;
        private Function<AccountId, PriceOverlay> overlays = account -> PriceOverlay.NONE;
        private GpuCatalog gpus = GpuCatalog.bundled();
        private @Nullable EquivalencePolicy policy;
        private Duration longestPause = Duration.ofDays(30);
        private GapPolicy gaps = GapPolicy.STANDARD;

        private Builder(HistoryStore history, Supplier<PriceCatalog> catalog) {
            this.history = Objects.requireNonNull(history, "history");
            this.catalog = Objects.requireNonNull(catalog, "catalog");
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
         * What accounts know better than the price list: negotiated discounts, prices of their own, types they are not to be compared
         * with. Nothing unless set. Asked at every call; should give equal overlays as long as nothing changes, for what was made of
         * one is kept.
         *
         * @param ofAccount gives what an account knows better; {@link PriceOverlay#NONE} where that is nothing
         * @return this builder
         */
        public Builder overlays(Function<AccountId, PriceOverlay> ofAccount) {
            overlays = Objects.requireNonNull(ofAccount, "ofAccount");
            return this;
        }

        /**
         * What decides on equivalents; the library's own policy unless set. Its decisions are kept.
         *
         * @param decides the policy
         * @return this builder
         */
        public Builder equivalence(EquivalencePolicy decides) {
            policy = Objects.requireNonNull(decides, "decides");
            return this;
        }

        /**
         * How much of a pause counts as cost avoided; 30 days unless set. An instance that has not come back by then would not have gone on being
         * paid for.
         *
         * @param longest of each pause, 0 or more
         * @return this builder
         * @throws IllegalArgumentException if it is negative
         */
        public Builder longestPause(Duration longest) {
            Objects.requireNonNull(longest, "longest");
            if (longest.isNegative()) {
                throw new IllegalArgumentException("the longest pause must be 0 or more, not " + longest);
            }
            longestPause = longest;
            return this;
        }

        /**
         * How long what was seen counts when no listing comes; {@link GapPolicy#STANDARD} unless set.
         *
         * @param listings the policy that the ledger keeps to
         * @return this builder
         */
        public Builder gaps(GapPolicy listings) {
            gaps = Objects.requireNonNull(listings, "listings");
            return this;
        }

        /**
         * The calculator.
         *
         * @return a calculator with these parts
         */
        public SavingsCalculator build() {
            return new SavingsCalculator(this);
        }
    }
}
