package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.equivalence.EquivalenceQuery;
import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuResolution;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.savings.SavingsReport;
import cloud.dumont.economy.usage.UsageConflictException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a workload that is imagined would cost, at one provider or at all. Nothing of it is recorded. */
final class SimulateEndpoint implements Endpoint {

    static final List<Parameter> PARAMETERS = List.of(
            Parameter.text("provider", "One provider in any case, or all; all unless given."),
            Parameter.OPTION,
            Parameter.text("region", "Only there; providers that do not have it are told under unsold."),
            Parameter.SIZING,
            Parameter.DISCOUNT,
            Parameter.HOST_MATCH);

    private final Figures figures;
    private final GpuCatalog gpus = GpuCatalog.bundled();
    private final EquivalencePolicy policy = EquivalencePolicy.standard(gpus).cached();

    SimulateEndpoint(Figures figures) {
        this.figures = figures;
    }

    @Override
    public Content answer(ApiRequest request) {
        Baselines baselines = Baselines.of(request, providers(request));
        Instant now = figures.now();
        Workload workload = workload(request, now);
        List<SavingsReport> reports;
        try {
            reports = figures.simulate(request.account(), workload.intervals(), baselines.asked(), workload.until());
        } catch (UsageConflictException e) {
            throw HttpProblem.badBody("the workload disagrees with itself: " + e.getMessage());
        }
        List<SimulateView.Row> rows = new ArrayList<>();
        List<CompareView.Unsold> unsold = new ArrayList<>(baselines.elsewhere());
        for (SavingsReport report : reports) {
            List<Equivalent> equivalents = equivalents(workload, report.baseline(), request);
            if (report.lifetime().comparedSeconds() > 0) {
                rows.add(SimulateView.Row.of(Reported.of(report, request), workload, equivalents));
            } else {
                unsold.add(new CompareView.Unsold(
                        report.baseline().provider().id(),
                        Tier.NONE.name(),
                        equivalents.isEmpty()
                                ? "Under these terms it sells nothing comparable to anything here whose rate is known."
                                : equivalents.get(0).explanation()));
            }
        }
        return new JsonContent(SimulateView.of(workload, rows, unsold, reports.get(0), request));
    }

    private static List<Provider> providers(ApiRequest request) {
        return request.query()
                .text("provider")
                .filter(text -> !text.equalsIgnoreCase("all"))
                .map(text -> List.of(ApiRequest.known(text, request.catalog(), ", all")))
                .orElseGet(() -> List.copyOf(request.catalog().providers()));
    }

    private Workload workload(ApiRequest request, Instant now) {
        byte[] body = request.call().body(Workload.MOST_BYTES);
        return switch (request.call().mediaType()) {
            case "text/csv" -> Workload.csv(body, request.account(), now);
            case "application/json" -> Workload.json(body, request.account(), gpus, now);
            // What curl names where nobody says what it is.
            case "application/x-www-form-urlencoded", "" ->
                startsLikeJson(body)
                        ? Workload.json(body, request.account(), gpus, now)
                        : Workload.csv(body, request.account(), now);
            default ->
                throw HttpProblem.badBody("Content-Type '" + request.call().mediaType()
                        + "' is not allowed; allowed: application/json, text/csv");
        };
    }

    private static boolean startsLikeJson(byte[] body) {
        return new String(body, StandardCharsets.UTF_8).stripLeading().startsWith("{");
    }

    private List<Equivalent> equivalents(Workload workload, Baseline baseline, ApiRequest request) {
        return workload.groups().stream()
                .map(group -> policy.decide(
                        request.catalog(),
                        new EquivalenceQuery(
                                new GpuResolution.Known(group.gpu().name(), group.gpu()),
                                group.count(),
                                group.needs(),
                                baseline)))
                .toList();
    }
}
