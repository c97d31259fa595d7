package cloud.dumont.economy.csv;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes lines of what FastCSV reads. A text that was read before, as most were, is not made again. */
final class CsvLines extends AbstractBaseCsvCallbackHandler<CsvLine> {

    /** Places for texts, a power of two: a new text takes the place of another that falls on it. */
    private static final int PLACES = 1 << 12;

    private final @Nullable String[] known = new @Nullable String[PLACES];
    private Map<String, Integer> columns = Map.of();
    private String[] fields = new String[1];

    /** From the next line on, these are the columns. */
    void columns(List<String> header) {
        Map<String, Integer> places = new HashMap<>();
        for (int place = 0; place < header.size(); place++) {
            places.put(header.get(place), place);
        }
        columns = places;
    }

    @Override
    protected void handleBegin(long line) {
        fields = new String[Math.max(1, columns.size())];
    }

    @Override
    protected void handleField(int place, char[] text, int from, int length, boolean quoted) {
        if (place < fields.length) {
            fields[place] = text(text, from, length);
        } else if (columns.isEmpty()) {
            fields = Arrays.copyOf(fields, 2 * fields.length);
            fields[place] = text(text, from, length);
        } // else the line has too many, and is refused
    }

    private String text(char[] text, int from, int length) {
        int hash = 0;
        for (int i = from; i < from + length; i++) {
            hash = 31 * hash + text[i];
        }
        int place = (hash ^ hash >>> 12) & (PLACES - 1);
        String found = known[place];
        if (found == null || !isSame(found, text, from, length)) {
            found = new String(text, from, length);
            known[place] = found;
        }
        return found;
    }

    private static boolean isSame(String known, char[] text, int from, int length) {
        if (known.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (known.charAt(i) != text[from + i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    protected CsvLine buildRecord() {
        return new CsvLine(getStartingLineNumber(), columns, fields, getFieldCount());
    }
}
