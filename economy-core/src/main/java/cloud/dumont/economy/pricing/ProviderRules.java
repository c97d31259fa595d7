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
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is known of providers beside their prices, read from {@code provider-rules.csv} when a catalog is built and then part of
 * it: reference region, billing rule, sustained use discounts, types and regions that are not open to everyone, which GPUs go with
 * which machines, and what sources deserve to be believed.
 */
final class ProviderRules {

    private static final Provider ANY = Provider.of("*");

    /** A pattern on names, and what follows from it. */
    private record Rule<T>(Pattern pattern, T meaning) {}

    private record TrustRule(Provider provider, Pattern source, Pattern type, Trust trust) {}

    /**
     * Which machines may hold how many of a GPU that is sold apart.
     *
     * @param part the GPU
     * @param count how many
     * @param machines names of the machines
     * @param mostVcpus the greatest machine
     * @param mostGib the greatest memory
     */
    record Attachment(InstanceType part, int count, Pattern machines, int mostVcpus, BigDecimal mostGib) {

        boolean fits(InstanceSpec machine) {
            return machines.matcher(machine.instanceType().name()).matches()
                    && machine.vcpus().filter(vcpus -> vcpus <= mostVcpus).isPresent()
                    && machine.memoryGib()
                            .filter(gib -> gib.compareTo(mostGib) <= 0)
                            .isPresent();
        }
    }

    private final Map<Provider, Region> referenceRegions = new HashMap<>();
    private final Map<Provider, BillingRule> billing = new HashMap<>();
    private final Map<Provider, List<Rule<String>>> restrictedTypes = new HashMap<>();
    private final Map<Provider, List<Rule<String>>> restrictedRegions = new HashMap<>();
    private final Map<Provider, List<Rule<SustainedUseDiscount>>> sustainedUse = new HashMap<>();
    private final Map<Provider, List<Attachment>> attachments = new HashMap<>();
    private final Map<InstanceType, Set<String>> soldIn = new HashMap<>();
    private final Map<List<Object>, String> families = new HashMap<>();
    private final List<TrustRule> trust = new ArrayList<>();

    private ProviderRules() {}

    /** The same instance at every call: nothing changes it once it is read. */
    static ProviderRules bundled() {
        return Bundled.RULES;
    }

    private static final class Bundled {
        static final ProviderRules RULES = read();
    }

    private static ProviderRules read() {
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
        String[] words = value.split(" ");
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
            case "restricted_type" -> add(restrictedTypes, provider, rule(value, reason));
            case "restricted_region" -> add(restrictedRegions, provider, rule(value, reason));
            case "sustained_use" ->
                add(sustainedUse, provider, rule(words[0], new SustainedUseDiscount(percents(words[1]), reason)));
            case "attached_gpu" ->
                add(
                        attachments,
                        provider,
                        new Attachment(
                                InstanceType.of(words[0]),
                                Integer.parseInt(words[1]),
                                Pattern.compile(words[2]),
                                Integer.parseInt(words[3]),
                                new BigDecimal(words[4])));
            case "attached_gpu_sold_in" ->
                soldIn.put(
                        InstanceType.of(words[0]),
                        Set.copyOf(Arrays.asList(words).subList(1, words.length)));
            case "known_family" -> {
                int equals = value.indexOf('=');
                families.put(List.of(provider, value.substring(0, equals)), value.substring(equals + 1));
            }
            case "trust" ->
                trust.add(new TrustRule(
                        provider, Pattern.compile(words[1]), Pattern.compile(words[2]), Trust.valueOf(words[0])));
            default -> throw new IllegalStateException("provider-rules.csv: unknown rule '" + rule + "'");
        }
    }

    private static List<Integer> percents(String text) {
        return Arrays.stream(text.split("/")).map(Integer::valueOf).toList();
    }

    private static <T> Rule<T> rule(String pattern, T meaning) {
        return new Rule<>(Pattern.compile(pattern), meaning);
    }

    private static <T> void add(Map<Provider, List<T>> rules, Provider provider, T added) {
        rules.computeIfAbsent(provider, first -> new ArrayList<>()).add(added);
    }

    Optional<Region> referenceRegion(Provider provider) {
        return Optional.ofNullable(referenceRegions.get(provider));
    }

    BillingRule billing(Provider provider) {
        return billing.getOrDefault(provider, BillingRule.PER_SECOND);
    }

    Optional<String> restriction(Provider provider, InstanceType type) {
        return firstMatch(restrictedTypes.getOrDefault(provider, List.of()), type.name());
    }

    Optional<String> restriction(Provider provider, Region region) {
        return firstMatch(restrictedRegions.getOrDefault(provider, List.of()), region.id());
    }

    Optional<SustainedUseDiscount> sustainedUse(Provider provider, InstanceType type) {
        return firstMatch(sustainedUse.getOrDefault(provider, List.of()), type.name());
    }

    private static <T> Optional<T> firstMatch(List<Rule<T>> rules, String name) {
        return rules.stream()
                .filter(rule -> rule.pattern().matcher(name).matches())
                .map(Rule::meaning)
                .findFirst();
    }

    /** Under which name a provider is known to sell a GPU, whether or not anybody knows for how much. */
    Optional<String> family(Provider provider, String gpuModel) {
        return Optional.ofNullable(families.get(List.of(provider, gpuModel)));
    }

    List<Attachment> attachments(Provider provider) {
        return attachments.getOrDefault(provider, List.of());
    }

    /** Google's price list has prices of GPUs also for regions that do not have them. */
    boolean isSoldIn(InstanceType type, Region region) {
        Set<String> regions = soldIn.get(type);
        return regions == null || regions.contains(region.id());
    }

    /** What a source deserves to be believed that says what a type of a provider costs. */
    Trust trust(Provider provider, InstanceType type, String source) {
        return trust.stream()
                .filter(rule -> rule.provider().equals(ANY) || rule.provider().equals(provider))
                .filter(rule -> rule.source().matcher(source).matches()
                        && rule.type().matcher(type.name()).matches())
                .map(TrustRule::trust)
                .findFirst()
                .orElse(Trust.UNRATED);
    }
}
