package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.pricing.feed.PriceFeed;
import cloud.dumont.economy.pricing.feed.PriceFeeds;
import cloud.dumont.economy.pricing.feed.PriceFeeds.OfferFormat;
import cloud.dumont.economy.pricing.feed.PriceRefresh;
import cloud.dumont.economy.pricing.feed.RefreshReport;
import cloud.dumont.economy.pricing.source.HeldPrice;
import cloud.dumont.economy.provider.Region;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Reads sellers' price lists, now. */
@Command(
        name = "refresh",
        description = {
            "Reads sellers' price lists over the network and adds what they say to a catalog file, or to a host's database.",
            "A price that is absurd beside what is known is held until it is read once more, five hours later or more, or until"
                    + " 'catalog accept' takes it; the last good price stays.",
            "Keys are read from the environment: ECONOMY_GCP_KEY for gcp, ECONOMY_LAMBDA_KEY for lambda."
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class CatalogRefreshCommand implements Callable<Integer> {

    private static final List<String> FEEDS =
            List.of("aws", "aws-offers", "aws-savings-plans", "azure", "gcp", "runpod", "vast", "lambda", "oci");

    @ParentCommand
    private CatalogCommand parent;

    @Spec
    private CommandSpec spec;

    @Mixin
    private PriceStoreOption store;

    @Option(
            names = "--from",
            arity = "1..*",
            required = true,
            paramLabel = "FEED",
            description =
                    "Which lists: aws (on demand), aws-offers (on demand and reserved, up to half a gigabyte a region),"
                            + " aws-savings-plans,"
                            + " azure, gcp, runpod, vast, lambda, oci.")
    private List<String> from = List.of();

    @Option(
            names = "--url",
            paramLabel = "U",
            description =
                    "Where the paths of a list begin, if not at its seller's: one for each --from, in the same order.")
    private List<URI> urls = List.of();

    @Option(
            names = "--region",
            paramLabel = "R",
            description = "For aws-offers and aws-savings-plans: a region whose file is read.")
    private List<Region> regions = List.of();

    @Option(
            names = "--format",
            paramLabel = "F",
            defaultValue = "CSV",
            description = "For aws-offers: ${COMPLETION-CANDIDATES}.")
    private OfferFormat format;

    @Override
    public Integer call() {
        if (!urls.isEmpty() && urls.size() != from.size()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--url is given " + urls.size() + " times, --from " + from.size()
                            + " times: give one for each, or none");
        }
        PriceRefresh.Builder builder = PriceRefresh.builder();
        for (int i = 0; i < from.size(); i++) {
            builder.feed(feed(from.get(i), urls.isEmpty() ? null : urls.get(i)));
        }
        PriceRefresh refresh = builder.build();
        List<RefreshReport> reports = store.with(prices -> from.stream()
                .map(feed -> refresh.refresh(feed, prices, GpuCatalog.bundled(), Clock.systemUTC()))
                .toList());
        reports.forEach(report -> {
            report.failures()
                    .forEach((part, reason) ->
                            spec.commandLine().getErr().println(report.feed() + " " + part + ": not read: " + reason));
            report.held()
                    .forEach(held -> spec.commandLine().getErr().println(report.feed() + ": held: " + held.reason()));
        });
        parent.output()
                .print(Map.of(
                        "feeds",
                        reports.stream().map(CatalogRefreshCommand::fields).toList()));
        return reports.stream().allMatch(RefreshReport::isComplete) ? 0 : EconomyCli.FAILED;
    }

    private PriceFeed feed(String name, @Nullable URI url) {
        return switch (name) {
            case "aws" -> of(url, PriceFeeds::aws, PriceFeeds::aws);
            case "aws-offers" -> {
                Set<Region> wanted = regions(name);
                yield of(
                        url,
                        () -> PriceFeeds.awsOffers(wanted, format),
                        base -> PriceFeeds.awsOffers(base, wanted, format));
            }
            case "aws-savings-plans" -> {
                Set<Region> wanted = regions(name);
                yield of(
                        url,
                        () -> PriceFeeds.awsSavingsPlans(wanted),
                        base -> PriceFeeds.awsSavingsPlans(base, wanted));
            }
            case "azure" -> of(url, PriceFeeds::azure, PriceFeeds::azure);
            case "gcp" -> {
                Supplier<String> key = key("gcp", "ECONOMY_GCP_KEY");
                yield of(url, () -> PriceFeeds.gcp(key), base -> PriceFeeds.gcp(base, key));
            }
            case "runpod" -> of(url, PriceFeeds::runPod, PriceFeeds::runPod);
            case "vast" -> of(url, PriceFeeds::vast, PriceFeeds::vast);
            case "lambda" -> {
                Supplier<String> key = key("lambda", "ECONOMY_LAMBDA_KEY");
                yield of(url, () -> PriceFeeds.lambda(key), base -> PriceFeeds.lambda(base, key));
            }
            case "oci" -> of(url, PriceFeeds::oracle, PriceFeeds::oracle);
            default ->
                throw new ParameterException(
                        spec.commandLine(),
                        "--from '" + name + "' is no list that is known; allowed: " + String.join(", ", FEEDS)
                                + " (files: 'catalog import')");
        };
    }

    private Set<Region> regions(String feed) {
        if (regions.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--from " + feed + " needs --region: each region has a large file of its own");
        }
        return new LinkedHashSet<>(regions);
    }

    private static PriceFeed of(@Nullable URI url, Supplier<PriceFeed> own, Function<URI, PriceFeed> at) {
        return url == null ? own.get() : at.apply(url);
    }

    private Supplier<String> key(String feed, String variable) {
        String key = System.getenv(variable);
        if (key == null || key.isBlank()) {
            throw new ParameterException(
                    spec.commandLine(), "--from " + feed + " needs a key: put it into the environment as " + variable);
        }
        return key::strip;
    }

    private static Map<String, Object> fields(RefreshReport report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("feed", report.feed());
        fields.put("at", report.at().toString());
        fields.put("seconds", report.took().toSeconds());
        fields.put("bytes", report.bytes());
        fields.put("read", report.read());
        fields.put("kept", report.kept());
        fields.put("dropped", new TreeMap<>(report.dropped()));
        fields.put("added", report.added());
        fields.put("changed", report.changed());
        fields.put("unchanged", report.unchanged());
        fields.put("quarantined", held(report.held()));
        fields.put("refused", report.refused());
        fields.put("vanished", report.vanished());
        fields.put("not_read", new TreeMap<>(report.failures()));
        return fields;
    }

    /** Held prices as the catalog commands print them. */
    static List<Map<String, Object>> held(List<HeldPrice> prices) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (HeldPrice price : prices) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("sku", price.row().sku().toString());
            fields.put("usd_per_hour", Output.plain(price.row().rate().toUsd()));
            fields.put("reason", price.reason());
            fields.put("since", price.since().toString());
            fields.put("state", price.state().name().toLowerCase(Locale.ROOT));
            all.add(fields);
        }
        return all;
    }
}
