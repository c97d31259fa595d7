package cloud.dumont.economy.usage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Stores the changes of a listing though some are refused: halves what is refused until it is found, and leaves that out. Each part goes
 * with the source's clock as it was, so that nothing is mixed with what another host takes in meanwhile.
 */
final class Parts {

    /** So many refusals in a row of one account are a matter of the account: the rest of it is not tried. */
    private static final int MOST_OF_AN_ACCOUNT = 20;

    /** After so many refusals in a row with nothing stored between them it is looked whether the store takes anything at all. */
    private static final int LOOK_AFTER = 100;

    private final LedgerStore store;
    private final RuntimeException first;
    private final Map<InstanceKey, String> refused = new TreeMap<>();
    private final List<RecordedChange> stored = new ArrayList<>();
    private SourceClock clock;
    private final Map<AccountId, Integer> inARowOf = new HashMap<>();
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
     * @throws RuntimeException the first refusal, if the store takes nothing at all
     */
    boolean store(List<RecordedChange> all) {
        List<RecordedChange> changes =
                all.stream().filter(change -> !isGivenUp(change)).toList();
        if (changes.isEmpty()) {
            return true;
        }
        try {
            return change(changes);
        } catch (RuntimeException e) {
            if (++inARow % LOOK_AFTER == 0 && !takesAnything()) {
                throw first;
            }
            if (changes.size() == 1) {
                return storeAgain(changes.get(0));
            }
            int half = changes.size() / 2;
            return store(changes.subList(0, half)) && store(changes.subList(half, changes.size()));
        }
    }

    private boolean isGivenUp(RecordedChange change) {
        boolean givenUp = inARowOf.getOrDefault(change.key().account(), 0) >= MOST_OF_AN_ACCOUNT;
        if (givenUp) {
            refused.putIfAbsent(
                    change.key(),
                    "the store refuses its account: " + MOST_OF_AN_ACCOUNT + " others of it were refused");
        }
        return givenUp;
    }

    private boolean takesAnything() {
        try {
            return store.advance(SourceUpdate.none(clock))
                    .map(now -> {
                        clock = now;
                        return true;
                    })
                    .orElse(true); // another host has stored something
        } catch (RuntimeException e) {
            return false;
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
        changes.forEach(change -> inARowOf.remove(change.key().account()));
        return true;
    }

    /** What failed once may have been stored, and nobody heard of it, or failed by chance: making the change again settles that. */
    private boolean storeAgain(RecordedChange change) {
        try {
            return change(List.of(change));
        } catch (RuntimeException e) {
            refused.put(change.key(), "the store refuses it: " + e.getMessage());
            inARowOf.merge(change.key().account(), 1, Integer::sum);
            return true;
        }
    }
}
