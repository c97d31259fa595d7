package cloud.dumont.economy.usage;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Stores changes though some are refused: halves what is refused until it is found, and leaves that out. */
final class Parts {

    /** So many refusals in a row with nothing stored between them are no longer a matter of single instances. */
    private static final int MOST_REFUSALS_IN_A_ROW = 1000;

    private final LedgerStore store;
    private final RuntimeException first;
    private final Map<InstanceKey, String> refused = new TreeMap<>();
    private int inARow;

    Parts(LedgerStore store, RuntimeException first) {
        this.store = store;
        this.first = first;
    }

    /**
     * Stores what can be stored.
     *
     * @throws RuntimeException the first refusal, if next to everything is refused
     */
    void store(List<? extends InstanceChange> changes) {
        if (changes.isEmpty()) {
            return;
        }
        try {
            store.change(changes);
            inARow = 0;
        } catch (RuntimeException e) {
            if (++inARow > MOST_REFUSALS_IN_A_ROW) {
                throw first;
            }
            if (changes.size() == 1) {
                storeAgain(changes.get(0));
                return;
            }
            int half = changes.size() / 2;
            store(changes.subList(0, half));
            store(changes.subList(half, changes.size()));
        }
    }

    /** What was left out, and why. */
    Map<InstanceKey, String> refused() {
        return refused;
    }

    /** What failed once may have been stored, and nobody heard of it, or failed by chance: making the change again settles that. */
    private void storeAgain(InstanceChange change) {
        try {
            store.change(List.of(change));
            inARow = 0;
        } catch (RuntimeException e) {
            refused.put(change.key(), "the store refuses it: " + e.getMessage());
        }
    }
}
