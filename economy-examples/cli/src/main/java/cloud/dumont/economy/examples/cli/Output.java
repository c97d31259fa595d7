package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.gpu.GpuCount;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Prints an answer, as JSON or for people. */
final class Output {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private final PrintWriter out;
    private final boolean json;

    Output(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** Prints the fields, one a line where no JSON is asked for. */
    void print(Map<String, ?> answer) {
        print(answer, text -> fields("", answer));
    }

    /** Prints the fields as JSON, or what a command has to say for people. */
    void print(Map<String, ?> answer, Consumer<PrintWriter> forPeople) {
        if (json) {
            try {
                out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("maps of numbers and texts can be written", e);
            }
        } else {
            forPeople.accept(out);
        }
        out.flush();
    }

    private void fields(String indent, Map<?, ?> fields) {
        fields.forEach((name, value) -> {
            if (value instanceof Map<?, ?> nested) {
                out.println(indent + name + ":");
                fields(indent + "  ", nested);
            } else if (value instanceof List<?> rows && !rows.isEmpty() && rows.get(0) instanceof Map) {
                out.println(indent + name + ":");
                for (Object row : rows) {
                    out.println(indent + "  " + row);
                }
            } else {
                out.println(indent + name + ": " + (value == null ? "-" : value));
            }
        });
    }

    /** A GPU count as a number; a third of one has nine decimals. */
    static BigDecimal number(GpuCount count) {
        return plain(BigDecimal.valueOf(count.numerator())
                .divide(BigDecimal.valueOf(count.denominator()), 9, RoundingMode.HALF_EVEN));
    }

    /** A number without trailing zeros and without an exponent. */
    static BigDecimal plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0, RoundingMode.UNNECESSARY) : stripped;
    }
}
