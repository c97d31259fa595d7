package cloud.dumont.economy.usage;

import cloud.dumont.economy.EconomyException;
import java.io.Serial;

/** Two intervals of one instance tell different things of the same time; the message names both, and neither is lost. */
public final class UsageConflictException extends EconomyException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient UsageInterval known;
    private final transient UsageInterval refused;

    UsageConflictException(UsageInterval known, UsageInterval refused) {
        super("usage disagrees: known is " + known + ", refused is " + refused);
        this.known = known;
        this.refused = refused;
    }

    /**
     * What was known before.
     *
     * @return the interval that stays
     */
    public UsageInterval known() {
        return known;
    }

    /**
     * What disagrees with it.
     *
     * @return the interval that was refused
     */
    public UsageInterval refused() {
        return refused;
    }
}
