package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.usage.AccountId;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what {@link SavingsCalculator} answers, to the quantum, but from sums that are kept: the first question about an account and its baselines reads
 * all of its usage, the next ones what has changed since, by whichever host, and the hours that are open. Moments whose hour has
 * closed by then are the calculator's to answer.
 *
 * <p>What is kept is dropped when nobody has asked for it for an hour, and made again when the catalog or the account's overlay change: at once, or
 * for a long history in the background, while answers rest on what they rested on before, as a whole, and say so by their catalog version.
 * It takes some hundred bytes for each kind of usage and stretch of time that was asked for, and for each instance of the account.
 *
 * <p>Thread-safe. Questions about one account and the same baselines wait for each other.
 */
public final class SavingsViews {

    private static final Logger LOG = LoggerFactory.getLogger(SavingsViews.class);
    private static final int MOST_KEPT = 2_000;
    private static final Duration IDLE = Duration.ofHours(1);

    /** So many intervals are read and priced within some ten milliseconds, for which a question may wait. */
    private static final int FEW_INTERVALS = 20_000;

    private record Key(AccountId account, List<Baseline> baselines) {}

    private final SavingsCalculator calculator;
    private final InstantSource time;
    private final Executor background;
    private final int fewIntervals;
    private final Set<Key> remaking = ConcurrentHashMap.newKeySet();
    private final Cache<Key, AccountView> views = Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumSize(MOST_KEPT)
            .expireAfterAccess(IDLE)
            .build();

    SavingsViews(SavingsCalculator calculator, InstantSource time, Executor background, int fewIntervals) {
        this.calculator = Objects.requireNonNull(calculator, "calculator");
        this.time = Objects.requireNonNull(time, "time");
        this.background = Objects.requireNonNull(background, "background");
        this.fewIntervals = fewIntervals;
    }

    /**
     * Views that know of nothing yet.
     *
     * @param calculator whose answers they give
     * @param time which hours have ended
     * @param background where the sums of long histories are made again when prices have changed; {@code Runnable::run} to have
     *     whoever asks wait for them. One that refuses them is asked again with the next question
     * @return the views
     */
    public static SavingsViews create(SavingsCalculator calculator, InstantSource time, Executor background) {
        return new SavingsViews(calculator, time, background, FEW_INTERVALS);
    }

    /**
     * Everything about one account at one moment, against several baselines, as {@link SavingsCalculator#reports}.
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
        Instant until = Objects.requireNonNull(at, "at").truncatedTo(ChronoUnit.SECONDS);
        return view(calculator.list(), account, baselines)
                .reports(until)
                .orElseGet(() -> calculator.reports(account, baselines, until));
    }

    /**
     * Totals of some accounts, by group, as {@link SavingsCalculator#breakdown}.
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
        Objects.requireNonNull(by, "by");
        Instant until = Objects.requireNonNull(at, "at").truncatedTo(ChronoUnit.SECONDS);
        Placement<String> groups = new Placement.InGroups(by);
        NavigableMap<String, Tally> all = new TreeMap<>();
        Tally total = new Tally();
        Instant observedUntil = until;
        PriceCatalog list = calculator.list();
        for (AccountId account : each(accounts)) {
            Optional<AccountView.Sorted<String, Tally>> ofAccount =
                    viewAtOnce(list, account, baseline).tallies(groups, until, Instant.MIN, null);
            if (ofAccount.isEmpty()) {
                return calculator.breakdown(accounts, baseline, until, by);
            }
            add(ofAccount.get(), all);
            total.add(ofAccount.get().total());
            observedUntil = earlier(observedUntil, ofAccount.get().observedUntil());
        }
        List<Breakdown.Group> named = new ArrayList<>();
        all.forEach((name, tally) -> {
            SavingsTotals totals = tally.totals();
            if (totals.billableSeconds() != 0) {
                named.add(new Breakdown.Group(name, totals));
            }
        });
        return new Breakdown(named, total.totals(), observedUntil);
    }

    /**
     * Totals of some accounts over time, bucket by bucket, as {@link SavingsCalculator#history}.
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
        SavingsCalculator.requireOrder(from, to);
        Instant until = to.truncatedTo(ChronoUnit.SECONDS);
        Placement.InBuckets buckets = new Placement.InBuckets(granularity, zone);
        if (each.size() == 1) {
            return totals(each.iterator().next(), baseline, buckets, from, until)
                    .map(totals ->
                            Buckets.history(totals.sums()::get, from, to, granularity, zone, totals.observedUntil()))
                    .orElseGet(() -> calculator.history(each, baseline, from, to, granularity, zone));
        }
        NavigableMap<Long, Tally> all = new TreeMap<>();
        Instant observedUntil = until;
        PriceCatalog list = calculator.list();
        Instant start = granularity.bucketStart(from, zone);
        for (AccountId account : each) {
            Optional<AccountView.Sorted<Long, Tally>> ofAccount =
                    viewAtOnce(list, account, baseline).tallies(buckets, until, start, buckets.keyOf(from));
            if (ofAccount.isEmpty()) {
                return calculator.history(each, baseline, from, to, granularity, zone);
            }
            add(ofAccount.get(), all);
            observedUntil = earlier(observedUntil, ofAccount.get().observedUntil());
        }
        return Buckets.history(
                key -> Optional.ofNullable(all.get(key)).map(Tally::totals).orElse(null),
                from,
                to,
                granularity,
                zone,
                observedUntil);
    }

    private Optional<AccountView.Sorted<Long, SavingsTotals>> totals(
            AccountId account, Baseline baseline, Placement.InBuckets buckets, Instant from, Instant until) {
        return view(calculator.list(), account, List.of(baseline))
                .totals(buckets, until, Instant.ofEpochSecond(buckets.keyOf(from)), buckets.keyOf(from));
    }

    /**
     * What an account's last complete days say of the next, as {@link SavingsCalculator#trend}.
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
        Objects.requireNonNull(zone, "zone");
        Instant until = Objects.requireNonNull(at, "at").truncatedTo(ChronoUnit.SECONDS);
        Instant today = Granularity.DAY.bucketStart(at, zone);
        Instant earliest = today.atZone(zone).minusDays(Trend.MOST_DAYS).toInstant();
        Optional<AccountView.Sorted<Long, SavingsTotals>> days =
                totals(account, baseline, new Placement.InBuckets(Granularity.DAY, zone), earliest, until);
        if (days.isEmpty() || days.get().observedUntil().isBefore(today)) {
            return calculator.trend(account, baseline, at, zone);
        }
        return Trend.firstDay(days.get().first(), at, zone)
                .flatMap(first -> Trend.of(
                        Buckets.history(days.get().sums()::get, first, today, Granularity.DAY, zone, today).stream()
                                .map(day -> day.totals().savings())
                                .toList()));
    }

    private static <K extends Comparable<K>> void add(AccountView.Sorted<K, Tally> sorted, Map<K, Tally> all) {
        sorted.sums()
                .forEach((key, tally) ->
                        all.computeIfAbsent(key, k -> new Tally()).add(tally));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Set<AccountId> each(Collection<AccountId> accounts) {
        Set<AccountId> each = new LinkedHashSet<>();
        for (AccountId account : Objects.requireNonNull(accounts, "accounts")) {
            each.add(Objects.requireNonNull(account, "accounts holds a null"));
        }
        return each;
    }

    /** May rest on earlier prices for some time. */
    private AccountView view(PriceCatalog list, AccountId account, List<Baseline> baselines) {
        List<PricedSnapshot> prices = calculator.snapshots(list, Objects.requireNonNull(account, "account"), baselines);
        Key key = new Key(account, List.copyOf(baselines));
        AccountView known = views.getIfPresent(key);
        if (known != null && known.intervals() > fewIntervals && !known.restsOn(prices)) {
            remake(key, known, prices);
            return known;
        }
        return atOnce(key, prices);
    }

    /** Rests on the list that is given, as all of an answer about several accounts must. */
    private AccountView viewAtOnce(PriceCatalog list, AccountId account, Baseline baseline) {
        List<Baseline> baselines = List.of(baseline);
        return atOnce(new Key(account, baselines), calculator.snapshots(list, account, baselines));
    }

    private AccountView atOnce(Key key, List<PricedSnapshot> prices) {
        AccountView known = views.getIfPresent(key);
        if (known != null && known.restsOn(prices)) {
            return known;
        }
        AccountView view = views.asMap()
                .compute(
                        key,
                        (same, other) -> other != null && other.restsOn(prices) ? other : make(key.account(), prices));
        return Objects.requireNonNull(view);
    }

    private AccountView make(AccountId account, List<PricedSnapshot> prices) {
        return new AccountView(
                account,
                prices,
                calculator.history().follow(account),
                calculator.gaps(),
                calculator.longestPause(),
                time);
    }

    /** Whoever asks meanwhile gets what is known. */
    private void remake(Key key, AccountView known, List<PricedSnapshot> prices) {
        if (!remaking.add(key)) {
            return;
        }
        try {
            background.execute(() -> {
                try {
                    AccountView next = make(key.account(), prices);
                    next.prepareFor(known);
                    views.asMap().replace(key, known, next);
                } catch (RuntimeException e) {
                    LOG.warn(
                            "the sums of account {} could not be made at the present prices; the next question tries again",
                            key.account(),
                            e);
                } finally {
                    remaking.remove(key);
                }
            });
        } catch (RejectedExecutionException e) {
            remaking.remove(key);
        }
    }
}
