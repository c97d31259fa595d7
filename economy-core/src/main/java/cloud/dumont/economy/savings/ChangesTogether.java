package cloud.dumont.economy.savings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All changes of one second: a few, as a rule, in a list; where a whole fleet began together, counted in a map, so that one of them is found
 * without a look at the others. Owned by one thread at a time.
 */
final class ChangesTogether {

    private static final int FEW = 16;

    private final List<MeterChange> few = new ArrayList<>(2);
    private @Nullable Map<MeterChange, Integer> many;

    void add(MeterChange change) {
        if (many == null && few.size() == FEW) {
            many = new HashMap<>();
        }
        if (many == null) {
            few.add(change);
        } else {
            many.merge(change, 1, Integer::sum);
        }
    }

    /** Takes one back; false if it was never added. */
    boolean remove(MeterChange change) {
        if (few.remove(change)) {
            return true;
        }
        if (many == null || !many.containsKey(change)) {
            return false;
        }
        many.computeIfPresent(change, (same, count) -> count == 1 ? null : count - 1);
        return true;
    }

    boolean isEmpty() {
        return few.isEmpty() && (many == null || many.isEmpty());
    }

    void forEach(Consumer<MeterChange> consumer) {
        few.forEach(consumer);
        if (many != null) {
            many.forEach((change, count) -> {
                for (int i = 0; i < count; i++) {
                    consumer.accept(change);
                }
            });
        }
    }
}
