package cloud.dumont.economy.examples.dashboard;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param all every row that was asked for, in order
 * @param rows those of this page
 * @param offset how many of them come before
 * @param limit how many a page holds at most
 */
record Page<T>(List<T> all, List<T> rows, int offset, int limit) {

    static final int USUAL = 100;
    static final int MOST = 1_000;

    static final List<Parameter> PARAMETERS = List.of(
            Parameter.wholeNumber("offset", "How many rows to pass over.", 0, Integer.MAX_VALUE, 0),
            Parameter.wholeNumber("limit", "How many rows to tell at most.", 1, MOST, USUAL));

    static <T> Page<T> of(Query query, List<T> all) {
        int offset = query.wholeNumber("offset", 0, Integer.MAX_VALUE, 0);
        int limit = query.wholeNumber("limit", 1, MOST, USUAL);
        int from = Math.min(offset, all.size());
        return new Page<>(all, all.subList(from, Math.min(all.size(), from + limit)), offset, limit);
    }

    int total() {
        return all.size();
    }

    /** The offset of the next page; null on the last. */
    @Nullable
    Integer next() {
        long end = (long) offset + limit;
        return end < all.size() ? Math.toIntExact(end) : null;
    }
}
