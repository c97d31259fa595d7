package cloud.dumont.economy.pricing.feed;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A CSV file of AWS: five rows about the file, then a header, whose columns move from version to version, then the rows. */
final class AwsCsv implements AutoCloseable, Iterator<CsvRecord> {

    private static final int ROWS_ABOUT_THE_FILE = 5;

    private final CsvReader<CsvRecord> reader;
    private final Iterator<CsvRecord> rows;
    private final Map<String, Integer> header = new HashMap<>();
    private String version = "";

    private AwsCsv(CsvReader<CsvRecord> reader) {
        this.reader = reader;
        this.rows = reader.iterator();
    }

    /**
     * Reads up to the header.
     *
     * @throws IllegalArgumentException if it lacks a column; the message says which
     */
    static AwsCsv open(InputStream in, List<String> needed) throws IOException {
        AwsCsv csv = new AwsCsv(CsvReader.builder()
                .allowExtraFields(true)
                .allowMissingFields(true)
                .ofCsvRecord(FeedText.utf8(in)));
        csv.readHeader(needed);
        return csv;
    }

    private void readHeader(List<String> needed) {
        for (int i = 0; i < ROWS_ABOUT_THE_FILE && rows.hasNext(); i++) {
            CsvRecord about = rows.next();
            if (about.getFieldCount() > 1 && about.getField(0).equals("Version")) {
                version = about.getField(1);
            }
        }
        if (!rows.hasNext()) {
            throw new IllegalArgumentException("the file ends before its header, which is in row 6");
        }
        CsvRecord names = rows.next();
        for (int i = 0; i < names.getFieldCount(); i++) {
            if (header.put(key(names.getField(i)), i) != null) {
                throw new IllegalArgumentException("the header has a column twice");
            }
        }
        List<String> missing =
                needed.stream().filter(name -> !header.containsKey(key(name))).toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("the header, in row 6, lacks " + missing);
        }
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    String version() {
        return version;
    }

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    @Override
    public CsvRecord next() {
        return rows.next();
    }

    /** A field without blanks around it; empty where the row or the header has none. */
    String field(CsvRecord row, String name) {
        Integer at = header.get(key(name));
        return at == null || at >= row.getFieldCount() ? "" : row.getField(at).strip();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
