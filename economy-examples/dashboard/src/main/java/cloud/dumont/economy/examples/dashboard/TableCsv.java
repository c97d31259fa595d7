package cloud.dumont.economy.examples.dashboard;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a list as CSV, with the columns that its JSON has; a record within a row gives columns of its own. A text that a
 * spreadsheet would take for a formula gets an apostrophe before it.
 *
 * @param name what a browser calls the file
 * @param type the record that a row is
 * @param rows the rows
 */
record TableCsv(String name, Class<? extends Record> type, List<? extends Record> rows) implements Content {

    static final String MEDIA_TYPE = "text/csv; charset=utf-8; header=present";

    private static final String END_OF_LINE = "\r\n";

    /** What spreadsheets begin a formula with, also after white space that they pass over. */
    private static final String FORMULA = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    @Override
    public String mediaType() {
        return MEDIA_TYPE;
    }

    @Override
    public Map<String, String> headers() {
        return Map.of("Content-Disposition", "attachment; filename=\"" + name + ".csv\"");
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        Writer csv = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        List<String> columns = new ArrayList<>();
        name("", type, columns);
        csv.write(String.join(",", columns) + END_OF_LINE);
        for (Record row : rows) {
            StringJoiner line = new StringJoiner(",", "", END_OF_LINE);
            write(type, row, line);
            csv.write(line.toString());
        }
        csv.flush();
    }

    private static void name(String prefix, Class<?> type, List<String> columns) {
        for (RecordComponent component : type.getRecordComponents()) {
            String column = prefix + JsonContent.name(component.getName());
            if (component.getType().isRecord()) {
                name(column + "_", component.getType(), columns);
            } else {
                columns.add(column);
            }
        }
    }

    private static void write(Class<?> type, @Nullable Object row, StringJoiner line) {
        for (RecordComponent component : type.getRecordComponents()) {
            Object value = row == null ? null : JsonContent.value(component, row);
            if (component.getType().isRecord()) {
                write(component.getType(), value, line);
            } else {
                line.add(cell(value));
            }
        }
    }

    private static String cell(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof BigDecimal figure) {
            return Decimals.plain(figure);
        }
        return value instanceof String text ? text(text) : value.toString();
    }

    /** A text cell, harmless and quoted where it must be. */
    static String text(String text) {
        String stripped = text.stripLeading();
        boolean formula = !text.isEmpty()
                && (FORMULA.indexOf(text.charAt(0)) >= 0
                        || (!stripped.isEmpty() && FORMULA.indexOf(stripped.charAt(0)) >= 0));
        String harmless = formula ? "'" + text : text;
        return harmless.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')
                ? '"' + harmless.replace("\"", "\"\"") + '"'
                : harmless;
    }
}
