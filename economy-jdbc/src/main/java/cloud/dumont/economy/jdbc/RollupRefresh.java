package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.usage.AccountId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Brings the rollups of one account up to date. */
final class RollupRefresh {

    private static final int MOST_TRIES = 100;

    private final Transactions transactions;
    private final SavingsCalculator calculator;
    private final String policy;
    private final RollupKey key;

    RollupRefresh(Transactions transactions, SavingsCalculator calculator, String policy, RollupKey key) {
        this.transactions = transactions;
        this.calculator = calculator;
        this.policy = policy;
        this.key = key;
    }

    /**
     * Adds what is missing.
     *
     * @param now the hour that holds this moment lasts
     */
    void run(Instant now, RollupProgress progress) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            // In this order: what is vouched for so far is among what is settled after it.
            long closed = closed(transactions, key.account(), now);
            Optional<Long> told = settle();
            if (told.isEmpty() || once(closed, told.get(), progress)) {
                return;
            }
        }
        throw new HistoryStoreException("could not refresh the rollups of account " + key.account()
                + ": the catalog, or another host, changes them all the time");
    }

    /** Makes them anew, and then adds what is missing. */
    void rebuild(Instant now, RollupProgress progress) {
        long closed = closed(transactions, key.account(), now);
        settle().ifPresent(told -> {
            rebuild(closed, told, progress);
            run(now, progress);
        });
    }

    /**
     * Up to which second hours have ended: those in which something lasts that was not seen to their end are open, because what counts
     * provisionally may be taken back.
     */
    static long closed(Transactions transactions, AccountId account, Instant now) {
        Instant observed = transactions
                .read(
                        "read up to when usage of account " + account + " is vouched for",
                        (handle, dialect) -> new WatchedUsage(handle, dialect, account).observedUntil(now))
                .filter(now::isAfter)
                .orElse(now);
        return RollupBucket.floor(observed.getEpochSecond(), RollupBucket.HOUR);
    }

    private void rebuild(long closed, long told, RollupProgress progress) {
        new RollupRebuild(transactions, calculator, policy, key).run(closed, told, progress);
    }

    /**
     * Draws a line: all that was told so far was told by the moment that is returned, and all that will be is told later, even where the
     * clock stands still. Empty if nothing ever was.
     */
    private Optional<Long> settle() {
        List<Long> settled = new ArrayList<>();
        transactions.write("settle what was told of account " + key.account(), (handle, dialect) -> {
            settled.clear();
            String account = key.account().value();
            new UsageAccountTable(handle, dialect).queue(new TreeSet<>(List.of(key.account())));
            // First of all, or SQLite would not let it write what another has written since.
            int known = handle.createUpdate(
                            "UPDATE usage_account SET appends = appends + 1 WHERE account_id = :account")
                    .bind("account", account)
                    .execute();
            if (known == 0) {
                return;
            }
            long told =
                    new UsageAccountTable(handle, dialect).toldAt(key.account()).orElseThrow();
            handle.createUpdate("UPDATE usage_account SET told_at = :next WHERE account_id = :account")
                    .bind("account", account)
                    .bind("next", Math.addExact(told, 1))
                    .execute();
            settled.add(told);
        });
        return settled.stream().findFirst();
    }

    /** False if there is more to do: rollups were made anew, or somebody else was faster. */
    private boolean once(long closed, long told, RollupProgress progress) {
        Optional<RollupState.Kept> kept = transactions
                .read(
                        "read the rollups of account " + key.account(),
                        (handle, dialect) -> new RollupTable(handle).kept(key))
                .filter(found -> found.state().policy().equals(policy));
        if (kept.isEmpty()) {
            rebuild(closed, told, progress);
            return false;
        }
        RollupState before = kept.get().state();
        // Somebody else may have drawn a later line, and be faster: a line that went back would count twice what lies
        // between.
        long until = Math.max(before.toldUntil(), told);
        long closedUntil = Math.max(before.closedUntil(), closed);
        RollupUsage.Hours hours = transactions.read(
                "read what was told of account " + key.account() + " since",
                (handle, dialect) -> new RollupUsage(handle, dialect, calculator, key)
                        .since(
                                before,
                                before.closedUntil(),
                                RollupUsage.from(new RollupTable(handle)
                                        .droppedUntil(key.account().value())),
                                Instant.ofEpochSecond(closedUntil),
                                until,
                                Map.of()));
        if (!hours.catalogVersion().equals(before.catalogVersion())) {
            rebuild(closed, told, progress);
            return false;
        }
        RollupState after =
                new RollupState(before.generation(), closedUntil, until, before.catalogVersion(), before.policy());
        Amount savings = kept.get().savings().plus(RollupUsage.savings(hours.hours()));
        List<Boolean> written = new ArrayList<>();
        transactions.write("write the rollups of account " + key.account(), (handle, dialect) -> {
            written.clear();
            written.add(new RollupTable(handle).update(key, kept.get(), after, savings));
            if (written.get(0)) {
                new SavingsHistoryTable(handle, key, after).add(hours.hours());
            }
        });
        return written.get(0);
    }
}
