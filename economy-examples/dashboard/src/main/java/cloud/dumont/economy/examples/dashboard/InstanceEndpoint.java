package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.savings.Receipt;
import cloud.dumont.economy.savings.SavingsReport;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** One instance: what it is, what it did when and at which rate, and what that came to. */
final class InstanceEndpoint implements Endpoint {

    static final List<Parameter> PARAMETERS = Parameter.list(Parameter.BASELINE, Page.PARAMETERS);

    private final Figures figures;

    InstanceEndpoint(Figures figures) {
        this.figures = figures;
    }

    static Optional<InstanceTimeline> timeline(List<InstanceTimeline> timelines, InstanceId id) {
        return timelines.stream()
                .filter(timeline -> timeline.facts().stream()
                        .anyMatch(fact -> fact.instance().id().equals(id)))
                .findFirst();
    }

    @Override
    public Content answer(ApiRequest request) {
        Baseline baseline = request.baseline();
        InstanceId id = id(request);
        List<UsageInterval> latestFirst = new ArrayList<>(timeline(figures.timelines(request.account()), id)
                .orElseThrow(() -> unknown(id.value()))
                .intervals());
        Collections.reverse(latestFirst);
        Page<UsageInterval> page = Page.of(request.query(), latestFirst);
        SavingsReport report = figures.report(request.account(), baseline);
        Receipt lifetime =
                figures.receipt(Receipt.Figure.LIFETIME, request.account(), Optional.of(id), baseline, report.at());
        return new JsonContent(InstanceRunsView.of(id, Reported.of(report, request), lifetime, page));
    }

    private static InstanceId id(ApiRequest request) {
        try {
            return InstanceId.of(request.decodedId());
        } catch (IllegalArgumentException e) {
            throw unknown(request.decodedId());
        }
    }

    private static HttpProblem unknown(String id) {
        return HttpProblem.notFound("this account has no instance '" + id + "'");
    }
}
