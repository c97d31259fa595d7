package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.Economy;
import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.equivalence.EquivalenceQuery;
import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.equivalence.Sizing;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.gpu.GpuResolution;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.PurchaseOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What stands for one GPU at every provider, and what it costs the account there at a moment. */
final class CompareEndpoint implements Endpoint {

    private static final String ALLOWED_COUNTS = "a number above 0 such as 8 or 0.5, at most 1000000";

    private final Economy economy;
    private final GpuCatalog gpus = GpuCatalog.bundled();
    private final EquivalencePolicy policy = EquivalencePolicy.standard(gpus).cached();

    CompareEndpoint(Economy economy) {
        this.economy = economy;
    }

    @Override
    public Content answer(ApiRequest request) {
        PriceCatalog catalog = request.catalog();
        Query query = request.query();
        GpuModel gpu = request.gpu(gpus)
                .orElseThrow(
                        () -> HttpProblem.badParameter("gpu is missing; allowed: the name of a GPU, such as H100"));
        GpuCount count = query.text("count").map(CompareEndpoint::count).orElse(GpuCount.ONE);
        Sizing sizing = query.choice("sizing", Sizing.GPU_SHARE);
        PurchaseOption option = request.purchaseOption().orElse(PurchaseOption.ON_DEMAND);
        Instant now = economy.now().truncatedTo(ChronoUnit.SECONDS);
        Instant at = query.moment("at", ZoneOffset.UTC).orElse(now);
        List<Equivalent> equivalents = catalog.providers().stream()
                .map(provider -> Baseline.onDemand(provider).withSizing(sizing).withPurchaseOption(option))
                .map(baseline -> policy.decide(
                        catalog, new EquivalenceQuery(new GpuResolution.Known(gpu.name(), gpu), count, baseline)))
                .toList();
        return new JsonContent(CompareView.of(gpu, count, equivalents, at, now, request.demo()));
    }

    private static GpuCount count(String text) {
        try {
            return GpuCount.parse(text);
        } catch (IllegalArgumentException e) {
            throw HttpProblem.badParameter("count", text, ALLOWED_COUNTS);
        }
    }
}
