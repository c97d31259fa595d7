package cloud.dumont.economy.pricing;

import cloud.dumont.economy.input.Given;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.Region;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What people and files mean by a region. Price lists and consoles of AWS, Azure and Google Cloud also write regions as they show them to people
 * ({@code US East (N. Virginia)}, {@code East US}): those that are known mean the region itself. The names are those of the clouds' own
 * region tables. Of other sellers a name is taken as it is written.
 */
public final class RegionNames {

    /** How each of the three clouds writes the names that its interfaces take. */
    private static final Map<Provider, Pattern> CODES = Map.of(
            Provider.AWS, Pattern.compile("[a-z]{2,4}(-[a-z]+)+-[0-9]+(-[a-z0-9]+)*"),
            Provider.GCP, Pattern.compile("[a-z]+-[a-z]+[0-9]+"),
            Provider.AZURE, Pattern.compile("[a-z]+[0-9]?"));

    private static final Map<Provider, String> EXAMPLES =
            Map.of(Provider.AWS, "us-east-1", Provider.GCP, "us-central1", Provider.AZURE, "eastus");

    /** As in {@code us-central1 (Iowa)} and {@code Iowa (us-central1)}. */
    private static final Pattern TWO_NAMES = Pattern.compile("(.+?)\\s*\\((.+)\\)");

    private static final Map<Provider, Map<String, Region>> SHOWN = shown();

    private RegionNames() {}

    private static Map<Provider, Map<String, Region>> shown() {
        Map<Provider, Map<String, Region>> shown = new HashMap<>();
        InputStream in = Objects.requireNonNull(RegionNames.class.getResourceAsStream("region-names.csv"));
        try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            CsvReader.builder()
                    .ofNamedCsvRecord(reader)
                    .forEach(row -> shown.computeIfAbsent(
                                    Provider.of(row.getField("provider")), provider -> new HashMap<>())
                            .put(key(row.getField("name")), Region.of(row.getField("region"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return shown;
    }

    private static String key(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    /**
     * The region that a file means.
     *
     * @param provider whose region
     * @param name a region as the provider's interfaces write it, or as its console shows it; case does not count
     * @return the region, which need not be one that a catalog knows
     * @throws IllegalArgumentException if AWS, Azure or Google Cloud is asked for and gives no region such a name; the message has those that
     *     come nearest
     */
    public static Region of(Provider provider, String name) {
        return known(provider, name)
                .orElseThrow(() -> new IllegalArgumentException("region '" + Given.shown(name)
                        + "' is not a name that " + provider + " gives a region; "
                        + NearestNames.suggest(
                                name,
                                SHOWN.getOrDefault(provider, Map.of()).entrySet().stream()
                                        .flatMap(shown -> Stream.of(
                                                shown.getKey(), shown.getValue().id())))
                        + "; write it as its interfaces do, such as " + EXAMPLES.get(provider)));
    }

    /**
     * The region that a host means, whose name may be one that a console shows.
     *
     * @param provider whose region
     * @param region a region under any of its names
     * @return the same under the name that the provider's interfaces write; what nobody knows stays as it is
     */
    public static Region meant(Provider provider, Region region) {
        return known(provider, region.id()).orElse(region);
    }

    private static Optional<Region> known(Provider provider, String name) {
        Pattern code = CODES.get(provider);
        String key = key(name);
        if (code == null || code.matcher(key).matches() || key.equals(Region.GLOBAL.id())) {
            return Optional.of(Region.of(name));
        }
        Region known = SHOWN.getOrDefault(provider, Map.of()).get(key);
        if (known != null) {
            return Optional.of(known);
        }
        Matcher both = TWO_NAMES.matcher(key);
        if (both.matches()) {
            for (int part = 1; part <= 2; part++) {
                if (code.matcher(both.group(part)).matches() && !provider.equals(Provider.AZURE)) {
                    return Optional.of(Region.of(both.group(part)));
                }
            }
        }
        return Optional.empty();
    }
}
