package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Tier;

/** What a {@link SavingsMeter} keeps count of. Money is in quanta, time in seconds, rates in nano-USD per hour. */
enum Measure {
    EFFECTIVE_LIKE_FOR_LIKE,
    EFFECTIVE_SAME_GPU,
    EFFECTIVE_NEAREST,
    EQUIVALENT_LIKE_FOR_LIKE,
    EQUIVALENT_SAME_GPU,
    EQUIVALENT_NEAREST,
    SAVINGS,
    UNCOMPARED_COST,
    COMPARED_SECONDS,
    BILLABLE_SECONDS,
    EFFECTIVE_RATE,
    EQUIVALENT_RATE,
    BILLABLE_INSTANCES;

    static Measure effective(Tier tier) {
        return switch (tier) {
            case LIKE_FOR_LIKE -> EFFECTIVE_LIKE_FOR_LIKE;
            case SAME_GPU -> EFFECTIVE_SAME_GPU;
            case NEAREST -> EFFECTIVE_NEAREST;
            case NONE -> throw new IllegalArgumentException("nothing rests on " + tier);
        };
    }

    static Measure equivalent(Tier tier) {
        return switch (tier) {
            case LIKE_FOR_LIKE -> EQUIVALENT_LIKE_FOR_LIKE;
            case SAME_GPU -> EQUIVALENT_SAME_GPU;
            case NEAREST -> EQUIVALENT_NEAREST;
            case NONE -> throw new IllegalArgumentException("nothing rests on " + tier);
        };
    }
}
