package cloud.dumont.economy.pricing;

/**
 * How a provider counts the time of a launch, that is of an unbroken run of billable time.
 *
 * @param minimumSeconds the least that a run is charged for, counted from its first second; 0 for none
 * @param incrementSeconds what the length of an ended run is rounded down to a multiple of; 1 for none
 * @param source where this rule was read
 */
public record BillingRule(int minimumSeconds, int incrementSeconds, String source) {

    /** By the second, without a minimum. */
    public static final BillingRule PER_SECOND = new BillingRule(0, 1, "");

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if the minimum is negative or the increment below one
     */
    public BillingRule {
        if (minimumSeconds < 0 || incrementSeconds < 1) {
            throw new IllegalArgumentException("billing rule: minimum " + minimumSeconds
                    + " s must be 0 or more, increment " + incrementSeconds + " s must be 1 or more");
        }
    }

    /**
     * The rule for a run whose launch nobody vouches for: without a minimum, which is charged for launches alone.
     *
     * @return this rule with a minimum of 0 s
     */
    public BillingRule withoutMinimum() {
        return minimumSeconds == 0 ? this : new BillingRule(0, incrementSeconds, source);
    }

    /**
     * The seconds charged for a run that has ended.
     *
     * @param seconds its length, 0 or more
     * @return the seconds charged
     */
    public long chargedSeconds(long seconds) {
        // By the second there is nothing to round, and a division is what a replay would spend most of its time on.
        return Math.max(minimumSeconds, incrementSeconds == 1 ? seconds : seconds - seconds % incrementSeconds);
    }

    /**
     * The seconds charged so far for a run that goes on: it accrues by the second, the minimum counts at once.
     *
     * @param seconds its length so far, 0 or more
     * @return the seconds charged so far
     */
    public long accruedSeconds(long seconds) {
        return Math.max(minimumSeconds, seconds);
    }
}
