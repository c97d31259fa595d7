package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.savings.Receipt;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceTimeline;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How a figure of the account, or of one instance, came about. */
final class ExplainEndpoint implements Endpoint {

    private enum Format {
        JSON,
        RECEIPT
    }

    static final List<Parameter> PARAMETERS = Parameter.list(
            Parameter.BASELINE,
            Parameter.text("instance", "Which instance; all of the account unless given."),
            Parameter.choice("figure", "Which figure; lifetime unless given.", Receipt.Figure.values()),
            Parameter.choice(
                    "format",
                    "json, or the receipt alone as a file that receipt verify of the command line takes; json unless given.",
                    Format.values()));

    private static final int MOST_INSTANCES = 2_000;
    private static final int MOST_LINES = 10_000;

    private final Figures figures;

    ExplainEndpoint(Figures figures) {
        this.figures = figures;
    }

    @Override
    public Content answer(ApiRequest request) {
        Baseline baseline = request.baseline();
        Receipt.Figure figure = request.query().choice("figure", Receipt.Figure.LIFETIME);
        Format format = request.query().choice("format", Format.JSON);
        Optional<InstanceId> instance = request.query().text("instance").map(text -> id(text));
        checkInstance(request, instance);
        Receipt receipt = figures.receipt(figure, request.account(), instance, baseline, figures.now());
        if (receipt.lines().size() > MOST_LINES) {
            throw HttpProblem.tooLarge("this receipt has " + receipt.lines().size() + " lines; allowed: at most "
                    + MOST_LINES + "; name one instance with instance=, or ask for another figure");
        }
        if (format == Format.RECEIPT) {
            return new ReceiptFile(
                    ExplainView.ReceiptView.of(receipt), figure.name().toLowerCase(Locale.ROOT));
        }
        return new JsonContent(ExplainView.of(
                receipt,
                instance.map(InstanceId::value).orElse(null),
                BaselineView.of(baseline, request.catalog().referenceRegion(baseline.provider())),
                request.demo()));
    }

    private static InstanceId id(String text) {
        try {
            return InstanceId.of(text);
        } catch (IllegalArgumentException e) {
            throw HttpProblem.badParameter("instance '" + text + "' is not allowed: " + e.getMessage());
        }
    }

    private void checkInstance(ApiRequest request, Optional<InstanceId> instance) {
        List<InstanceTimeline> timelines = figures.timelines(request.account());
        if (instance.isEmpty() && timelines.size() > MOST_INSTANCES) {
            throw HttpProblem.tooLarge("this account has " + timelines.size()
                    + " instances; allowed: to explain at most " + MOST_INSTANCES
                    + " at once; name one with instance=");
        }
        instance.filter(id -> InstanceEndpoint.timeline(timelines, id).isEmpty())
                .ifPresent(id -> {
                    throw HttpProblem.notFound("this account has no instance '" + id + "'");
                });
    }

    /** A receipt and nothing else, for the reader to keep. */
    private record ReceiptFile(ExplainView.ReceiptView receipt, String figure) implements Content {

        @Override
        public String mediaType() {
            return "application/json";
        }

        @Override
        public Map<String, String> headers() {
            return Map.of("Content-Disposition", "attachment; filename=\"receipt-" + figure + ".json\"");
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            new JsonContent(receipt).writeTo(out);
        }
    }
}
