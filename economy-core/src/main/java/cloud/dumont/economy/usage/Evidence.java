package cloud.dumont.economy.usage;

/**
 * Who vouches for a usage interval. Time for which there is no interval is unknown, and outside every total.
 *
 * <p>Where two of them speak of one instance, the names say both: {@link #PUSHED_AND_SEEN} rests on the host's word, which a source
 * confirmed.
 */
public enum Evidence {
    /** A usage file, an append or a correction says so, for exactly that time. */
    OBSERVED,
    /** The host pushed it: it holds from that instant until another push, however long. */
    PUSHED,
    /** The host pushed it, and a source has shown the same: it holds until another push, or until a complete listing lacks it. */
    PUSHED_AND_SEEN,
    /** A source showed it, from its first sight to its last. Nobody vouches for its launch. */
    SEEN,
    /** A source showed it, and knows since when: from then to its last sight. */
    SEEN_SINCE,
    /** Nobody looked, but what was seen before and after agrees. It yields to whatever else is known of the same time. */
    INFERRED,
    /**
     * It was seen a moment ago, and no listing has come since: counted in a report for the time being, and taken back if the next listing does
     * not show it. Computed when asked for, never stored.
     */
    PROVISIONAL;

    /**
     * Whether the interval is vouched for by listings alone: while it is open, it is good up to the last complete listing.
     *
     * @return true for {@link #SEEN} and {@link #SEEN_SINCE}
     */
    public boolean restsOnSightings() {
        return this == SEEN || this == SEEN_SINCE;
    }

    /**
     * Whether somebody vouches for the instant at which the interval begins. A run that begins without has no minimum charge.
     *
     * @return false for {@link #SEEN}, {@link #INFERRED} and {@link #PROVISIONAL}
     */
    public boolean vouchesForStart() {
        return this != SEEN && this != INFERRED && this != PROVISIONAL;
    }

    /** Whether a source has shown it. */
    boolean isSeen() {
        return restsOnSightings() || this == PUSHED_AND_SEEN;
    }

    /** Whether it rests on the host's pushes. */
    boolean isPushed() {
        return this == PUSHED || this == PUSHED_AND_SEEN;
    }
}
