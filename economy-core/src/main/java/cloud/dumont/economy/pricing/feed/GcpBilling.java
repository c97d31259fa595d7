package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import com.fasterxml.jackson.databind.JsonNode;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Google's Cloud Billing Catalog, which has prices of cores, memory, GPUs and local disks, not of machines: those are put together from them. A
 * machine of which one part has no price in a region is not offered there. Whole descriptions are matched: what is in front of such a
 * description or behind it makes it a price of something else (reservations, DWS, Calendar Mode, sole tenancy). It wants a key.
 */
final class GcpBilling implements PriceFeed {

    private static final String BASE = "https://cloudbilling.googleapis.com";
    private static final String SOURCE = "cloudbilling.googleapis.com";
    private static final String PATH = "/v1/services/6F81-5844-456A/skus?pageSize=5000&currencyCode=USD";
    private static final int MOST_PAGES = 100;

    private static final String SPOT = "(?<spot>Spot Preemptible )?";
    private static final Pattern CORE_OR_RAM =
            Pattern.compile(SPOT + "(?<family>A2|A3|A3Plus|G2|N1 Predefined) Instance (?<part>Core|Ram) running in .+");
    private static final Pattern COMMITTED_CORE_OR_RAM =
            Pattern.compile("Commitment v1: (?<family>A2|A3|A3Plus|G2) (?<part>Cpu|Ram) in .+ for [13] Years?");
    private static final Pattern GPU =
            Pattern.compile("(?<gpu>.+?) GPU (?<spot>attached to Spot Preemptible VMs )?running in [^()]+");
    private static final Pattern COMMITTED_GPU =
            Pattern.compile("Commitment v1: (?<gpu>.+?) GPU (running )?in .+ for [13] Years?");
    private static final Pattern SSD = Pattern.compile(
            "SSD backed Local Storage( attached to Spot Preemptible VMs)?( in .+)?|Commitment v1: Local SSD In .+ for [13] Years?",
            Pattern.CASE_INSENSITIVE);

    private static final Map<String, PurchaseOption> USAGE = Map.of(
            "OnDemand", PurchaseOption.ON_DEMAND,
            "Preemptible", PurchaseOption.SPOT,
            "Commit1Yr", PurchaseOption.COMMITTED_1Y,
            "Commit3Yr", PurchaseOption.COMMITTED_3Y);

    /** One card under two names: by city, and in the Americas. */
    private static final Map<String, String> OTHER_NAMES = Map.of("Nvidia H100 80GB Plus", "Nvidia H100 80GB Mega");

    private static final BigDecimal HOURS_A_MONTH = BigDecimal.valueOf(730);
    private static final int LONGEST_UNITS = 12;

    private static final List<Machine> MACHINES = machines();

    private final FeedHost host;
    private final Supplier<String> key;

    GcpBilling(Supplier<String> key) {
        this(FeedHost.of(BASE), key);
    }

    GcpBilling(FeedHost host, Supplier<String> key) {
        this.host = host;
        this.key = key;
    }

    /** What a machine is put together from, beside the vCPUs and the memory that the catalog knows of it. */
    private record Machine(String type, String family, String gpu, int gpus, int ssdGib) {}

    private record PartKey(String part, Region region, PurchaseOption option) {}

    /** The price of a part in one region, an hour. */
    record PartPrice(String part, Region region, PurchaseOption option, BigDecimal usd) {

        private PartKey key() {
            return new PartKey(part, region, option);
        }
    }

    /** A page: the parts that machines are made of, and how to ask for the next one. */
    record Page(Tally.Kept<PartPrice> parts, Optional<String> next) {}

    private static List<Machine> machines() {
        InputStream in = Objects.requireNonNull(GcpBilling.class.getResourceAsStream("gcp-machines.csv"));
        List<Machine> machines = new ArrayList<>();
        try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            CsvReader.builder()
                    .ofNamedCsvRecord(reader)
                    .forEach(row -> machines.add(new Machine(
                            row.getField("instance_type"),
                            row.getField("family"),
                            row.getField("gpu"),
                            Integer.parseInt(row.getField("gpus")),
                            Integer.parseInt(row.getField("ssd_gib")))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(machines);
    }

    @Override
    public String name() {
        return "gcp";
    }

    @Override
    public List<FeedPart> read(FeedInput input) {
        List<Page> pages = new ArrayList<>();
        Set<String> asked = new HashSet<>();
        long bytes = 0;
        boolean unchanged = true;
        Optional<String> token = Optional.of("");
        while (token.isPresent()) {
            if (!asked.add(token.get())) {
                throw new FeedException(FeedException.Kind.MALFORMED, "Google's pages of SKUs lead back to one before");
            }
            if (asked.size() > MOST_PAGES) {
                throw new FeedException(
                        FeedException.Kind.TOO_LARGE,
                        "Google gave more than " + MOST_PAGES + " pages of SKUs: they do not end");
            }
            String page = token.get().isEmpty()
                    ? PATH
                    : PATH + "&pageToken=" + URLEncoder.encode(token.get(), StandardCharsets.UTF_8);
            FeedClient.Answer<Page> answer = input.client()
                    .read(
                            host,
                            FeedRequest.get(host.path(page), FeedRequest.SMALL)
                                    .with(Optional.of(new FeedRequest.Key("X-Goog-Api-Key", key))),
                            GcpBilling::page);
            pages.add(answer.value());
            bytes += answer.bytes();
            unchanged &= answer.unchanged();
            token = answer.value().next();
        }
        Tally.Kept<FeedPrice> kept = composed(pages, input);
        if (kept.read() == 0) {
            throw new FeedException(
                    FeedException.Kind.MALFORMED, "Google listed no SKU at all: the service may have another id now");
        }
        return List.of(new FeedPart(
                "compute", kept.entries(), kept.read(), kept.dropped(), bytes, unchanged, Optional.empty()));
    }

    static Page page(InputStream in) throws IOException {
        Tally<PartPrice> tally = new Tally<>();
        Map<String, JsonNode> fields = FeedJson.list(in, List.of("skus"), sku -> {
            tally.read();
            try {
                take(sku, tally);
            } catch (IllegalArgumentException e) {
                tally.drop("a field is not what it should be");
            }
        });
        if (fields.containsKey("error")) {
            throw new IllegalArgumentException("the answer is an error, not a list");
        }
        return new Page(
                tally.done(),
                Optional.ofNullable(fields.get("nextPageToken"))
                        .map(JsonNode::asText)
                        .filter(token -> !token.isBlank()));
    }

    private static void take(JsonNode sku, Tally<PartPrice> tally) {
        JsonNode category = sku.path("category");
        PurchaseOption option = USAGE.get(FeedJson.textOf(category, "usageType"));
        Optional<String> part = part(sku, category, option);
        if (option == null || part.isEmpty()) {
            tally.drop("no part of a machine with GPUs");
            return;
        }
        JsonNode infos = sku.path("pricingInfo");
        JsonNode expression = infos.path(infos.size() - 1).path("pricingExpression");
        boolean isDisk = part.get().equals("ssd");
        String unit = isDisk ? "GiBy.mo" : part.get().endsWith(" Ram") ? "GiBy.h" : "h";
        if (!FeedJson.textOf(expression, "usageUnit").equals(unit)) {
            tally.drop("in another unit");
            return;
        }
        @Nullable BigDecimal price = null;
        for (JsonNode tier : expression.path("tieredRates")) {
            BigDecimal usd = usd(tier.path("unitPrice"));
            if (usd.signum() > 0) {
                if (price != null) {
                    tally.drop("with several rates");
                    return;
                }
                price = usd;
            }
        }
        if (price == null) {
            tally.drop("price is 0: not offered, or not charged here");
            return;
        }
        BigDecimal hourly = isDisk ? price.divide(HOURS_A_MONTH, MathContext.DECIMAL128) : price;
        for (JsonNode region : sku.path("serviceRegions")) {
            tally.keep(new PartPrice(part.get(), Region.of(region.asText()), option, hourly));
        }
    }

    /** What a SKU prices, by its whole description; its usage has to say the same. */
    private static Optional<String> part(JsonNode sku, JsonNode category, @Nullable PurchaseOption option) {
        String description = FeedJson.textOf(sku, "description");
        if (description.contains("DWS") || description.contains("Calendar Mode")) {
            return Optional.empty();
        }
        boolean isCommitment = option == PurchaseOption.COMMITTED_1Y || option == PurchaseOption.COMMITTED_3Y;
        if (FeedJson.textOf(category, "resourceGroup").equals("LocalSSD")) {
            return SSD.matcher(description).matches()
                            && isCommitment == description.startsWith("Commitment")
                            && (option == PurchaseOption.SPOT) == description.contains("Spot")
                    ? Optional.of("ssd")
                    : Optional.empty();
        }
        Matcher words = (isCommitment ? COMMITTED_CORE_OR_RAM : CORE_OR_RAM).matcher(description);
        if (words.matches()) {
            boolean agrees = isCommitment || (option == PurchaseOption.SPOT) == (words.group("spot") != null);
            return agrees
                    ? Optional.of(words.group("family") + (words.group("part").equals("Ram") ? " Ram" : " Core"))
                    : Optional.empty();
        }
        Matcher gpu = (isCommitment ? COMMITTED_GPU : GPU).matcher(description);
        if (!gpu.matches() || (!isCommitment && (option == PurchaseOption.SPOT) != (gpu.group("spot") != null))) {
            return Optional.empty();
        }
        String name = OTHER_NAMES.getOrDefault(gpu.group("gpu"), gpu.group("gpu"));
        return MACHINES.stream().anyMatch(machine -> machine.gpu().equals(name)) ? Optional.of(name) : Optional.empty();
    }

    private static BigDecimal usd(JsonNode price) {
        if (!FeedJson.textOf(price, "currencyCode").equals("USD")) {
            throw new IllegalArgumentException("not in USD");
        }
        String units = FeedJson.text(price, "units").orElse("0");
        JsonNode nanos = price.path("nanos");
        if (units.length() > LONGEST_UNITS || !(nanos.isMissingNode() || nanos.isNull() || nanos.isIntegralNumber())) {
            throw new IllegalArgumentException("no price");
        }
        return new BigDecimal(units).add(BigDecimal.valueOf(nanos.asLong(), 9));
    }

    /** Machines from the parts of all pages, region by region. */
    static Tally.Kept<FeedPrice> composed(List<Page> pages, FeedInput input) {
        Tally<FeedPrice> tally = new Tally<>();
        Map<PartKey, BigDecimal> prices = new HashMap<>();
        Set<PartKey> torn = new HashSet<>();
        Set<Region> regions = new TreeSet<>();
        for (Page page : pages) {
            for (PartPrice part : page.parts().entries()) {
                regions.add(part.region());
                BigDecimal same = prices.putIfAbsent(part.key(), part.usd());
                if (same != null && same.compareTo(part.usd()) != 0 && torn.add(part.key())) {
                    tally.drop("two prices for one part of a machine");
                }
            }
        }
        torn.forEach(prices::remove);
        for (Machine machine : machines(input)) {
            for (Region region : regions) {
                USAGE.values().stream()
                        .distinct()
                        .forEach(option -> compose(machine, region, option, prices, input, tally));
            }
        }
        Tally.Kept<FeedPrice> kept = tally.done();
        Map<String, Long> dropped = new HashMap<>(kept.dropped());
        pages.forEach(
                page -> page.parts().dropped().forEach((reason, count) -> dropped.merge(reason, count, Long::sum)));
        return new Tally.Kept<>(
                kept.entries(),
                pages.stream().mapToLong(page -> page.parts().read()).sum(),
                dropped);
    }

    /** Those with GPUs, and the N1 machines that GPUs are attached to. */
    private static List<Machine> machines(FeedInput input) {
        List<Machine> machines = new ArrayList<>(MACHINES);
        if (input.catalog().providers().contains(Provider.GCP)) {
            input.catalog().instanceTypes(Provider.GCP).stream()
                    .filter(type -> type.name().startsWith("n1-"))
                    .filter(type -> input.spec(Provider.GCP, type.name())
                            .filter(spec -> spec.gpuModel().isEmpty())
                            .isPresent())
                    .forEach(type -> machines.add(new Machine(type.name(), "N1 Predefined", "", 0, 0)));
        }
        return machines;
    }

    private static void compose(
            Machine machine,
            Region region,
            PurchaseOption option,
            Map<PartKey, BigDecimal> prices,
            FeedInput input,
            Tally<FeedPrice> tally) {
        Optional<InstanceSpec> spec = input.spec(Provider.GCP, machine.type());
        if (spec.isEmpty()) {
            return;
        }
        BigDecimal usd = BigDecimal.ZERO;
        if (!machine.family().isEmpty()) {
            BigDecimal core = prices.get(new PartKey(machine.family() + " Core", region, option));
            BigDecimal ram = prices.get(new PartKey(machine.family() + " Ram", region, option));
            if (core == null
                    || ram == null
                    || spec.get().vcpus().isEmpty()
                    || spec.get().memoryGib().isEmpty()) {
                return;
            }
            usd = core.multiply(BigDecimal.valueOf(spec.get().vcpus().get()))
                    .add(ram.multiply(spec.get().memoryGib().get()));
        }
        if (machine.gpus() > 0) {
            BigDecimal gpu = prices.get(new PartKey(machine.gpu(), region, option));
            if (gpu == null) {
                return;
            }
            usd = usd.add(gpu.multiply(BigDecimal.valueOf(machine.gpus())));
        }
        if (machine.ssdGib() > 0) {
            BigDecimal ssd = prices.get(new PartKey("ssd", region, option));
            if (ssd == null) {
                return;
            }
            usd = usd.add(ssd.multiply(BigDecimal.valueOf(machine.ssdGib())));
        }
        tally.rate(usd.toString())
                .ifPresent(rate -> tally.keep(new FeedPrice(
                        spec.get(),
                        region,
                        option,
                        rate,
                        Optional.empty(),
                        SOURCE,
                        "services/6F81-5844-456A/skus " + machine.type(),
                        "")));
    }
}
