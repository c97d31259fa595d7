package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.equivalence.EquivalenceQuery;
import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.gpu.GpuResolution;
import cloud.dumont.economy.savings.SavingsReport;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * Every provider beside the others: the equivalent of one GPU there and what that costs the account at a moment, or, without a GPU, what
 * all that the account has used would have cost there.
 */
final class CompareEndpoint implements Endpoint {

    static final List<Parameter> PARAMETERS = List.of(
            Parameter.text(
                    "gpu", "Which GPU, by any of its names; without it, all that the account has used is compared."),
            Parameter.text("count", "With gpu: how many of them, such as 8 or 0.5; 1 unless given."),
            Parameter.text("at", "With gpu: the prices in effect at this day or instant; now unless given."),
            Parameter.OPTION,
            Parameter.text("region", "Only there; providers that do not have it are told under unsold."),
            Parameter.SIZING,
            Parameter.DISCOUNT,
            Parameter.HOST_MATCH);

    private static final String ALLOWED_COUNTS = "a number above 0 such as 8 or 0.5, at most 1000000";

    private final Figures figures;
    private final GpuCatalog gpus = GpuCatalog.bundled();
    private final EquivalencePolicy policy = EquivalencePolicy.standard(gpus).cached();

    CompareEndpoint(Figures figures) {
        this.figures = figures;
    }

    @Override
    public Content answer(ApiRequest request) {
        Optional<GpuModel> gpu = request.gpu(gpus);
        Baselines baselines = Baselines.of(request, request.catalog().providers());
        if (gpu.isPresent()) {
            return ofGpu(gpu.get(), baselines, request);
        }
        for (String only : List.of("count", "at")) {
            request.query().text(only).ifPresent(text -> {
                throw HttpProblem.badParameter(
                        only + " is given without gpu; allowed: with the name of a GPU, such as H100");
            });
        }
        List<SavingsReport> reports = figures.reports(request.account(), baselines.asked());
        return new JsonContent(FleetCompareView.of(
                reports, baselines.elsewhere(), reports.get(0).at(), request));
    }

    private Content ofGpu(GpuModel gpu, Baselines baselines, ApiRequest request) {
        GpuCount count =
                request.query().text("count").map(CompareEndpoint::count).orElse(GpuCount.ONE);
        Instant now = figures.now();
        Instant at = request.query().moment("at", ZoneOffset.UTC).orElse(now);
        List<Equivalent> equivalents = baselines.asked().stream()
                .map(baseline -> policy.decide(
                        request.catalog(),
                        new EquivalenceQuery(new GpuResolution.Known(gpu.name(), gpu), count, baseline)))
                .toList();
        return new JsonContent(CompareView.of(gpu, count, equivalents, baselines.elsewhere(), at, now, request.demo()));
    }

    private static GpuCount count(String text) {
        try {
            return GpuCount.parse(text);
        } catch (IllegalArgumentException e) {
            throw HttpProblem.badParameter("count", text, ALLOWED_COUNTS);
        }
    }
}
