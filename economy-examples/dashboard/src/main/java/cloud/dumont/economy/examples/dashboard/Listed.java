package cloud.dumont.economy.examples.dashboard;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How a kind of list can be asked for: what it is sorted by, and where {@code q} is looked for. Rows of which a column is unknown come
 * last, whichever way it is sorted; rows that are equal stay in their usual order.
 *
 * @param <T> a row
 */
final class Listed<T> {

    private final Map<String, Comparator<T>> upwards = new LinkedHashMap<>();
    private final Map<String, Comparator<T>> downwards = new LinkedHashMap<>();
    private final List<Function<T, Optional<String>>> texts = new ArrayList<>();

    /** A column that can be sorted by. */
    <C extends Comparable<? super C>> Listed<T> by(String column, Function<T, Optional<C>> value) {
        upwards.put(column, comparing(value, Comparator.naturalOrder()));
        downwards.put(column, comparing(value, Comparator.reverseOrder()));
        return this;
    }

    /** A text that can be sorted by, and that {@code q} is looked for in. */
    Listed<T> text(String column, Function<T, Optional<String>> value) {
        texts.add(value);
        return by(column, value);
    }

    private static <T, C> Comparator<T> comparing(Function<T, Optional<C>> value, Comparator<? super C> order) {
        return (one, other) -> {
            Optional<C> left = value.apply(one);
            Optional<C> right = value.apply(other);
            if (left.isEmpty() || right.isEmpty()) {
                return Boolean.compare(left.isEmpty(), right.isEmpty());
            }
            return order.compare(left.get(), right.get());
        };
    }

    List<Parameter> parameters() {
        return Parameter.list(
                Page.PARAMETERS,
                Parameter.choice(
                        "sort",
                        "The column to sort by, with a minus before it from the greatest down; rows without it come last.",
                        upwards.keySet().stream()
                                .flatMap(column -> Stream.of(column, "-" + column))
                                .toList()),
                Parameter.text("q", "Only rows with this text in one of their names, in any case."));
    }

    /** What was asked for of some rows. */
    Page<T> page(Query query, List<T> rows) {
        return sortedPage(query, found(query, rows));
    }

    /** The rows that {@code q} leaves. */
    List<T> found(Query query, List<T> rows) {
        return query.text("q")
                .map(text -> text.toLowerCase(Locale.ROOT))
                .map(text -> rows.stream().filter(row -> mentions(row, text)).toList())
                .orElse(rows);
    }

    /** A page of rows that were found. */
    Page<T> sortedPage(Query query, List<T> found) {
        return Page.of(
                query, query.text("sort").map(column -> sorted(found, column)).orElse(found));
    }

    private boolean mentions(T row, String text) {
        return texts.stream()
                .flatMap(value -> value.apply(row).stream())
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains(text));
    }

    private List<T> sorted(List<T> rows, String asked) {
        boolean down = asked.startsWith("-");
        Comparator<T> order = (down ? downwards : upwards).get(down ? asked.substring(1) : asked);
        if (order == null) {
            throw HttpProblem.badParameter(
                    "sort", asked, String.join(", ", upwards.keySet()) + ", each with a minus before it or without");
        }
        List<T> sorted = new ArrayList<>(rows);
        sorted.sort(order);
        return Collections.unmodifiableList(sorted);
    }
}
