package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.money.Amount;

/**
 * How far rollups are, or a rebuild of them.
 *
 * @param generation which of the rows in {@code savings_history} it speaks of
 * @param closedUntil hours that begin before this second are, or will be, there
 * @param toldUntil by the facts told up to this microsecond
 * @param catalogVersion under which prices
 * @param policy under which rules
 */
record RollupState(long generation, long closedUntil, long toldUntil, String catalogVersion, String policy) {

    /**
     * A row of {@code savings_rollup}.
     *
     * @param changes how often it was written
     * @param savings of all closed hours
     */
    record Kept(RollupState state, long changes, Amount savings) {}

    /**
     * A row of {@code savings_rebuild}.
     *
     * @param from the first second
     * @param doneUntil hours that begin before this second are there
     */
    record Rebuild(RollupState state, long from, long doneUntil) {}
}
