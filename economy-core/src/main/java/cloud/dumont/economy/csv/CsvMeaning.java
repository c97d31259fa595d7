package cloud.dumont.economy.csv;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What some columns of a file mean together. Most lines say what others said, so the same texts are understood once. Made for one file.
 *
 * <p>Not thread-safe.
 *
 * @param <T> what they mean
 */
public final class CsvMeaning<T> {

    private final Function<CsvLine, T> meaning;
    private final String[] columns;
    private final Map<List<String>, T> known = new HashMap<>();
    private int @Nullable [] places;
    private String[] lastTexts = {};
    private @Nullable T last;

    /**
     * Nothing understood yet.
     *
     * @param meaning understands a line, by these columns and nothing else; what it throws goes to who asks
     * @param columns the columns, which the file may lack
     */
    public CsvMeaning(Function<CsvLine, T> meaning, String... columns) {
        this.meaning = meaning;
        this.columns = columns.clone();
    }

    /**
     * What a line means.
     *
     * @param line a line of the file
     * @return the meaning; one object for the same texts
     */
    public T of(CsvLine line) {
        if (places == null) {
            places = line.places(columns);
        }
        T meant = last;
        if (meant == null || !line.says(lastTexts, places)) {
            String[] texts = line.texts(places);
            List<String> key = List.of(texts);
            meant = known.get(key);
            if (meant == null) {
                meant = Objects.requireNonNull(meaning.apply(line));
                known.put(key, meant);
            }
            last = meant;
            lastTexts = texts;
        }
        return meant;
    }
}
