package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.csv.CsvLine;
import cloud.dumont.economy.input.Given;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a line's price is the price of. Prices of this library are USD an hour, Linux, no licence, shared hardware; lists have others beside
 * them, and some say so in columns of their own or in the name of the offer.
 */
final class PriceMeter {

    private static final Pattern OTHER_NAMES =
            Pattern.compile("\\b(windows|byol|dedicated (host|instance|tenancy))\\b", Pattern.CASE_INSENSITIVE);

    private static final List<String> HOURS = List.of("hour", "hours", "hr", "hrs", "h", "1 hour", "per_hour");
    private static final List<String> LINUX = List.of("linux", "linux/unix");
    private static final List<String> SHARED = List.of("shared", "default");
    private static final List<String> NO_LICENCE = List.of("no license required", "none", "no licence required");

    private PriceMeter() {}

    /** Why the line is of another meter than this library compares with; empty for its own. */
    static Optional<String> isOther(CsvLine line) {
        String type = line.text("instance_type");
        if (OTHER_NAMES.matcher(type).find()) {
            return Optional.of("'" + Given.shown(type)
                    + "' is not a Linux machine on shared hardware, which is what prices are compared for");
        }
        return other(line, "operating_system", LINUX)
                .or(() -> other(line, "tenancy", SHARED))
                .or(() -> other(line, "license_model", NO_LICENCE));
    }

    private static Optional<String> other(CsvLine line, String column, List<String> own) {
        return line.optional(column)
                .filter(value -> !own.contains(value.toLowerCase(Locale.ROOT)))
                .map(value ->
                        column + " is '" + Given.shown(value) + "': only prices of '" + own.get(0) + "' are compared");
    }

    /**
     * A price is USD an hour.
     *
     * @throws IllegalArgumentException if the line says that it is not
     */
    static void checkUnit(CsvLine line) {
        line.optional("currency")
                .filter(currency -> !currency.equalsIgnoreCase("USD"))
                .ifPresent(currency -> {
                    throw new IllegalArgumentException(
                            "currency is '" + Given.shown(currency)
                                    + "': prices are in USD; take the seller's own USD list, a converted price is no list price");
                });
        line.optional("unit")
                .filter(unit -> !HOURS.contains(unit.toLowerCase(Locale.ROOT)))
                .ifPresent(unit -> {
                    throw new IllegalArgumentException("unit is '" + Given.shown(unit) + "': prices are per hour");
                });
    }
}
