package cloud.dumont.economy.pricing;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Finds the row of a name among those of one owner, without allocating. Rows of an owner lie together; names of different owners
 * may be alike.
 */
final class NameIndex {

    /** Spreads hash codes over the slots: 2^32 divided by the golden ratio. */
    private static final int SPREAD = 0x9E3779B9;

    private final int[] first;
    private final String[] names;

    /** Row + 1, or 0 where free: a power of two, at least half of them free. */
    private final int[] slots;

    private final int shift;

    private <T> NameIndex(int owners, List<T> rows, ToIntFunction<T> owner, Function<T, String> name) {
        first = new int[owners + 1];
        names = new String[rows.size()];
        shift = Integer.numberOfLeadingZeros(Math.max(1, rows.size())) - 1;
        slots = new int[1 << (32 - shift)];
        for (int row = 0; row < names.length; row++) {
            names[row] = name.apply(rows.get(row));
            int of = owner.applyAsInt(rows.get(row));
            first[of + 1] = row + 1;
            int slot = slot(of, names[row]);
            while (slots[slot] != 0) {
                slot = next(slot);
            }
            slots[slot] = row + 1;
        }
        for (int of = 0; of < owners; of++) {
            first[of + 1] = Math.max(first[of + 1], first[of]); // an owner without rows
        }
    }

    /** The names of these rows, in order of their owners' numbers. */
    static <T> NameIndex of(int owners, List<T> rows, ToIntFunction<T> owner, Function<T, String> name) {
        return new NameIndex(owners, rows, owner, name);
    }

    /** The row of that owner and name, or -1. */
    int find(int owner, String name) {
        int from = first[owner];
        int to = first[owner + 1];
        for (int slot = slot(owner, name); ; slot = next(slot)) {
            int row = slots[slot] - 1;
            if (row < 0 || (row >= from && row < to && names[row].equals(name))) {
                return row;
            }
        }
    }

    /** The first row of an owner; its rows end where those of the next number begin. */
    int first(int owner) {
        return first[owner];
    }

    private int slot(int owner, String name) {
        return ((name.hashCode() + owner) * SPREAD) >>> shift;
    }

    private int next(int slot) {
        return (slot + 1) & (slots.length - 1);
    }
}
