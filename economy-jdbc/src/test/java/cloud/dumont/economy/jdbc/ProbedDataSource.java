package cloud.dumont.economy.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.IntPredicate;
import javax.sql.DataSource;

/**
 * A data source that counts the steps (statements executed, commits) which its connections take, and makes some of them fail on
 * demand. For one thread.
 */
final class ProbedDataSource {

    private final DataSource probed;
    private IntPredicate failing = step -> false;
    private SQLException failure = new SQLException("nothing should fail");
    private int steps;
    private int openConnections;

    ProbedDataSource(DataSource target) {
        this.probed = probed(DataSource.class, target);
    }

    DataSource dataSource() {
        return probed;
    }

    /** From here on steps are counted from 1, and these fail instead of being taken. */
    void fail(IntPredicate steps, SQLException with) {
        this.steps = 0;
        failing = steps;
        failure = with;
    }

    int steps() {
        return steps;
    }

    /** Connections not yet given back. */
    int openConnections() {
        return openConnections;
    }

    private <T> T probed(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            String name = method.getName();
            if ((name.startsWith("execute") || name.equals("commit")) && failing.test(++steps)) {
                throw failure;
            }
            if (real instanceof Connection && name.equals("close")) {
                openConnections--;
            }
            try {
                return wrapped(method.invoke(real, args));
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    private Object wrapped(Object result) {
        if (result instanceof Connection connection) {
            openConnections++;
            return probed(Connection.class, connection);
        }
        if (result instanceof PreparedStatement statement) {
            return probed(PreparedStatement.class, statement);
        }
        return result instanceof Statement statement ? probed(Statement.class, statement) : result;
    }
}
