package cloud.dumont.economy.usage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The billable time of many instances in columns: 28 bytes an interval and 8 bytes an instance, beside the ids, for replays of millions
 * of intervals. Time in states that cost nothing is left out.
 *
 * <p>Rows are numbered from 0; those of an instance follow each other in order of time. Seconds are seconds since 1970.
 *
 * <p>This class is immutable and thread-safe.
 */
public final class UsageColumns {

    /** The end of an interval that lasts. */
    public static final long OPEN = Long.MAX_VALUE;

    private final List<UsageKind> kinds;
    private final AccountId[] accounts;
    private final int[] firstInstance;
    private final InstanceId[] instances;
    private final int[] firstRow;
    private final long[] startSecond;
    private final long[] endSecond;
    private final long[] nanoUsdPerHour;
    private final int[] kind;

    private UsageColumns(Builder builder) {
        kinds = List.copyOf(builder.kinds.keySet());
        accounts = builder.accounts.toArray(AccountId[]::new);
        instances = builder.instances.toArray(InstanceId[]::new);
        firstInstance = Arrays.copyOf(builder.firstInstance, accounts.length + 1);
        firstInstance[accounts.length] = instances.length;
        firstRow = Arrays.copyOf(builder.firstRow, instances.length + 1);
        firstRow[instances.length] = builder.rows;
        startSecond = Arrays.copyOf(builder.startSecond, builder.rows);
        endSecond = Arrays.copyOf(builder.endSecond, builder.rows);
        nanoUsdPerHour = Arrays.copyOf(builder.nanoUsdPerHour, builder.rows);
        kind = Arrays.copyOf(builder.kind, builder.rows);
    }

    /**
     * Starts to fill columns.
     *
     * @return a builder without rows
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * How many intervals there are.
     *
     * @return the number of rows
     */
    public int size() {
        return startSecond.length;
    }

    /**
     * How many instances there are.
     *
     * @return their number
     */
    public int instanceCount() {
        return instances.length;
    }

    /**
     * How many accounts there are.
     *
     * @return their number
     */
    public int accountCount() {
        return accounts.length;
    }

    /**
     * Which account that is.
     *
     * @param account its number, from 0
     * @return its id
     */
    public AccountId account(int account) {
        return accounts[account];
    }

    /**
     * Where the instances of an account begin; they end where those of the next begin.
     *
     * @param account its number, from 0 up to and with the number of accounts
     * @return the number of an instance
     */
    public int firstInstance(int account) {
        return firstInstance[account];
    }

    /**
     * Which instance that is.
     *
     * @param instance its number, from 0
     * @return its id
     */
    public InstanceId instance(int instance) {
        return instances[instance];
    }

    /**
     * Where the rows of an instance begin; they end where those of the next begin.
     *
     * @param instance its number, from 0 up to and with the number of instances
     * @return a row
     */
    public int firstRow(int instance) {
        return firstRow[instance];
    }

    /**
     * When an interval begins.
     *
     * @param row the interval
     * @return seconds since 1970
     */
    public long startSecond(int row) {
        return startSecond[row];
    }

    /**
     * When an interval ends.
     *
     * @param row the interval
     * @return seconds since 1970, or {@link #OPEN}
     */
    public long endSecond(int row) {
        return endSecond[row];
    }

    /**
     * What the account pays.
     *
     * @param row the interval
     * @return nano-USD per hour; 0 where the rate is unknown
     */
    public long nanoUsdPerHour(int row) {
        return nanoUsdPerHour[row];
    }

    /**
     * What kind of usage an interval is.
     *
     * @param row the interval
     * @return the kind's place in {@link #kinds()}
     */
    public int kind(int row) {
        return kind[row];
    }

    /**
     * All kinds of usage.
     *
     * @return the kinds, each once
     */
    public List<UsageKind> kinds() {
        return kinds;
    }

    /** Fills columns, instance by instance. Not thread-safe. */
    public static final class Builder {

        private static final int FIRST_CAPACITY = 1_024;

        private final Map<UsageKind, Integer> kinds = new LinkedHashMap<>();
        private final List<AccountId> accounts = new ArrayList<>();
        private final List<InstanceId> instances = new ArrayList<>();
        private int[] firstInstance = new int[FIRST_CAPACITY];
        private int[] firstRow = new int[FIRST_CAPACITY];
        private long[] startSecond = new long[FIRST_CAPACITY];
        private long[] endSecond = new long[FIRST_CAPACITY];
        private long[] nanoUsdPerHour = new long[FIRST_CAPACITY];
        private int[] kind = new int[FIRST_CAPACITY];
        private int rows;
        private @Nullable AccountId lastAccount;
        private @Nullable InstanceId lastInstance;

        private Builder() {}

        /**
         * Adds all that is known of an instance.
         *
         * @param timeline the instance's timeline; one that is empty adds nothing
         * @return this builder
         * @throws IllegalArgumentException as {@link #instance} does
         */
        public Builder add(InstanceTimeline timeline) {
            List<UsageInterval> intervals = timeline.intervals();
            if (!intervals.isEmpty()) {
                Instance instance = intervals.get(0).instance();
                instance(instance.account(), instance.id());
                intervals.stream()
                        .filter(interval -> interval.state().isBillable())
                        .forEach(this::add);
            }
            return this;
        }

        private void add(UsageInterval interval) {
            interval(
                    kind(UsageKind.of(interval)),
                    interval.instance()
                            .rate()
                            .map(rate -> rate.nanoUsdPerHour())
                            .orElse(0L),
                    interval.start().getEpochSecond(),
                    interval.end().map(Instant::getEpochSecond).orElse(OPEN));
        }

        /**
         * The number of a kind, for {@link #interval}.
         *
         * @param of a kind of billable usage
         * @return its number; the same for equal kinds
         * @throws IllegalArgumentException if its state costs nothing
         */
        public int kind(UsageKind of) {
            if (!of.state().isBillable()) {
                throw new IllegalArgumentException("only billable states have columns, not " + of.state());
            }
            return kinds.computeIfAbsent(of, k -> kinds.size());
        }

        /**
         * Begins an instance: the intervals that follow are its.
         *
         * @param account whose it is
         * @param id which it is
         * @return this builder
         * @throws IllegalArgumentException unless it comes after the last one in order of accounts, then of ids; so no instance can
         *     be there twice
         */
        public Builder instance(AccountId account, InstanceId id) {
            if (lastAccount != null && lastInstance != null) {
                int order = account.compareTo(lastAccount);
                if (order < 0 || (order == 0 && id.compareTo(lastInstance) <= 0)) {
                    throw new IllegalArgumentException("instances must come in order, each once: " + account + "/" + id
                            + " after " + lastAccount + "/" + lastInstance);
                }
            }
            if (!account.equals(lastAccount)) {
                if (accounts.size() + 1 >= firstInstance.length) {
                    firstInstance = Arrays.copyOf(firstInstance, firstInstance.length * 2);
                }
                firstInstance[accounts.size()] = instances.size();
                accounts.add(account);
            }
            lastAccount = account;
            lastInstance = id;
            if (instances.size() + 1 >= firstRow.length) {
                firstRow = Arrays.copyOf(firstRow, firstRow.length * 2);
            }
            firstRow[instances.size()] = rows;
            instances.add(id);
            return this;
        }

        /**
         * Adds billable time of the last instance begun.
         *
         * @param kindNumber what {@link #kind} gave
         * @param rate what the account pays in nano-USD per hour, 0 or more; 0 where the kind says that it is unknown
         * @param start its first second
         * @param end the second it ends before, or {@link #OPEN}
         * @return this builder
         * @throws IllegalArgumentException if it is empty, or begins before the instance's last interval ends, or if the kind or rate
         *     is none
         * @throws IllegalStateException if no instance was begun
         */
        public Builder interval(int kindNumber, long rate, long start, long end) {
            if (instances.isEmpty()) {
                throw new IllegalStateException("no instance was begun");
            }
            boolean isFirst = firstRow[instances.size() - 1] == rows;
            if (start >= end || (!isFirst && start < endSecond[rows - 1])) {
                throw new IllegalArgumentException("interval [" + start + ", " + end + ") of " + lastAccount + "/"
                        + lastInstance + " must be longer than 0 s and follow "
                        + (isFirst ? "nothing" : "[" + startSecond[rows - 1] + ", " + endSecond[rows - 1] + ")"));
            }
            if (kindNumber < 0 || kindNumber >= kinds.size() || rate < 0) {
                throw new IllegalArgumentException("kind " + kindNumber + " must be one of 0 to " + (kinds.size() - 1)
                        + ", rate " + rate + " must be 0 or more");
            }
            if (rows == startSecond.length) {
                grow();
            }
            startSecond[rows] = start;
            endSecond[rows] = end;
            nanoUsdPerHour[rows] = rate;
            kind[rows] = kindNumber;
            rows++;
            return this;
        }

        private void grow() {
            int capacity = Math.multiplyExact(rows, 2);
            startSecond = Arrays.copyOf(startSecond, capacity);
            endSecond = Arrays.copyOf(endSecond, capacity);
            nanoUsdPerHour = Arrays.copyOf(nanoUsdPerHour, capacity);
            kind = Arrays.copyOf(kind, capacity);
        }

        /**
         * The columns.
         *
         * @return all that was added
         */
        public UsageColumns build() {
            return new UsageColumns(this);
        }
    }
}
