package cloud.dumont.economy.usage;

import cloud.dumont.economy.input.Given;
import java.util.Arrays;
import java.util.Locale;

/** What an instance is doing. Only {@link #RUNNING} and {@link #IDLE} accrue cost. */
public enum InstanceState {
    /** Works. */
    RUNNING,
    /** Is there and costs money, but does nothing. */
    IDLE,
    /** Suspended with its memory kept; costs no compute. */
    HIBERNATED,
    /** Shut down, may come back; costs no compute. */
    STOPPED,
    /** Gone for good. */
    TERMINATED;

    /**
     * Whether time in this state accrues compute cost.
     *
     * @return true for {@link #RUNNING} and {@link #IDLE}
     */
    public boolean isBillable() {
        return this == RUNNING || this == IDLE;
    }

    /**
     * Whether the instance is paused: not billable, but not gone.
     *
     * @return true for {@link #HIBERNATED} and {@link #STOPPED}
     */
    public boolean isPaused() {
        return this == HIBERNATED || this == STOPPED;
    }

    /**
     * The state of that name.
     *
     * @param name its name in any case, such as {@code running}
     * @return the state
     * @throws IllegalArgumentException if there is none; the message lists all
     */
    public static InstanceState parse(String name) {
        String wanted = name.strip().toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(state -> state.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown state '" + Given.shown(name) + "'; known: "
                        + Arrays.toString(values()).toLowerCase(Locale.ROOT)));
    }
}
