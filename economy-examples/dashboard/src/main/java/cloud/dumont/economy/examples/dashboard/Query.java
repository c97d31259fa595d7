package cloud.dumont.economy.examples.dashboard;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The parameters of a request. A blank one counts as not given; one that the route does not know is refused. */
final class Query {

    private final Map<String, String> values;

    private Query(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads a query.
     *
     * @param raw the query as it was sent; null where there is none
     * @param known what the route knows
     * @throws HttpProblem if it holds anything else, something twice, or what cannot be decoded
     */
    static Query parse(@Nullable String raw, List<Parameter> known) {
        Map<String, String> values = new HashMap<>();
        if (raw != null) {
            for (String pair : raw.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
                if (!name.isEmpty()
                        && known.stream()
                                .noneMatch(parameter -> parameter.name().equals(name))) {
                    throw HttpProblem.unknownParameter(name, known);
                }
                String value =
                        equals < 0 ? "" : decoded(pair.substring(equals + 1)).strip();
                if (!value.isEmpty() && values.put(name, value) != null) {
                    throw HttpProblem.badParameter(name + " is given more than once; allowed: once");
                }
            }
        }
        return new Query(values);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw HttpProblem.badParameter("'" + text + "' is not allowed in a query; allowed: percent-encoded UTF-8");
        }
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    int wholeNumber(String name, int least, int most, int unlessGiven) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return unlessGiven;
        }
        try {
            int number = Integer.parseInt(text.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // the same answer as for a number out of range
        }
        throw HttpProblem.badParameter(name, text.get(), "a whole number from " + least + " to " + most);
    }

    /** One of an enum's names, in any case. */
    <E extends Enum<E>> E choice(String name, E unlessGiven) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return unlessGiven;
        }
        E[] all = unlessGiven.getDeclaringClass().getEnumConstants();
        return Arrays.stream(all)
                .filter(value -> value.name().equalsIgnoreCase(text.get()))
                .findFirst()
                .orElseThrow(() -> HttpProblem.badParameter(
                        name,
                        text.get(),
                        Arrays.stream(all)
                                .map(value -> value.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }

    /** An instant, or a day, which stands for its first moment. */
    Optional<Instant> moment(String name, ZoneId zone) {
        return text(name).map(text -> {
            try {
                return text.indexOf('T') < 0
                        ? LocalDate.parse(text).atStartOfDay(zone).toInstant()
                        : Instant.parse(text);
            } catch (DateTimeParseException e) {
                throw HttpProblem.badParameter(
                        name, text, "a day such as 2026-01-31, or an instant such as 2026-01-31T12:00:00Z");
            }
        });
    }
}
