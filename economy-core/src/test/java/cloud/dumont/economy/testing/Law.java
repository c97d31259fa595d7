package cloud.dumont.economy.testing;

import java.util.function.Consumer;

/**
 * Holds a law against many random cases. The cases are the same in every run, so that a red build stays red; a law that fails
 * names the seed of its case, and {@code -Dseed=N} runs that case alone. {@code -Dcases=N} makes do with the first N cases of each law,
 * for runs that repeat all laws over and over.
 */
public final class Law {

    private static final String SEED = "seed";
    private static final String CASES = "cases";

    private Law() {}

    /**
     * Checks a law.
     *
     * @param cases how many cases to make
     * @param law fails, by throwing, for a case that breaks it
     */
    public static void holds(int cases, Consumer<Gen> law) {
        Long only = Long.getLong(SEED);
        if (only != null) {
            law.accept(new Gen(only));
            return;
        }
        for (long seed = 1; seed <= Math.min(cases, Long.getLong(CASES, cases)); seed++) {
            try {
                law.accept(new Gen(seed));
            } catch (Throwable e) {
                throw new AssertionError("the law fails; run this case alone with -D" + SEED + "=" + seed, e);
            }
        }
    }
}
