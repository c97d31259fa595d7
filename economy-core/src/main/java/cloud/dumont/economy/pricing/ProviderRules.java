package cloud.dumont.economy.pricing;

import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.Region;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is known of providers beside their prices, read from {@code provider-rules.csv} when a catalog is built and then part of
 * it: reference region, billing rule, types and regions that are not open to everyone.
 */
final class ProviderRules {

    private record Restriction(Pattern pattern, String reason) {}

    private final Map<Provider, Region> referenceRegions = new HashMap<>();
    private final Map<Provider, BillingRule> billing = new HashMap<>();
    private final Map<Provider, List<Restriction>> types = new HashMap<>();
    private final Map<Provider, List<Restriction>> regions = new HashMap<>();

    private ProviderRules() {}

    static ProviderRules bundled() {
        ProviderRules rules = new ProviderRules();
        InputStream in = Objects.requireNonNull(ProviderRules.class.getResourceAsStream("provider-rules.csv"));
        try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            CsvReader.builder().ofNamedCsvRecord(reader).forEach(rules::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rules;
    }

    private void add(NamedCsvRecord row) {
        Provider provider = Provider.of(row.getField("provider"));
        String value = row.getField("value");
        String reason = row.getField("reason");
        String rule = row.getField("rule");
        switch (rule) {
            case "reference_region" -> referenceRegions.put(provider, Region.of(value));
            case "billing" -> {
                int slash = value.indexOf('/');
                billing.put(
                        provider,
                        new BillingRule(
                                Integer.parseInt(value.substring(0, slash)),
                                Integer.parseInt(value.substring(slash + 1)),
                                reason));
            }
            case "restricted_type" -> restrict(types, provider, value, reason);
            case "restricted_region" -> restrict(regions, provider, value, reason);
            default -> throw new IllegalStateException("provider-rules.csv: unknown rule '" + rule + "'");
        }
    }

    private static void restrict(
            Map<Provider, List<Restriction>> restrictions, Provider provider, String pattern, String reason) {
        restrictions.merge(
                provider,
                List.of(new Restriction(Pattern.compile(pattern), reason)),
                (known, added) ->
                        List.of(known, added).stream().flatMap(List::stream).toList());
    }

    Optional<Region> referenceRegion(Provider provider) {
        return Optional.ofNullable(referenceRegions.get(provider));
    }

    BillingRule billing(Provider provider) {
        return billing.getOrDefault(provider, BillingRule.PER_SECOND);
    }

    Optional<String> restriction(Provider provider, InstanceType type) {
        return firstMatch(types.getOrDefault(provider, List.of()), type.name());
    }

    Optional<String> restriction(Provider provider, Region region) {
        return firstMatch(regions.getOrDefault(provider, List.of()), region.id());
    }

    private static Optional<String> firstMatch(List<Restriction> restrictions, String name) {
        return restrictions.stream()
                .filter(restriction -> restriction.pattern().matcher(name).matches())
                .map(Restriction::reason)
                .findFirst();
    }
}
