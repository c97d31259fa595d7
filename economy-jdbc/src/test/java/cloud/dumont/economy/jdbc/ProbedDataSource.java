package cloud.dumont.economy.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * A data source that counts the steps (statements executed, commits) which its connections take, and makes some of them fail on
 * demand. For one thread.
 */
final class ProbedDataSource {

    private static final Pattern READING = Pattern.compile("(?i)^\\s*(SELECT|CALL|SHOW|PRAGMA)\\b");

    private final DataSource probed;
    private Predicate<String> counted = sql -> true;
    private IntPredicate failing = step -> false;
    private Failure failure = (connection, step) -> {};
    private int steps;
    private int openConnections;

    ProbedDataSource(DataSource target) {
        this.probed = probed(DataSource.class, target, "");
    }

    DataSource dataSource() {
        return probed;
    }

    /** From here on steps are counted from 1, and these fail instead of being taken. */
    void fail(IntPredicate steps, SQLException with) {
        from(steps, (connection, step) -> {
            throw with;
        });
    }

    /** From here on steps are counted from 1, and instead of these the connection ends. */
    void drop(IntPredicate steps) {
        from(steps, (connection, step) -> {
            connection.close();
            throw new SQLException("connection dropped", "08006");
        });
    }

    /** The same, but only what may change something counts as a step. */
    void dropWrites(IntPredicate steps) {
        drop(steps);
        counted = sql -> !READING.matcher(sql).find();
    }

    /** From here on steps are counted from 1, and these are taken, but the connection ends before that is known. */
    void loseAnswer(IntPredicate steps) {
        from(steps, (connection, step) -> {
            step.take();
            connection.close();
            throw new SQLException("connection dropped", "08006");
        });
    }

    private void from(IntPredicate failingSteps, Failure with) {
        steps = 0;
        counted = sql -> true;
        failing = failingSteps;
        failure = with;
    }

    int steps() {
        return steps;
    }

    /** Connections not yet given back. */
    int openConnections() {
        return openConnections;
    }

    private <T> T probed(Class<T> type, T real, String sql) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> call(real, method, args, sql)));
    }

    private Object call(Object real, Method method, Object[] args, String prepared) throws Throwable {
        String name = method.getName();
        String sql = args != null && args[0] instanceof String given ? given : prepared;
        if ((name.startsWith("execute") || name.equals("commit")) && counted.test(sql) && failing.test(++steps)) {
            Connection connection = real instanceof Statement statement ? statement.getConnection() : (Connection) real;
            failure.instead(connection, () -> invoke(real, method, args));
        }
        if (real instanceof Connection && name.equals("close")) {
            openConnections--;
        }
        return wrapped(invoke(real, method, args), sql);
    }

    private static Object invoke(Object real, Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(real, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Object wrapped(Object result, String sql) {
        if (result instanceof Connection connection) {
            openConnections++;
            return probed(Connection.class, connection, "");
        }
        if (result instanceof PreparedStatement statement) {
            return probed(PreparedStatement.class, statement, sql);
        }
        return result instanceof Statement statement ? probed(Statement.class, statement, "") : result;
    }

    private interface Failure {

        void instead(Connection connection, Step step) throws Throwable;
    }

    private interface Step {

        Object take() throws Throwable;
    }
}
