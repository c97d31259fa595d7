package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.savings.SavingsCalculator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Makes the rollups of one account anew, range by range, beside those that are there, by the facts that were told when it began: so it may
 * be interrupted at any moment and taken up at any other, by anybody.
 */
final class RollupRebuild {

    private static final long RANGE = 31 * RollupBucket.DAY;

    private final Transactions transactions;
    private final SavingsCalculator calculator;
    private final String policy;
    private final RollupKey key;
    private final String what;

    RollupRebuild(Transactions transactions, SavingsCalculator calculator, String policy, RollupKey key) {
        this.transactions = transactions;
        this.calculator = calculator;
        this.policy = policy;
        this.key = key;
        what = "rebuild the rollups of account " + key.account();
    }

    /**
     * Begins or goes on, and ends; or gives up, if the catalog is exchanged meanwhile.
     *
     * @param closed up to which second, if it begins now
     * @param told by which facts, if it begins now
     */
    void run(long closed, long told, RollupProgress progress) {
        String catalog = transactions.read(
                what, (handle, dialect) -> new RollupUsage(handle, dialect, calculator, key).catalogVersion());
        transactions.write(what, (handle, dialect) -> {
            RollupTable table = new RollupTable(handle);
            Optional<RollupState.Rebuild> earlier = table.rebuild(key);
            if (earlier.map(RollupState.Rebuild::state)
                    .filter(state -> state.catalogVersion().equals(catalog)
                            && state.policy().equals(policy))
                    .isEmpty()) {
                begin(table, new RollupUsage(handle, dialect, calculator, key), earlier, closed, told, catalog)
                        .ifPresent(copy ->
                                new SavingsHistoryTable(handle, key, copy.from()).copyTo(copy.to(), copy.until()));
            }
        });
        Optional<RollupState.Rebuild> rebuild = rebuild();
        while (rebuild.isPresent() && step(rebuild.get(), progress)) {
            rebuild = rebuild();
        }
    }

    private Optional<RollupState.Rebuild> rebuild() {
        return transactions.read(what, (handle, dialect) -> new RollupTable(handle).rebuild(key));
    }

    /** What to take over from the rollups that are there. */
    private record Copy(RollupState from, RollupState to, long until) {}

    private Optional<Copy> begin(
            RollupTable table,
            RollupUsage usage,
            Optional<RollupState.Rebuild> earlier,
            long closed,
            long told,
            String catalog) {
        Optional<RollupState> kept = table.kept(key).map(RollupState.Kept::state);
        long generation = Math.max(
                        kept.map(RollupState::generation).orElse(0L),
                        earlier.map(rebuild -> rebuild.state().generation()).orElse(0L))
                + 1;
        earlier.ifPresent(abandoned -> table.end(key, abandoned));
        Optional<Long> dropped = table.droppedUntil(key.account().value());
        long first = RollupBucket.floor(usage.firstSecond(told, closed), RollupBucket.DAY);
        long from = Math.min(closed, Math.max(first, dropped.orElse(first)));
        RollupState next = new RollupState(generation, closed, told, catalog, policy);
        table.begin(key, next, from);
        return kept.flatMap(state -> dropped.map(until -> new Copy(state, next, until)));
    }

    /** The next range, or the end; false if there is no more to do. */
    private boolean step(RollupState.Rebuild rebuild, RollupProgress progress) {
        RollupState state = rebuild.state();
        if (rebuild.doneUntil() >= state.closedUntil()) {
            transactions.write(what, (handle, dialect) -> finish(handle, rebuild));
            return false;
        }
        long to = Math.min(state.closedUntil(), RollupBucket.floor(rebuild.doneUntil(), RollupBucket.DAY) + RANGE);
        RollupUsage.Hours hours = transactions.read(
                what,
                (handle, dialect) -> new RollupUsage(handle, dialect, calculator, key)
                        .between(rebuild.doneUntil(), to, state.toldUntil()));
        if (!hours.catalogVersion().equals(state.catalogVersion())) {
            return false;
        }
        List<Boolean> written = new ArrayList<>();
        transactions.write(what, (handle, dialect) -> {
            written.clear();
            written.add(new RollupTable(handle).advance(key, rebuild, to));
            if (written.get(0)) {
                new SavingsHistoryTable(handle, key, state).add(hours.hours());
            }
        });
        if (written.get(0)) {
            progress.reached(
                    (to - rebuild.from()) / RollupBucket.HOUR,
                    (state.closedUntil() - rebuild.from()) / RollupBucket.HOUR);
        }
        return true;
    }

    private void finish(Handle handle, RollupState.Rebuild rebuild) {
        RollupTable table = new RollupTable(handle);
        if (!table.end(key, rebuild)) {
            return; // somebody else was faster
        }
        SavingsHistoryTable rows = new SavingsHistoryTable(handle, key, rebuild.state());
        Amount savings = RollupUsage.savings(rows.totals(rebuild.state().closedUntil()));
        Optional<RollupState.Kept> kept = table.kept(key);
        if (kept.isEmpty()) {
            table.insert(key, rebuild.state(), savings);
        }
        // Somebody may refresh those that are replaced, until they are.
        while (kept.isPresent() && !table.update(key, kept.get(), rebuild.state(), savings)) {
            kept = table.kept(key);
        }
        rows.deleteOthers();
    }
}
