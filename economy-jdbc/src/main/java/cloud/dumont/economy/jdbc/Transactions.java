package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.HistoryStoreException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/** Runs work on connections of its own, against the right schema only, and tells of failures as the store has promised to. */
final class Transactions {

    /** Each try fails only because another writer got further, so even a few would do. */
    static final int MOST_TRIES = 10;

    private final Jdbi jdbi;

    /** Looked at once: a schema does not change under a running host without somebody's doing. */
    private volatile boolean schemaIsRight;

    Transactions(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * One query.
     *
     * @param what what cannot be done if it fails
     */
    <T> T read(String what, Function<Handle, T> query) {
        try (Handle handle = open()) {
            checkSchema(handle);
            return query.apply(handle);
        } catch (JdbiException e) {
            throw new HistoryStoreException("could not " + what, e);
        }
    }

    /**
     * Does all of the work or none. Does it again if the database gave way to another writer, so it must be repeatable.
     *
     * @param what what cannot be done if it fails
     */
    void write(String what, Consumer<Handle> work) {
        List<JdbiException> earlier = new ArrayList<>();
        while (true) {
            try {
                writeOnce(work);
                return;
            } catch (JdbiException e) {
                if (earlier.size() + 1 == MOST_TRIES || !gaveWay(e)) {
                    earlier.forEach(e::addSuppressed);
                    throw new HistoryStoreException("could not " + what, e);
                }
                earlier.add(e);
            }
        }
    }

    /**
     * Begins and commits by hand: Jdbi's inTransaction() takes a connection without auto-commit, as some pools hand out, for somebody
     * else's transaction and never commits it.
     */
    private void writeOnce(Consumer<Handle> work) {
        try (Handle handle = open()) {
            TransactionIsolationLevel before = handle.getTransactionIsolationLevel();
            // Above this level, a read after the wait for a lock may still show what was there before the wait.
            handle.setTransactionIsolationLevel(TransactionIsolationLevel.READ_COMMITTED);
            try {
                checkSchema(handle);
                handle.begin();
                work.accept(handle);
                handle.commit();
            } catch (RuntimeException | Error e) {
                afterFailure(e, handle::rollback);
                afterFailure(e, () -> handle.setTransactionIsolationLevel(before));
                throw e;
            }
            handle.setTransactionIsolationLevel(before);
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
        // The host's Jdbi may know another notation.
        handle.setSqlParser(new ColonPrefixSqlParser());
        return handle;
    }

    private void checkSchema(Handle handle) {
        if (schemaIsRight) {
            return;
        }
        try {
            SchemaVersion.check(handle.getConnection());
        } catch (SchemaException e) {
            throw new HistoryStoreException("the database cannot be used: " + e.getMessage(), e);
        } catch (SQLException e) {
            throw new HistoryStoreException("could not read which version the schema has", e);
        }
        schemaIsRight = true;
    }

    /** Whether the database rolled back for the sake of another writer, or that one added the same row first. */
    private static boolean gaveWay(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState().startsWith("40") || sql.getSQLState().startsWith("23");
            }
        }
        return false;
    }
}
