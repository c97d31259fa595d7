package cloud.dumont.economy.pricing.feed;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Which of AWS's many prices of one machine is the one that is compared: Linux on shared hardware, without licence or software, used on demand.
 * The names are those of the JSON offer files; the CSV ones are translated.
 */
final class AwsMeter {

    static final String NO_LICENCE = "No License required";

    private static final Pattern BOX_USAGE = Pattern.compile("([A-Z0-9]+-)?BoxUsage:(.+)");

    private AwsMeter() {}

    static boolean isNone(String value) {
        return value.isEmpty() || value.equals("NA");
    }

    static boolean isGpuFamily(String family) {
        return family.equals("GPU instance") || family.equals("Machine Learning ASIC Instances");
    }

    /**
     * Why a product is not the one that is compared; empty for that one.
     *
     * @param attribute gives an attribute, or an empty text
     */
    static Optional<String> isOther(Function<String, String> attribute, String region) {
        String family = attribute.apply("productFamily");
        if (!family.equals("Compute Instance") && !family.equals("Compute Instance (bare metal)")) {
            return Optional.of("no machine");
        }
        if (!attribute.apply("regionCode").equals(region)
                || !attribute.apply("locationType").equals("AWS Region")) {
            return Optional.of("of another region, or of a zone outside it");
        }
        if (!attribute.apply("tenancy").equals("Shared")) {
            return Optional.of("not on shared hardware");
        }
        if (!attribute.apply("operatingSystem").equals("Linux")) {
            return Optional.of("not Linux");
        }
        if (!isNone(attribute.apply("preInstalledSw"))) {
            return Optional.of("with software");
        }
        if (!attribute.apply("licenseModel").equals(NO_LICENCE)) {
            return Optional.of("with a licence");
        }
        if (!attribute.apply("capacitystatus").equals("Used")) {
            return Optional.of("of a capacity reservation");
        }
        String market = attribute.apply("marketoption");
        if (market.equals("CapacityBlock") || attribute.apply("operation").equals("RunInstances:CB")) {
            return Optional.of("of a capacity block");
        }
        if (!market.isEmpty() && !market.equals("OnDemand")) {
            return Optional.of("of another market");
        }
        if (!attribute.apply("operation").equals("RunInstances")) {
            return Optional.of("with software");
        }
        var usage = BOX_USAGE.matcher(attribute.apply("usagetype"));
        return usage.matches() && usage.group(2).equals(attribute.apply("instanceType"))
                ? Optional.empty()
                : Optional.of("of another kind of usage");
    }
}
