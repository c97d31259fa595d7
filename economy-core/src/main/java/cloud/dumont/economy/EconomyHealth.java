package cloud.dumont.economy;

import cloud.dumont.economy.polling.PollStatus;
import java.util.List;

/**
 * How an {@link Economy} stands, as data that a health endpoint can print. Immutable.
 *
 * @param polling its own pollers, one for each source of instances; empty if it polls none
 */
public record EconomyHealth(List<PollStatus> polling) {

    /**
     * Copies the list.
     *
     * @param polling one for each source
     */
    public EconomyHealth {
        polling = List.copyOf(polling);
    }
}
