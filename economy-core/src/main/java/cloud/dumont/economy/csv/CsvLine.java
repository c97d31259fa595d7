package cloud.dumont.economy.csv;

import cloud.dumont.economy.EconomyException;
import cloud.dumont.economy.input.Given;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** One line of a CSV file with a header, its fields by column name. */
public final class CsvLine {

    /** Takes a line that was refused. */
    @FunctionalInterface
    public interface Refusal {

        /**
         * A line was refused.
         *
         * @param line its number, counted from 1
         * @param reason why, naming the value and what is allowed
         */
        void refused(long line, String reason);
    }

    private static final int MOST_DIGITS = 40;

    /** More than any name, id or note has. */
    private static final int MOST_CHARACTERS = 10_000;

    /** What stands at the ends of a text and is not seen: blanks, also those that do not break or have no width. */
    private static final Pattern UNSEEN = Pattern.compile("^[\\s\\p{Z}\\p{Cf}]+|[\\s\\p{Z}\\p{Cf}]+$");

    private final long number;
    private final Map<String, Integer> columns;
    private final String[] fields;
    private final int count;

    /** A line with so many fields, those beyond its columns left out. */
    CsvLine(long number, Map<String, Integer> columns, String[] fields, int count) {
        this.number = number;
        this.columns = columns;
        this.fields = fields;
        this.count = count;
    }

    /**
     * Reads a file. A line that has too few or too many fields, or that the reader throws at, is refused; the others stay good.
     *
     * @param file a CSV file, UTF-8 or UTF-16 with its mark, with a header line
     * @param kind what it should be, for errors
     * @param columns the columns it must have
     * @param reader takes each line; refuses it by an {@link IllegalArgumentException} or an {@link EconomyException}
     * @param refusal takes each refused line
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is no CSV file, or no text, or a column is missing
     */
    public static void read(Path file, String kind, List<String> columns, Consumer<CsvLine> reader, Refusal refusal)
            throws IOException {
        CsvLines made = new CsvLines();
        try (CsvReader<CsvLine> lines = csv().build(made, TextReader.open(file))) {
            boolean headerRead = false;
            for (CsvLine line : lines) {
                if (!headerRead) {
                    headerRead = true;
                    // The header is the first line, even where that is blank.
                    List<String> header = line.number == 1 ? line.fields() : List.of();
                    checkHeader(file, kind, columns, header);
                    made.columns(header);
                    continue;
                }
                try {
                    line.checkLength();
                    reader.accept(line);
                } catch (IllegalArgumentException | EconomyException e) {
                    refusal.refused(line.number, String.valueOf(e.getMessage()));
                }
            }
            if (!headerRead) {
                checkHeader(file, kind, columns, List.of());
            }
        } catch (CsvParseException e) {
            throw notCsv(file, e);
        }
    }

    private static IllegalArgumentException notCsv(Path file, CsvParseException e) {
        return e.getCause() instanceof IllegalArgumentException notText
                ? notText
                : new IllegalArgumentException(file + ": not a CSV file: " + e.getMessage(), e);
    }

    private static CsvReader.CsvReaderBuilder csv() {
        return CsvReader.builder().allowExtraFields(true).allowMissingFields(true);
    }

    /**
     * The columns of a file.
     *
     * @param file a CSV file, UTF-8 or UTF-16 with its mark
     * @return what its first line says; empty for an empty file
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is no text
     */
    public static List<String> header(Path file) throws IOException {
        try (CsvReader<CsvRecord> lines = csv().ofCsvRecord(TextReader.open(file))) {
            return lines.stream().findFirst().map(CsvRecord::getFields).orElse(List.of());
        } catch (CsvParseException e) {
            throw notCsv(file, e);
        }
    }

    private static void checkHeader(Path file, String kind, List<String> columns, List<String> header) {
        List<String> missing =
                columns.stream().filter(column -> !header.contains(column)).toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(file + ": not a " + kind + " CSV: missing columns " + missing);
        }
        Set<String> once = new HashSet<>();
        List<String> twice = header.stream().filter(column -> !once.add(column)).toList();
        if (!twice.isEmpty()) {
            throw new IllegalArgumentException(file + ": not a CSV file: more than one column " + Given.shown(twice));
        }
    }

    private void checkLength() {
        if (count != fields.length) {
            throw new IllegalArgumentException(count + " fields instead of " + fields.length);
        }
    }

    private List<String> fields() {
        return List.of(Arrays.copyOf(fields, count));
    }

    /** Where these columns stand; -1 for one that the file lacks. */
    int[] places(String[] names) {
        return Arrays.stream(names).mapToInt(this::place).toArray();
    }

    private int place(String column) {
        return columns.getOrDefault(column, -1);
    }

    String[] texts(int[] places) {
        String[] texts = new String[places.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = raw(places[i]);
        }
        return texts;
    }

    private String raw(int place) {
        return place < 0 ? "" : fields[place];
    }

    /** Whether it has these texts there. */
    boolean says(String[] texts, int[] places) {
        for (int i = 0; i < texts.length; i++) {
            if (!texts[i].equals(raw(places[i]))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Where the line stands.
     *
     * @return its number, counted from 1
     */
    public long number() {
        return number;
    }

    /**
     * A field.
     *
     * @param column its column
     * @return its text without surrounding blanks, also those that do not break or have no width
     * @throws IllegalArgumentException if it holds characters that turn the direction of writing
     */
    public String text(String column) {
        return withoutBlanks(exact(column));
    }

    /**
     * A field that tells one from another: what is not seen counts.
     *
     * @param column its column
     * @return its text, without plain blanks around it
     * @throws IllegalArgumentException if it holds characters that turn the direction of writing
     */
    public String exact(String column) {
        int place = place(column);
        if (place < 0) {
            throw new NoSuchElementException("no column " + column + "; there are " + columns.keySet());
        }
        return checked(column, fields[place]).strip();
    }

    private static String checked(String column, String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException(column + " '" + Given.shown(text) + "' has " + text.length()
                    + " characters; at most " + MOST_CHARACTERS + " are allowed");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (turnsDirection(c)) {
                throw new IllegalArgumentException(
                        column + " holds no characters that turn the direction of writing; this one has U+"
                                + Integer.toHexString(0x10000 | c).substring(1).toUpperCase(Locale.ROOT) + " at place "
                                + (i + 1));
            }
        }
        return text;
    }

    /** The bidirectional controls of Unicode: marks, embeddings, overrides and isolates. */
    private static boolean turnsDirection(char c) {
        return c == '\u061C'
                || c == '\u200E'
                || c == '\u200F'
                || (c >= '\u202A' && c <= '\u202E')
                || (c >= '\u2066' && c <= '\u2069');
    }

    private static String withoutBlanks(String text) {
        String stripped = text.strip();
        if (stripped.isEmpty() || (isPlain(stripped.charAt(0)) && isPlain(stripped.charAt(stripped.length() - 1)))) {
            return stripped;
        }
        return UNSEEN.matcher(stripped).replaceAll("");
    }

    private static boolean isPlain(char c) {
        return c < 0x80;
    }

    /**
     * A field that may be blank, or that the file may not have.
     *
     * @param column its column
     * @return its text, or empty where it is blank or there is no such column
     */
    public Optional<String> optional(String column) {
        return Optional.of(withoutBlanks(checked(column, raw(place(column))))).filter(text -> !text.isEmpty());
    }

    /**
     * A day that may be blank.
     *
     * @param column its column
     * @return the day, or empty where the field is blank
     * @throws IllegalArgumentException if it is not a day
     */
    public Optional<LocalDate> day(String column) {
        return optional(column).map(text -> {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(
                        column + " '" + Given.shown(text) + "' is not a day such as 2026-07-20", e);
            }
        });
    }

    /**
     * A number that may be blank.
     *
     * @param column its column
     * @return the number, or empty where the field is blank
     * @throws IllegalArgumentException if it is not a number
     */
    public Optional<BigDecimal> decimal(String column) {
        return optional(column).map(text -> {
            BigDecimal number;
            try {
                number = Given.decimal(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        column + " '" + Given.shown(text) + "' is not a number such as 2.5", e);
            }
            // A few bytes such as 1e999999999 must not become a gigabyte of digits further on.
            if (Math.abs((long) number.scale()) > MOST_DIGITS || number.precision() > MOST_DIGITS) {
                throw new IllegalArgumentException(column + " '" + Given.shown(text)
                        + "' is out of range: it has more than " + MOST_DIGITS + " digits");
            }
            return number;
        });
    }
}
