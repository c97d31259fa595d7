package cloud.dumont.economy.usage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Stores the changes of a listing though some are refused: halves what is refused until it is found, and leaves that out. Each part goes
 * with the source's clock as it was, so that nothing is mixed with what another host takes in meanwhile.
 */
final class Parts {

    /** So many refusals in a row with nothing stored between them are no longer a matter of single instances. */
    private static final int MOST_REFUSALS_IN_A_ROW = 1000;

    private final LedgerStore store;
    private final RuntimeException first;
    private final Map<InstanceKey, String> refused = new TreeMap<>();
    private final List<RecordedChange> stored = new ArrayList<>();
    private SourceClock clock;
    private int inARow;

    Parts(LedgerStore store, SourceClock clock, RuntimeException first) {
        this.store = store;
        this.clock = clock;
        this.first = first;
    }

    /**
     * Stores what can be stored.
     *
     * @return false if another host has changed the source meanwhile: then nothing more is stored
     * @throws RuntimeException the first refusal, if next to everything is refused
     */
    boolean store(List<RecordedChange> changes) {
        if (changes.isEmpty()) {
            return true;
        }
        try {
            return change(changes);
        } catch (RuntimeException e) {
            if (++inARow > MOST_REFUSALS_IN_A_ROW) {
                throw first;
            }
            if (changes.size() == 1) {
                return storeAgain(changes.get(0));
            }
            int half = changes.size() / 2;
            return store(changes.subList(0, half)) && store(changes.subList(half, changes.size()));
        }
    }

    /** What was left out, and why. */
    Map<InstanceKey, String> refused() {
        return refused;
    }

    /** What was stored. */
    List<RecordedChange> stored() {
        return stored;
    }

    /** The source's clock after all of it: its time is still that of the listing before. */
    SourceClock clock() {
        return clock;
    }

    private boolean change(List<RecordedChange> changes) {
        Optional<SourceClock> now = store.change(changes, SourceUpdate.none(clock));
        inARow = 0;
        if (now.isEmpty()) {
            return false;
        }
        clock = now.get();
        stored.addAll(changes);
        return true;
    }

    /** What failed once may have been stored, and nobody heard of it, or failed by chance: making the change again settles that. */
    private boolean storeAgain(RecordedChange change) {
        try {
            return change(List.of(change));
        } catch (RuntimeException e) {
            refused.put(change.key(), "the store refuses it: " + e.getMessage());
            return true;
        }
    }
}
