package cloud.dumont.economy.polling;

/** What a poller is at. */
public enum PollState {
    /** Not started yet. */
    NEW,
    /** The next poll is not due yet. */
    WAITING,
    /** The next poll is due and waits for a worker. */
    READY,
    /** A poll is in progress, or its listeners are hearing of it. */
    RUNNING,
    /** Nobody listens; the next poll comes with the next listener, or when it is nudged. */
    PAUSED,
    /** Closed: nothing starts any more. */
    CLOSED
}
