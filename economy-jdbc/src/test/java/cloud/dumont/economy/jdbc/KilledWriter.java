package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import com.zaxxer.hikari.HikariDataSource;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that appends batch after batch, and says of each when it is stored, until it is killed. What is in a batch depends on its
 * number alone.
 */
final class KilledWriter {

    static final AccountId ONE = AccountId.of("one");
    static final AccountId TWO = AccountId.of("two");

    /** Instances take turns, so that an append does not read more and more. */
    private static final int BATCHES_AN_INSTANCE = 50;

    private KilledWriter() {}

    public static void main(String[] args) {
        try (HikariDataSource pool = TestDatabase.pool(args[0])) {
            JdbcHistoryStore store = JdbcHistoryStore.create(pool);
            for (int number = Integer.parseInt(args[1]); ; number++) {
                store.append(batch(number));
                System.out.println(number);
            }
        }
    }

    /** A piece of usage in each of two accounts, the end of what the batch before has left open, and something open again. */
    static List<UsageInterval> batch(int number) {
        int turn = number / BATCHES_AN_INSTANCE;
        Instance changing = Usage.instance(ONE, "changing-" + turn);
        long at = 100L * number;
        List<UsageInterval> batch = new ArrayList<>();
        batch.add(Usage.closed(Usage.instance(ONE, "piecewise-" + turn), InstanceState.RUNNING, at, at + 10));
        batch.add(Usage.closed(Usage.instance(TWO, "piecewise-" + turn), InstanceState.IDLE, at, at + 10));
        if (number % BATCHES_AN_INSTANCE > 0) {
            batch.add(Usage.closed(changing, InstanceState.RUNNING, at - 80, at));
        }
        batch.add(Usage.open(changing, InstanceState.RUNNING, at + 20));
        return batch;
    }
}
