package cloud.dumont.economy.testing;

import java.util.function.Consumer;

/**
 * Holds a law against many random cases. The cases are the same in every run, so that a red build stays red; a law that fails
 * names the seed of its case, and {@code -Dseed=N} runs that case alone.
 */
public final class Law {

    private static final String SEED = "seed";

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
        for (long seed = 1; seed <= cases; seed++) {
            try {
                law.accept(new Gen(seed));
            } catch (Throwable e) {
                throw new AssertionError("the law fails; run this case alone with -D" + SEED + "=" + seed, e);
            }
        }
    }
}
