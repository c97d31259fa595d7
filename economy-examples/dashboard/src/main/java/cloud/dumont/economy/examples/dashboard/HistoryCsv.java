package cloud.dumont.economy.examples.dashboard;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A history as CSV, row by row. There is nothing to quote: it is all days, numbers and truth values.
 *
 * @param view the history
 */
record HistoryCsv(HistoryView view) implements Content {

    private static final String HEADER =
            "date,hours_used,dumont_cost,provider_cost,savings,cumulative_savings,compared_hours,demo,observed_until,"
                    + "provisional_seconds,inferred_seconds";
    private static final String END_OF_LINE = "\r\n";

    @Override
    public String mediaType() {
        return TableCsv.MEDIA_TYPE;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        Writer csv = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        csv.write(HEADER + END_OF_LINE);
        for (HistoryView.Row row : view.history()) {
            csv.write(row.date());
            for (BigDecimal figure : List.of(
                    row.hoursUsed(),
                    row.dumontCost(),
                    row.providerCost(),
                    row.savings(),
                    row.cumulativeSavings(),
                    row.comparedHours())) {
                csv.write(',');
                csv.write(Decimals.plain(figure));
            }
            csv.write("," + view.demo() + "," + row.observedUntil() + "," + row.provisionalSeconds() + ","
                    + row.inferredSeconds() + END_OF_LINE);
        }
        csv.flush();
    }
}
