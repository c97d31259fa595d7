package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.savings.Rollup;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.savings.SavingsSums;
import cloud.dumont.economy.usage.AccountId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Keeps what usage came to, by hour and by day, beside the usage itself: so a question about years need not read the intervals of years.
 * Every answer is the one that {@link SavingsCalculator} would give at that moment, to the quantum. What was recorded or has passed since the
 * rollups were made is added by the calculator, from the few instances that it concerns. Rollups that were made under another catalog
 * or other rules are left aside until they are rebuilt; answers are then right, and as slow as without them.
 * An hour is kept only once all that lasts in it is vouched for: what counts provisionally never is.
 *
 * <p>Only {@link #refresh} and {@link #rebuild} write. They can be called by any number of hosts at once, and ended at any moment: the next one
 * goes on. A rebuild is made beside what is there, and takes its place in one transaction; whoever asks meanwhile gets the old rollups.
 *
 * <p>The tables are {@code savings_history}, with the view {@code savings_history_usd} for people, {@code savings_rollup} and
 * {@code savings_rebuild}, made by {@link SchemaMigrator}. Every method throws {@link HistoryStoreException} if the database cannot be read or
 * written, and {@link IllegalArgumentException} if the catalog does not know the baseline's provider or region.
 *
 * <p>This class is thread-safe.
 */
public final class JdbcRollups {

    /** How rollups are made: a release that makes them in another way raises it, and they are rebuilt. */
    private static final String EDITION = "rollups 3";

    private static final int MOST_TRIES = 100;

    private final Transactions transactions;
    private final SavingsCalculator calculator;
    private final String policy;

    private JdbcRollups(Transactions transactions, SavingsCalculator calculator, String policy) {
        this.transactions = transactions;
        this.calculator = calculator;
        this.policy = policy;
    }

    /**
     * Rollups in the database of a {@link JdbcHistoryStore}. Opens no connection yet.
     *
     * @param dataSource where to connect; a pool, if they are used often
     * @param calculator prices usage; its own history is not asked
     * @return the rollups
     * @throws IllegalArgumentException if the calculator's equivalence policy does not tell its identity
     */
    public static JdbcRollups create(DataSource dataSource, SavingsCalculator calculator) {
        return create(Jdbi.create(dataSource), calculator);
    }

    /**
     * Rollups in the database of the host's own Jdbi. Opens no connection yet.
     *
     * @param jdbi where to connect; it must hand out connections that are nobody else's at the time
     * @param calculator prices usage; its own history is not asked
     * @return the rollups
     * @throws IllegalArgumentException if the calculator's equivalence policy does not tell its identity
     */
    public static JdbcRollups create(Jdbi jdbi, SavingsCalculator calculator) {
        String rules = calculator
                .rules()
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "the calculator's equivalence policy has no identity, so nobody"
                                        + " could say which rollups it made: give it one by EquivalencePolicy.identifiedBy(name)"));
        return new JdbcRollups(new Transactions(jdbi, Backoff.BY_CHANCE), calculator, EDITION + " " + hash(rules));
    }

    /** Each row of rollups names its rules: 64 bits of their hash tell them apart, and take less room. */
    private static String hash(String rules) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(rules.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, Long.BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /**
     * Brings the rollups of an account up to date: adds the hours that have ended since, and what was told since of hours before.
     * Everything is made anew if nothing was, or if the catalog or the rules are others now.
     *
     * @param account whose
     * @param baseline compared with what
     * @param now the hour that holds this moment lasts and is left out. If it was later before, hours stay ended
     */
    public void refresh(AccountId account, Baseline baseline, Instant now) {
        refresh(account, baseline, now, (done, total) -> {});
    }

    /**
     * The same, for who wants to know how far it is where everything is made anew.
     *
     * @param account whose
     * @param baseline compared with what
     * @param now the hour that holds this moment lasts and is left out
     * @param progress is told after each part of a rebuild
     */
    public void refresh(AccountId account, Baseline baseline, Instant now, RollupProgress progress) {
        refreshing(account, baseline).run(now, progress);
    }

    /**
     * Makes the rollups of an account anew, or goes on where an earlier try to do so under the same catalog has ended; and then brings
     * them up to date. About a month of hours is one transaction.
     *
     * @param account whose
     * @param baseline compared with what
     * @param now the hour that holds this moment lasts and is left out
     * @param progress is told after each part
     */
    public void rebuild(AccountId account, Baseline baseline, Instant now, RollupProgress progress) {
        refreshing(account, baseline).rebuild(now, progress);
    }

    private RollupRefresh refreshing(AccountId account, Baseline baseline) {
        return new RollupRefresh(transactions, calculator, policy, new RollupKey(account, baseline));
    }

    /**
     * What an account's usage came to up to some moment, in all and by GPU model.
     *
     * @param account whose
     * @param baseline compared with what
     * @param at as of when; later facts are left out. Cut to whole seconds
     * @return the sums; nothing for an account without usage
     */
    public RollupTotals totals(AccountId account, Baseline baseline, Instant at) {
        RollupKey key = new RollupKey(account, baseline);
        return transactions.snapshot(
                "read the totals of account " + account,
                (handle, dialect) -> reading(handle, dialect, key).totals(at.getEpochSecond()));
    }

    private RollupReading reading(Handle handle, Dialect dialect, RollupKey key) {
        return new RollupReading(handle, dialect, calculator, policy, key);
    }

    /**
     * What an account's usage came to over time. Hours of UTC make up every bucket of a zone whose clocks differ from it by full hours; in
     * others the calculator reads all usage.
     *
     * @param account whose
     * @param baseline compared with what
     * @param from the first bucket is the one that holds this moment
     * @param to the last bucket is the one that holds the moment before this one; later facts are left out
     * @param granularity how finely to cut
     * @param zone where days begin
     * @return every bucket, oldest first, those without usage with zeros
     * @throws IllegalArgumentException if {@code from} does not lie before {@code to}
     */
    public List<RollupPeriod> history(
            AccountId account, Baseline baseline, Instant from, Instant to, Granularity granularity, ZoneId zone) {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException(
                    "history from " + from + " to " + to + ": the start must lie before the end");
        }
        NavigableMap<Long, SavingsSums> buckets = new TreeMap<>();
        Instant start = granularity.bucketStart(from, zone);
        while (start.isBefore(to)) {
            buckets.put(start.getEpochSecond(), SavingsSums.ZERO);
            start = granularity.bucketEnd(start, zone);
        }
        long end = start.getEpochSecond();
        boolean ofHours = Stream.concat(buckets.keySet().stream(), Stream.of(end))
                .allMatch(edge -> edge % RollupBucket.HOUR == 0);
        RollupKey key = new RollupKey(account, baseline);
        transactions.snapshot("read the history of account " + account, (handle, dialect) -> {
            buckets.replaceAll((second, sums) -> SavingsSums.ZERO);
            RollupReading reading = reading(handle, dialect, key);
            if (ofHours) {
                reading.addHours(to.getEpochSecond(), buckets);
            } else {
                reading.addUsage(to.getEpochSecond(), buckets);
            }
            return buckets;
        });
        List<RollupPeriod> periods = new ArrayList<>();
        buckets.forEach((second, sums) -> {
            Long next = buckets.higherKey(second);
            periods.add(new RollupPeriod(
                    Instant.ofEpochSecond(second), Instant.ofEpochSecond(next == null ? end : next), sums));
        });
        return List.copyOf(periods);
    }

    /**
     * All rollups there are.
     *
     * @return one for each account and baseline, in order
     */
    public List<RollupStatus> statuses() {
        return transactions.read(
                "read the rollups there are", (handle, dialect) -> statuses(new RollupTable(handle).all()));
    }

    /**
     * The accounts with the greatest savings of all closed hours, as of the last refresh of each: read from an index, however many
     * accounts and intervals there are.
     *
     * @param baseline compared with what
     * @param count how many at most, 1 or more
     * @return greatest savings first
     */
    public List<RollupStatus> greatestSavings(Baseline baseline, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("the greatest are 1 or more, not " + count);
        }
        return transactions.read(
                "read the accounts with the greatest savings",
                (handle, dialect) -> statuses(
                        new RollupTable(handle).greatest(baseline.provider().id(), RollupKey.text(baseline), count)));
    }

    private static List<RollupStatus> statuses(Map<RollupKey, RollupState.Kept> rollups) {
        return rollups.entrySet().stream()
                .map(entry -> RollupStatus.of(entry.getKey(), entry.getValue()))
                .toList();
    }

    /**
     * Hands over the rollups of an account row by row, however many there are: only some hundreds are in memory at a time. What was told
     * or has passed since the last {@link #refresh} is not among them.
     *
     * @param account whose
     * @param baseline compared with what
     * @param from the first hour that is wanted
     * @param to hours that begin at this moment or later are not
     * @param consumer is called with each row, in order of hours, then of GPU names as the database orders them
     */
    public void export(AccountId account, Baseline baseline, Instant from, Instant to, Consumer<Rollup.Row> consumer) {
        RollupKey key = new RollupKey(account, baseline);
        transactions.stream(
                "export the rollups of account " + account,
                MonthlyTable.SAVINGS_HISTORY,
                (handle, dialect) -> new RollupTable(handle)
                        .kept(key)
                        .ifPresent(kept -> new SavingsHistoryTable(handle, key, kept.state())
                                .forEach(
                                        RollupSpan.HOUR,
                                        from.getEpochSecond(),
                                        to.getEpochSecond(),
                                        (bucket, sums) -> consumer.accept(new Rollup.Row(
                                                Instant.ofEpochSecond(bucket.start()),
                                                bucket.gpu(),
                                                bucket.tier(),
                                                sums)))));
    }

    /**
     * Drops the usage of an account that is older than a day, once all of its rollups are brought up to date and a recomputation agrees
     * with them. Rollups stay, so totals and history by hours of UTC are as before; receipts, sessions and cost avoidance know what is
     * left. What is told later of the time before that day no longer counts, and moments before it can no longer be asked for
     * ({@link JdbcHistoryStore#timelines(AccountId, Instant)}). Of a run that goes on behind that day everything stays.
     *
     * @param account whose
     * @param baselines those of its rollups, all of them: against any other, the past could no longer be told
     * @param before usage of days of UTC that end before this moment, or at it
     * @param now as in {@link #refresh}
     * @return what was dropped
     * @throws IllegalArgumentException if there are rollups against other baselines, or none, or if the time is not over
     * @throws HistoryStoreException if rollups disagree with a recomputation: nothing is dropped then
     */
    public DroppedUsage drop(AccountId account, Collection<Baseline> baselines, Instant before, Instant now) {
        long until = RollupBucket.floor(before.getEpochSecond(), RollupBucket.DAY);
        if (until > RollupRefresh.closed(transactions, account, now)) {
            throw new IllegalArgumentException("usage before " + before + " is not over at " + now
                    + ", or not vouched for so far; give a day that is");
        }
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            kept(account, baselines).keySet().forEach(key -> refresh(account, key.baseline(), now));
            Map<RollupKey, RollupState.Kept> kept = kept(account, baselines);
            baselines.forEach(baseline -> requireAgrees(account, baseline));
            List<DroppedUsage> dropped = new ArrayList<>();
            transactions.write("drop usage of account " + account, (handle, dialect) -> {
                dropped.clear();
                new UsageAccountTable(handle, dialect).lock(new TreeSet<>(List.of(account)));
                if (holds(handle, account, kept)) {
                    dropped.add(new UsageRetention(handle, dialect)
                            .drop(
                                    account,
                                    until,
                                    new UsageAccountTable(handle, dialect)
                                            .toldAt(account)
                                            .orElseThrow()));
                }
            });
            if (!dropped.isEmpty()) {
                return dropped.get(0);
            }
        }
        throw new HistoryStoreException("could not drop usage of account " + account + ": it changes all the time");
    }

    private Map<RollupKey, RollupState.Kept> kept(AccountId account, Collection<Baseline> baselines) {
        Map<RollupKey, RollupState.Kept> kept = transactions.read(
                "read the rollups of account " + account, (handle, dialect) -> new RollupTable(handle).of(account));
        Set<Baseline> known = kept.keySet().stream().map(RollupKey::baseline).collect(Collectors.toSet());
        if (known.isEmpty() || !known.equals(Set.copyOf(baselines))) {
            throw new IllegalArgumentException(
                    "there are rollups of account " + account + " against " + known + ", not against " + baselines);
        }
        return kept;
    }

    private void requireAgrees(AccountId account, Baseline baseline) {
        verify(account, baseline).filter(check -> !check.agrees()).ifPresent(check -> {
            throw new HistoryStoreException("usage of account " + account + " stays: its rollups against " + baseline
                    + " differ from a recomputation in " + check.differences().size() + " buckets");
        });
    }

    /** Whether nothing was written since, neither usage nor rollups; and keeps others from writing either. */
    private static boolean holds(Handle handle, AccountId account, Map<RollupKey, RollupState.Kept> kept) {
        RollupTable table = new RollupTable(handle);
        return kept.entrySet().stream()
                .allMatch(entry -> table.update(
                                entry.getKey(),
                                entry.getValue(),
                                entry.getValue().state(),
                                entry.getValue().savings())
                        && !toldSince(handle, account, entry.getValue().state().toldUntil()));
    }

    private static boolean toldSince(Handle handle, AccountId account, long told) {
        return handle.createQuery("""
                        SELECT COUNT(*) FROM usage_account WHERE account_id = :account AND (
                            EXISTS (SELECT 1 FROM usage_interval WHERE account_id = :account AND told_at > :told)
                            OR EXISTS (SELECT 1 FROM usage_interval_withdrawn WHERE account_id = :account AND withdrawn_at > :told))""")
                        .bind("account", account.value())
                        .bind("told", told)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    /**
     * Recomputes rollups from the facts that they were made of, and compares every bucket. Days whose intervals were dropped cannot be
     * recomputed and are taken as they are.
     *
     * @param account whose
     * @param baseline compared with what
     * @return what was found; empty if there are no rollups
     */
    public Optional<RollupCheck> verify(AccountId account, Baseline baseline) {
        RollupKey key = new RollupKey(account, baseline);
        return transactions.snapshot(
                "verify the rollups of account " + account,
                (handle, dialect) -> new RollupTable(handle)
                        .kept(key)
                        .map(new RollupVerification(handle, dialect, calculator, key)::check));
    }
}
