package cloud.dumont.economy.usage;

/** What a usage interval rests on. Time of which neither is there is unknown, and outside every total. */
public enum Evidence {
    /** Somebody told it, or saw it. */
    OBSERVED,
    /** Nobody looked, but what was seen before and after agrees. It yields to whatever is observed of the same time. */
    INFERRED
}
