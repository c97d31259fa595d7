package cloud.dumont.economy.examples.dashboard;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A parameter of a route's query.
 *
 * @param name as it stands in the address
 * @param meaning what it does, and what holds where it is left out
 * @param schema its JSON schema, for the API's description
 */
record Parameter(String name, String meaning, Map<String, Object> schema) {

    static final Parameter PROVIDER = text(
            "provider",
            "Whom to compare with, in any case; AWS unless given. One that the catalog does not know is refused.");

    static final Parameter OPTION = text(
            "option",
            "Under which terms the provider would be paid, such as SPOT or RESERVED_1Y; ON_DEMAND unless given.");

    static final Parameter REGION =
            text("region", "In which of the provider's regions; its reference region unless given.");

    static final Parameter SIZING = choice(
            "sizing",
            "How much of a bigger machine is charged; gpu_share unless given.",
            cloud.dumont.economy.equivalence.Sizing.values());

    static final Parameter DISCOUNT = text(
            "discount",
            "What is negotiated off the list price, in percent, 0 to 100 with at most four decimals; 0 unless given.");

    static final Parameter HOST_MATCH = choice(
            "host_match",
            "Whether vCPUs and memory count too; gpus_only unless given.",
            cloud.dumont.economy.equivalence.HostMatch.values());

    /** What 'would have been paid' means, on every route that compares with one provider. */
    static final List<Parameter> BASELINE = List.of(PROVIDER, OPTION, REGION, SIZING, DISCOUNT, HOST_MATCH);

    static Parameter text(String name, String meaning) {
        return new Parameter(name, meaning, Map.of("type", "string"));
    }

    static Parameter wholeNumber(String name, String meaning, int least, int most, int unlessGiven) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "integer");
        schema.put("minimum", least);
        schema.put("maximum", most);
        schema.put("default", unlessGiven);
        return new Parameter(name, meaning, schema);
    }

    /** Of the names of an enum, in any case. */
    static Parameter choice(String name, String meaning, Enum<?>[] values) {
        return choice(
                name,
                meaning,
                Arrays.stream(values)
                        .map(value -> value.name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    static Parameter choice(String name, String meaning, List<String> values) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "string");
        schema.put("enum", values);
        return new Parameter(name, meaning, schema);
    }

    /** Two lists as one. */
    static List<Parameter> list(List<Parameter> first, List<Parameter> more) {
        return Stream.concat(first.stream(), more.stream()).toList();
    }

    /** A list with more at its end. */
    static List<Parameter> list(List<Parameter> first, Parameter... more) {
        return Stream.concat(first.stream(), Arrays.stream(more)).toList();
    }
}
