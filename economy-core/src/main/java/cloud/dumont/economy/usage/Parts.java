package cloud.dumont.economy.usage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Stores the changes of a listing though some are refused: halves what is refused until it is found, and leaves that out. Each part goes
 * with the source's clock as it was, so that nothing is mixed with what another host takes in meanwhile.
 */
final class Parts {

    /** Another host has changed the source. */
    static final class Overtaken extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Overtaken() {
            super("another host has changed the source", null, false, false);
        }
    }

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
     * @throws RuntimeException the first refusal, if next to everything is refused
     * @throws Overtaken if another host has changed the source meanwhile
     */
    void store(List<RecordedChange> changes) {
        if (changes.isEmpty()) {
            return;
        }
        try {
            change(changes);
        } catch (Overtaken e) {
            throw e;
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

    /** What was stored. */
    List<RecordedChange> stored() {
        return stored;
    }

    /** The source's clock after all of it: its time is still that of the listing before. */
    SourceClock clock() {
        return clock;
    }

    private void change(List<RecordedChange> changes) {
        clock = store.change(changes, SourceUpdate.none(clock)).orElseThrow(Overtaken::new);
        stored.addAll(changes);
        inARow = 0;
    }

    /** What failed once may have been stored, and nobody heard of it, or failed by chance: making the change again settles that. */
    private void storeAgain(RecordedChange change) {
        try {
            change(List.of(change));
        } catch (Overtaken e) {
            throw e;
        } catch (RuntimeException e) {
            refused.put(change.key(), "the store refuses it: " + e.getMessage());
        }
    }
}
