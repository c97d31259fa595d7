package cloud.dumont.economy.usage;

/**
 * Is called with what became of each listing that had something to report: once for each kind and instance, not at every poll. What it
 * throws is logged, and changes nothing.
 */
@FunctionalInterface
public interface ObservationListener {

    /**
     * A listing was taken in.
     *
     * @param observation what became of it; of what is left out at every poll only what is new
     */
    void observed(Observation observation);
}
