package cloud.dumont.economy.jdbc;

/**
 * Which of many cases a default build tries, so that it stays short: every so many, from another one on for each database. The profile full
 * ({@code -Dthorough=true}) tries them all.
 *
 * @param first the first, from 1 on
 * @param every how many further the next is
 */
record Sample(int first, int every) {

    private static final boolean THOROUGH = Boolean.getBoolean("thorough");

    static Sample of(int every, TestDatabase database) {
        return THOROUGH ? new Sample(1, 1) : new Sample(1 + database.ordinal() % every, every);
    }

    /** How many random cases of a law to try. */
    static int cases(int byDefault, int all) {
        return THOROUGH ? all : byDefault;
    }
}
