package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceKey;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Drops usage of one account that is older than a day, seen through one connection. The account is locked by the one who calls. */
final class UsageRetention {

    private static final String DELETE = """
            DELETE FROM usage_interval WHERE account_id = :account AND instance_id = :instance AND ended_at <= :cut""";

    /** Also what nobody can ask for any more, because it was withdrawn before the first moment that can be asked for. */
    private static final String DELETE_WITHDRAWN = """
            DELETE FROM usage_interval_withdrawn WHERE account_id = :account AND instance_id = :instance
                AND (ended_at <= :cut OR withdrawn_at <= :earliest)""";

    private static final String UPDATE = """
            UPDATE usage_retention SET dropped_until = :until, dropped_at = :now
            WHERE account_id = :account AND dropped_until <= :until""";

    private static final String INSERT = """
            INSERT INTO usage_retention (account_id, dropped_until, dropped_at)
            SELECT :account, :until, :now FROM usage_account
            WHERE account_id = :account AND NOT EXISTS (SELECT 1 FROM usage_retention WHERE account_id = :account)""";

    private static final long MICROS = 1_000_000;

    private static final int INSTANCES_A_BATCH = 1000;

    private final Handle handle;
    private final Dialect dialect;

    UsageRetention(Handle handle, Dialect dialect) {
        this.handle = handle;
        this.dialect = dialect;
    }

    /**
     * Drops what ended before a day, run by run: of a run that goes on behind it everything stays, because the provider's minimum and
     * rounding go by its whole length.
     *
     * @param until the day's first second
     * @param now when, as facts are told
     */
    DroppedUsage drop(AccountId account, long until, long now) {
        List<Map.Entry<InstanceKey, InstanceTimeline>> instances = List.copyOf(
                new UsageIntervalTable(handle, dialect).read(account).entrySet());
        long intervals = 0;
        long withdrawn = 0;
        for (List<Map.Entry<InstanceKey, InstanceTimeline>> part :
                UsageIntervalTable.partsOf(instances, INSTANCES_A_BATCH)) {
            PreparedBatch facts = handle.prepareBatch(DELETE);
            PreparedBatch before = handle.prepareBatch(DELETE_WITHDRAWN);
            for (Map.Entry<InstanceKey, InstanceTimeline> instance : part) {
                long cut =
                        cut(instance.getValue(), Instant.ofEpochSecond(until)).getEpochSecond();
                bind(facts, instance.getKey(), cut).add();
                bind(before, instance.getKey(), cut)
                        .bind("earliest", Math.multiplyExact(until, MICROS))
                        .add();
            }
            intervals += Arrays.stream(facts.execute()).sum();
            withdrawn += Arrays.stream(before.execute()).sum();
        }
        for (String sql : List.of(UPDATE, INSERT)) {
            handle.createUpdate(sql)
                    .bind("account", account.value())
                    .bind("until", until)
                    .bind("now", now)
                    .execute();
        }
        return new DroppedUsage(account, Instant.ofEpochSecond(until), intervals, withdrawn);
    }

    private static PreparedBatch bind(PreparedBatch batch, InstanceKey instance, long cut) {
        return batch.bind("account", instance.account().value())
                .bind("instance", instance.instance().value())
                .bind("cut", cut);
    }

    /** Up to when usage can go: no later than where the run began that goes on behind the day. */
    private static Instant cut(InstanceTimeline timeline, Instant until) {
        List<UsageInterval> intervals = timeline.intervals();
        int first = 0;
        while (first < intervals.size()
                && intervals.get(first).end().filter(end -> !end.isAfter(until)).isPresent()) {
            first++;
        }
        if (first == intervals.size()) {
            return until;
        }
        while (first > 0
                && intervals.get(first).state().isBillable()
                && intervals.get(first - 1).state().isBillable()
                && intervals
                        .get(first - 1)
                        .end()
                        .equals(Optional.of(intervals.get(first).start()))) {
            first--;
        }
        Instant start = intervals.get(first).start();
        return start.isBefore(until) ? start : until;
    }
}
