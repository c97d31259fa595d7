package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.HistoryStoreException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.transaction.TransactionException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;

/** Runs work on connections of its own, against the right schema only, and tells of failures as the store has promised to. */
final class Transactions {

    /** Each try fails only because another writer got further, so even a few would do. */
    static final int MOST_TRIES = 10;

    /** What PostgreSQL is told about plans in a transaction: in one trip to the server with its level. */
    private enum Plans {
        /**
         * PostgreSQL would make one plan for all arrays, whatever is in them, and keep to it: an append takes twice as long by that. To
         * compile such a plan takes longer than to carry it out.
         */
        OF_THEIR_OWN("'plan_cache_mode', 'force_custom_plan'", "'jit', 'off'"),
        /**
         * For a few instances, to make plans takes several times as long as to carry them out. What is kept was perhaps made when the tables
         * were small, and is to be right when they are large: rows are looked up one by one.
         */
        KEPT(
                "'plan_cache_mode', 'force_generic_plan'",
                "'jit', 'off'",
                "'enable_seqscan', 'off'",
                "'enable_hashjoin', 'off'",
                "'enable_mergejoin', 'off'");

        private final String sql;

        Plans(String... settings) {
            sql = Stream.of(settings)
                    .map(setting -> "set_config(" + setting + ", TRUE)")
                    .collect(Collectors.joining(", ", "; SELECT ", ""));
        }
    }

    /** Of more, one plan made for them pays. */
    private static final int FEW_INSTANCES = 20;

    private static final int SQLITE_BUSY = 5;
    private static final int SQLITE_LOCKED = 6;

    private final Jdbi jdbi;
    private final Backoff backoff;

    /** The host's Jdbi may know another notation. It remembers what it has parsed. */
    private final SqlParser parser = new ColonPrefixSqlParser();

    /**
     * What the database speaks; unknown until its schema was found right. Looked at once: a schema does not change under a running
     * host without somebody's doing.
     */
    private volatile @Nullable Dialect dialect;

    Transactions(Jdbi jdbi, Backoff backoff) {
        this.jdbi = jdbi;
        this.backoff = backoff;
    }

    /**
     * One query.
     *
     * @param what what cannot be done if it fails
     */
    <T> T read(String what, BiFunction<Handle, Dialect, T> query) {
        try (Handle handle = open()) {
            return query.apply(handle, dialect(handle));
        } catch (JdbiException e) {
            throw failure(what, e);
        }
    }

    /**
     * Several queries that see the same.
     *
     * @param what what cannot be done if it fails
     */
    <T> T snapshot(String what, BiFunction<Handle, Dialect, T> queries) {
        return snapshot(what, List.of(MonthlyTable.values()), queries);
    }

    /**
     * The same of some tables.
     *
     * @param what what cannot be done if it fails
     * @param tables those that grow with time and are read
     */
    <T> T snapshot(String what, List<MonthlyTable> tables, BiFunction<Handle, Dialect, T> queries) {
        List<T> answer = new ArrayList<>();
        inTransaction(what, snapshotOf(what, tables), (handle, spoken) -> {
            answer.clear();
            answer.add(queries.apply(handle, spoken));
        });
        return answer.get(0);
    }

    /**
     * Hands over what a query sees, row by row: in a transaction, without which PostgreSQL would send all rows at once. Not tried again,
     * since some rows have been handed over already.
     *
     * @param what what cannot be done if it fails
     * @param table from which the rows are
     */
    void stream(String what, MonthlyTable table, BiConsumer<Handle, Dialect> queries) {
        try {
            once(snapshotOf(what, List.of(table)), queries);
        } catch (JdbiException e) {
            throw failure(what, e);
        }
    }

    /**
     * How a transaction begins.
     *
     * @param spoken what its database speaks
     * @param level what it sees
     * @param first SQL that follows the level, in one trip to the server with it; empty if the level cannot be set within the transaction
     */
    private record Beginning(Dialect spoken, TransactionIsolationLevel level, String first) {}

    private Beginning snapshotOf(String what, List<MonthlyTable> tables) {
        Dialect spoken = spoken(what);
        return new Beginning(
                spoken, spoken.snapshot(), spoken == Dialect.POSTGRESQL ? MonthlyTable.lockOfReaders(tables) : "");
    }

    private Dialect spoken(String what) {
        Dialect known = dialect;
        return known == null ? read(what, (handle, spoken) -> spoken) : known;
    }

    /**
     * Does all of the work or none. Does it again, a little later, if the database gave way to another writer: so it must be repeatable.
     * Nothing else is tried again here. Whether a commit whose answer was lost has happened, only the caller can find out, by doing the
     * same once more.
     *
     * @param what what cannot be done if it fails
     */
    void write(String what, BiConsumer<Handle, Dialect> work) {
        write(what, Plans.OF_THEIR_OWN, work);
    }

    /**
     * The same where it is known how many instances are written.
     *
     * @param what what cannot be done if it fails
     * @param instances how many, at most
     */
    void write(String what, int instances, BiConsumer<Handle, Dialect> work) {
        boolean few = instances <= FEW_INSTANCES && spoken(what) == Dialect.POSTGRESQL;
        write(what, few ? Plans.KEPT : Plans.OF_THEIR_OWN, work);
    }

    private void write(String what, Plans plans, BiConsumer<Handle, Dialect> work) {
        Dialect spoken = spoken(what);
        // Above this level, a read after the wait for a lock may still show what was there before the wait.
        Beginning beginning = new Beginning(
                spoken, TransactionIsolationLevel.READ_COMMITTED, spoken.setsLevelWithin() ? plans.sql : "");
        inTransaction(what, beginning, work);
    }

    private void inTransaction(String what, Beginning beginning, BiConsumer<Handle, Dialect> work) {
        List<JdbiException> earlier = new ArrayList<>();
        while (true) {
            try {
                once(beginning, work);
                return;
            } catch (JdbiException e) {
                if (earlier.size() + 1 == MOST_TRIES || !gaveWay(e)) {
                    earlier.forEach(e::addSuppressed);
                    throw failure(what, e);
                }
                earlier.add(e);
                backoff.after(earlier.size());
            }
        }
    }

    /**
     * Begins and commits by hand: Jdbi's inTransaction() takes a connection without auto-commit, as some pools hand out, for somebody
     * else's transaction and never commits it.
     */
    private void once(Beginning beginning, BiConsumer<Handle, Dialect> work) {
        try (Handle handle = open()) {
            if (beginning.spoken().setsLevelWithin()) {
                commit(handle, () -> {
                    begin(handle, beginning);
                    work.accept(handle, beginning.spoken());
                });
                return;
            }
            TransactionIsolationLevel before = handle.getTransactionIsolationLevel();
            handle.setTransactionIsolationLevel(beginning.level());
            try {
                commit(handle, () -> work.accept(handle, beginning.spoken()));
            } catch (RuntimeException | Error e) {
                afterFailure(e, () -> handle.setTransactionIsolationLevel(before));
                throw e;
            }
            handle.setTransactionIsolationLevel(before);
        }
    }

    private static void begin(Handle handle, Beginning beginning) {
        try (Statement statement = handle.getConnection().createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL "
                    + beginning.level().name().replace('_', ' ') + beginning.first());
        } catch (SQLException e) {
            throw new TransactionException("could not begin a transaction", e);
        }
    }

    private static void commit(Handle handle, Runnable work) {
        try {
            handle.begin();
            work.run();
            handle.commit();
        } catch (RuntimeException | Error e) {
            afterFailure(e, handle::rollback);
            throw e;
        }
    }

    private static void afterFailure(Throwable failure, Runnable cleanUp) {
        try {
            cleanUp.run();
        } catch (JdbiException e) {
            failure.addSuppressed(e);
        }
    }

    private Handle open() {
        Handle handle = jdbi.open();
        handle.setSqlParser(parser);
        return handle;
    }

    private Dialect dialect(Handle handle) {
        Dialect known = dialect;
        if (known != null) {
            return known;
        }
        try {
            SchemaVersion.check(handle.getConnection());
            known = Dialect.of(handle.getConnection());
            ExactText.check(handle.getConnection(), known);
            known.makeReady(handle.getConnection());
        } catch (SchemaException e) {
            throw new HistoryStoreException("the database cannot be used: " + e.getMessage(), e);
        } catch (SQLException e) {
            throw failure("read which version the schema has", e);
        }
        dialect = known;
        return known;
    }

    private static HistoryStoreException failure(String what, Exception e) {
        SQLException reason = reasonOf(e);
        // Some databases have more to say than a line: that is in the cause.
        String told = reason == null || reason.getMessage() == null
                ? ""
                : ": "
                        + Secrets.hiddenIn(
                                reason.getMessage().lines().findFirst().orElse(""));
        return new HistoryStoreException("could not " + what + told, Secrets.hiddenIn(e));
    }

    /**
     * Whether a write failed because of what text it held.
     *
     * @return the encoding that could not hold it, as PostgreSQL calls it; empty if it failed for another reason, or nobody can say
     */
    Optional<String> encodingThatRefused(HistoryStoreException failure) {
        SQLException reason = reasonOf(failure);
        String state = reason == null ? null : reason.getSQLState();
        if (state == null || !state.startsWith("22")) {
            return Optional.empty();
        }
        try {
            return Optional.of(read("read the database's encoding", (handle, spoken) -> spoken.encoding(handle)));
        } catch (HistoryStoreException unknown) {
            failure.addSuppressed(unknown);
            return Optional.empty();
        }
    }

    /** Whether the database rolled back for the sake of another writer, or that one added the same row first. */
    static boolean gaveWay(Throwable failure) {
        SQLException reason = reasonOf(failure);
        if (reason == null) {
            return false;
        }
        String state = reason.getSQLState();
        // SQLite's driver has no states, only SQLite's own codes.
        return state == null
                ? reason.getErrorCode() == SQLITE_BUSY || reason.getErrorCode() == SQLITE_LOCKED
                : state.startsWith("40") || state.startsWith("23");
    }

    /** The first word of the database on it; of a batch, what it says of the statement that failed. */
    private static @Nullable SQLException reasonOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                SQLException ofStatement = sql instanceof BatchUpdateException ? sql.getNextException() : null;
                return ofStatement == null ? sql : ofStatement;
            }
        }
        return null;
    }
}
