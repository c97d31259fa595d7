package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.savings.SavingsLine;
import cloud.dumont.economy.savings.SavingsReport;
import cloud.dumont.economy.usage.InstanceState;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Every billable instance now, page by page; or what has changed since an earlier answer. */
final class RealtimeEndpoint implements Endpoint {

    private enum State {
        RUNNING(InstanceState.RUNNING),
        IDLE(InstanceState.IDLE);

        private final InstanceState state;

        State(InstanceState state) {
            this.state = state;
        }
    }

    static final Listed<SavingsLine> LIST = new Listed<SavingsLine>()
            .text("instance_id", line -> Optional.of(line.instance().id().value()))
            .text("gpu_type", InstanceView::gpuType)
            .by("gpu_count", line -> Optional.of(Decimals.gpus(line.instance().comparedGpus())))
            .by("status", line -> Optional.of(line.state().name()))
            .by("running_hours", line -> Optional.of(line.session().billableSeconds()))
            .by("dumont_hourly_rate", line -> line.instance().rate())
            .by("provider_hourly_rate", SavingsLine::equivalentRate)
            .by("current_cost", InstanceView::currentCost)
            .by(
                    "provider_equivalent",
                    line -> line.equivalentRate().map(rate -> line.session().equivalentCost()))
            .by(
                    "savings_so_far",
                    line -> line.equivalentRate().map(rate -> line.session().savings()))
            .by("savings_per_hour", SavingsLine::savingsPerHour)
            .text(
                    "equivalent_instance_type",
                    line -> match(line)
                            .map(match -> match.offer().sku().instanceType().name()))
            .text(
                    "equivalent_region",
                    line -> match(line)
                            .map(match -> match.offer().sku().region().id()));

    static final List<Parameter> PARAMETERS = Parameter.list(
            Parameter.list(
                    Parameter.BASELINE,
                    Parameter.choice("state", "Only instances in this state; any unless given.", State.values()),
                    Parameter.text(
                            "since",
                            "The timestamp of an earlier answer: only instances of which something else is known than that their"
                                    + " time went on at the rates of then."),
                    ApiRequest.FORMAT),
            LIST.parameters());

    private final Figures figures;

    RealtimeEndpoint(Figures figures) {
        this.figures = figures;
    }

    private static Optional<Equivalent.Match> match(SavingsLine line) {
        return line.equivalentRate().flatMap(compared -> line.equivalent().match());
    }

    @Override
    public Content answer(ApiRequest request) {
        Baseline baseline = request.baseline();
        Optional<InstanceState> state =
                request.query().text("state").map(any -> request.query().choice("state", State.RUNNING).state);
        Optional<Instant> since = request.query().moment("since", ZoneOffset.UTC);
        boolean csv = request.wantsCsv();
        SavingsReport report = figures.report(request.account(), baseline);
        if (since.isPresent() && since.get().isAfter(report.at())) {
            throw HttpProblem.badParameter(
                    "since", since.get().toString(), "a moment not after now, which is " + report.at());
        }
        Optional<Changes> changes =
                since.map(then -> Changes.between(figures.saidAt(request.account(), baseline, then), report));
        List<SavingsLine> lines = LIST.found(
                request.query(),
                report.lines().stream()
                        .filter(line -> state.isEmpty() || state.get() == line.state())
                        .toList());
        Page<SavingsLine> page = LIST.sortedPage(
                request.query(), changes.map(known -> known.among(lines)).orElse(lines));
        if (csv) {
            return new TableCsv(
                    "instances",
                    InstanceView.class,
                    page.all().stream().map(InstanceView::of).toList());
        }
        return new JsonContent(RealtimeView.of(Reported.of(report, request), lines, page, changes));
    }
}
