package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.usage.AccountId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;

/**
 * The tables {@code savings_rollup}, {@code savings_rebuild} and {@code usage_retention}, seen through one connection: how far things
 * are.
 */
final class RollupTable {

    private static final String STATE = "generation, closed_until, told_until, catalog_version, policy";

    private static final String STATE_AND_SAVINGS = STATE + ", changes, savings_high, savings_low";

    private static final String KEPT = "account_id, provider, baseline, " + STATE_AND_SAVINGS;

    private static final String INSERT_KEPT = """
            INSERT INTO savings_rollup (%s)
            VALUES (:account, :provider, :baseline, :generation, :closed, :told, :catalog, :policy, 0, :high, :low)""".formatted(KEPT);

    private static final String UPDATE_KEPT = """
            UPDATE savings_rollup SET generation = :generation, closed_until = :closed, told_until = :told,
                catalog_version = :catalog, policy = :policy, savings_high = :high, savings_low = :low, changes = changes + 1
            WHERE %s AND changes = :changes""".formatted(RollupKey.CONDITION);

    private static final String INSERT_REBUILD = """
            INSERT INTO savings_rebuild (account_id, provider, baseline, %s, started_at, done_until)
            VALUES (:account, :provider, :baseline, :generation, :closed, :told, :catalog, :policy, :from, :from)""".formatted(STATE);

    /** Whoever has rollups or retention has been told of usage. The account is named for each table, or shards would send all of theirs. */
    private static final String SELECT_STANDING = """
            SELECT %s, dropped_until FROM usage_account
            LEFT JOIN usage_retention ON usage_retention.account_id = :account
            LEFT JOIN savings_rollup ON savings_rollup.account_id = :account
                AND provider = :provider AND baseline = :baseline
            WHERE usage_account.account_id = :account""".formatted(STATE_AND_SAVINGS);

    private final Handle handle;

    RollupTable(Handle handle) {
        this.handle = handle;
    }

    Optional<RollupState.Kept> kept(RollupKey key) {
        return key.bindTo(handle.createQuery("SELECT " + KEPT + " FROM savings_rollup WHERE " + RollupKey.CONDITION))
                .map((row, context) -> kept(row))
                .findOne();
    }

    /**
     * How far things are with an account.
     *
     * @param kept its rollups; empty if there are none against the baseline
     * @param droppedUntil as {@link #droppedUntil}
     */
    record Standing(Optional<RollupState.Kept> kept, Optional<Long> droppedUntil) {}

    /** What {@link #kept} and {@link #droppedUntil} say, in one trip to the server. */
    Standing standing(RollupKey key) {
        return key.bindTo(handle.createQuery(SELECT_STANDING))
                .map((row, context) -> {
                    long dropped = row.getLong("dropped_until");
                    Optional<Long> droppedUntil = row.wasNull() ? Optional.empty() : Optional.of(dropped);
                    return new Standing(
                            row.getString("policy") == null ? Optional.empty() : Optional.of(kept(row)), droppedUntil);
                })
                .findOne()
                .orElse(new Standing(Optional.empty(), Optional.empty()));
    }

    private static RollupState.Kept kept(ResultSet row) throws SQLException {
        return new RollupState.Kept(
                state(row),
                row.getLong("changes"),
                new Quanta(row.getLong("savings_high"), row.getLong("savings_low")).amount());
    }

    private static RollupState state(ResultSet row) throws SQLException {
        return new RollupState(
                row.getLong("generation"),
                row.getLong("closed_until"),
                row.getLong("told_until"),
                row.getString("catalog_version"),
                row.getString("policy"));
    }

    private static <T extends SqlStatement<T>> T bind(T statement, RollupState state) {
        return statement
                .bind("generation", state.generation())
                .bind("closed", state.closedUntil())
                .bind("told", state.toldUntil())
                .bind("catalog", state.catalogVersion())
                .bind("policy", state.policy());
    }

    /** A first row; a row that somebody else has added meanwhile is a failure that lets the transaction be tried again. */
    void insert(RollupKey key, RollupState state, Amount savings) {
        bindSavings(bind(key.bindTo(handle.createUpdate(INSERT_KEPT)), state), savings)
                .execute();
    }

    /** Puts another row in the place of one, and keeps others from doing so; false if somebody else was faster. */
    boolean update(RollupKey key, RollupState.Kept before, RollupState state, Amount savings) {
        return bindSavings(bind(key.bindTo(handle.createUpdate(UPDATE_KEPT)), state), savings)
                        .bind("changes", before.changes())
                        .execute()
                == 1;
    }

    private static Update bindSavings(Update update, Amount savings) {
        Quanta quanta = Quanta.of(savings);
        return update.bind("high", quanta.high()).bind("low", quanta.low());
    }

    Optional<RollupState.Rebuild> rebuild(RollupKey key) {
        return key.bindTo(handle.createQuery("SELECT " + STATE + ", started_at, done_until FROM savings_rebuild WHERE "
                        + RollupKey.CONDITION))
                .map((row, context) ->
                        new RollupState.Rebuild(state(row), row.getLong("started_at"), row.getLong("done_until")))
                .findOne();
    }

    void begin(RollupKey key, RollupState state, long from) {
        bind(key.bindTo(handle.createUpdate(INSERT_REBUILD)), state)
                .bind("from", from)
                .execute();
    }

    /** Moves a rebuild on, and keeps others from doing so; false if somebody else was faster. */
    boolean advance(RollupKey key, RollupState.Rebuild before, long doneUntil) {
        return key.bindTo(handle.createUpdate("UPDATE savings_rebuild SET done_until = :next WHERE "
                                + RollupKey.CONDITION + " AND generation = :generation AND done_until = :done"))
                        .bind("next", doneUntil)
                        .bind("generation", before.state().generation())
                        .bind("done", before.doneUntil())
                        .execute()
                == 1;
    }

    /** Takes a rebuild out; false if it was not there. */
    boolean end(RollupKey key, RollupState.Rebuild rebuild) {
        return key.bindTo(handle.createUpdate("DELETE FROM savings_rebuild WHERE " + RollupKey.CONDITION
                                + " AND generation = :generation"))
                        .bind("generation", rebuild.state().generation())
                        .execute()
                == 1;
    }

    /** All that there are, in the order of their keys. */
    Map<RollupKey, RollupState.Kept> all() {
        return collect(
                handle.createQuery("SELECT " + KEPT + " FROM savings_rollup ORDER BY account_id, provider, baseline")
                        .map((row, context) -> Map.entry(key(row), kept(row)))
                        .list());
    }

    /** All of one account. */
    Map<RollupKey, RollupState.Kept> of(AccountId account) {
        return collect(handle.createQuery("SELECT " + KEPT + " FROM savings_rollup WHERE account_id = :account")
                .bind("account", account.value())
                .map((row, context) -> Map.entry(key(row), kept(row)))
                .list());
    }

    /** The accounts with the greatest savings, greatest first. */
    Map<RollupKey, RollupState.Kept> greatest(String provider, String baseline, int count) {
        return collect(handle.createQuery("SELECT " + KEPT + """
                         FROM savings_rollup WHERE provider = :provider AND baseline = :baseline
                        ORDER BY savings_high DESC, savings_low DESC, account_id DESC LIMIT :count""")
                .bind("provider", provider)
                .bind("baseline", baseline)
                .bind("count", count)
                .map((row, context) -> Map.entry(key(row), kept(row)))
                .list());
    }

    private static RollupKey key(ResultSet row) throws SQLException {
        return RollupKey.of(row.getString("account_id"), row.getString("provider"), row.getString("baseline"));
    }

    private static Map<RollupKey, RollupState.Kept> collect(List<Map.Entry<RollupKey, RollupState.Kept>> rows) {
        Map<RollupKey, RollupState.Kept> result = new LinkedHashMap<>();
        rows.forEach(row -> result.put(row.getKey(), row.getValue()));
        return result;
    }

    /** From when on an account's intervals are all there, in seconds since 1970; empty if they always were. */
    Optional<Long> droppedUntil(String account) {
        return handle.createQuery("SELECT dropped_until FROM usage_retention WHERE account_id = :account")
                .bind("account", account)
                .mapTo(Long.class)
                .findOne();
    }
}
