package cloud.dumont.economy.pricing;

import java.time.Instant;

/**
 * The time in which a price changed at a moment that nobody saw: from the end of the last day the old price was seen to the first
 * day the new one was. Over all of it the lower of the two prices counts, the one that claims less savings.
 *
 * @param from when the old price was last known to be in effect
 * @param until when the new price was first known to be in effect; later than {@code from}
 */
public record ChangeWindow(Instant from, Instant until) {

    /**
     * Checks the order.
     *
     * @throws IllegalArgumentException if the window is empty
     */
    public ChangeWindow {
        if (!from.isBefore(until)) {
            throw new IllegalArgumentException("a change window must end after " + from + ", not at " + until);
        }
    }
}
