package cloud.dumont.economy.savings;

import java.time.Instant;
import java.util.List;

/**
 * Totals by group; the groups sum exactly to the total.
 *
 * @param groups one per name, in order of names
 * @param total all of them
 * @param observedUntil up to when all that lasts is vouched for: what is counted after that is provisional
 */
public record Breakdown(List<Group> groups, SavingsTotals total, Instant observedUntil) {

    /** Copies the groups. */
    public Breakdown {
        groups = List.copyOf(groups);
    }

    /**
     * One group.
     *
     * @param name what its usage has in common
     * @param totals its totals
     */
    public record Group(String name, SavingsTotals totals) {}
}
