package cloud.dumont.economy.jdbc;

/** Is told how far a rebuild of rollups is, each time that a part of it is committed. */
@FunctionalInterface
public interface RollupProgress {

    /**
     * Some of the hours are done.
     *
     * @param done how many hours are done, from the first one with usage on
     * @param total how many there are
     */
    void reached(long done, long total);
}
