package cloud.dumont.economy.savings;

/** What usage is grouped by. */
public enum Dimension {
    /** The tenant. */
    ACCOUNT,
    /** The canonical GPU model, or the name as it was told where it means none, or {@code unknown}. */
    GPU,
    /** The single machine. */
    INSTANCE,
    /** The host's own region, or {@code unknown}. */
    REGION
}
