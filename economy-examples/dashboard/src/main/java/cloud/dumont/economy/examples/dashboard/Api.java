package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.Economy;
import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.savings.SavingsReport;
import cloud.dumont.economy.usage.AccountId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The REST API: which question has which address, and who may ask. */
final class Api {

    static final String PREFIX = "/api/v1/economy";

    /** Beside the routes, as it does not end. */
    static final String STREAM = PREFIX + "/stream";

    private static final String SCHEME = "Bearer ";
    private static final String CHALLENGE = "Bearer realm=\"economy\"";

    private final Economy economy;
    private final Overlays overlays;
    private final Tokens tokens;
    private final Budgets budgets;
    private final Streams streams;
    private final List<Route> routes;

    Api(Economy economy, Overlays overlays, Tokens tokens, Budgets budgets, Streams streams) {
        this.economy = economy;
        this.overlays = overlays;
        this.tokens = tokens;
        this.budgets = budgets;
        this.streams = streams;
        routes = routes(new Figures(economy));
    }

    private static List<Route> routes(Figures figures) {
        return List.of(
                Route.get(
                        "/savings",
                        "What the account saves, in all, now and projected.",
                        Parameter.BASELINE,
                        SavingsView.class,
                        request -> new JsonContent(SavingsView.of(
                                Reported.of(figures.report(request.account(), request.baseline()), request)))),
                Route.get(
                        "/savings/realtime",
                        "Every billable instance now, or what has changed since an earlier answer.",
                        RealtimeEndpoint.PARAMETERS,
                        RealtimeView.class,
                        new RealtimeEndpoint(figures)),
                Route.get(
                        "/active-session",
                        "The sessions that last, with their costs on both sides.",
                        Parameter.list(Parameter.BASELINE, RealtimeEndpoint.LIST.parameters()),
                        ActiveSessionView.class,
                        request -> {
                            SavingsReport report = figures.report(request.account(), request.baseline());
                            return new JsonContent(ActiveSessionView.of(
                                    Reported.of(report, request),
                                    RealtimeEndpoint.LIST.page(request.query(), report.lines())));
                        }),
                Route.get(
                        "/savings/history",
                        "Savings over time, by hour to month.",
                        HistoryEndpoint.PARAMETERS,
                        HistoryView.class,
                        new HistoryEndpoint(figures)),
                Route.get(
                        "/savings/breakdown",
                        "Savings by GPU, instance or region.",
                        BreakdownEndpoint.PARAMETERS,
                        BreakdownView.class,
                        new BreakdownEndpoint(figures)),
                Route.get(
                        "/pricing",
                        "The list prices in effect at a moment, with their sources.",
                        PricingEndpoint.PARAMETERS,
                        PricingView.class,
                        new PricingEndpoint(figures)),
                Route.get(
                        "/compare",
                        "One GPU, or all that the account has used, at every provider.",
                        CompareEndpoint.PARAMETERS,
                        CompareView.class,
                        new CompareEndpoint(figures)),
                Route.get(
                        "/range",
                        "How sure the lifetime figure is, and what the last days say of the next.",
                        Parameter.BASELINE,
                        RangeEndpoint.RangeView.class,
                        new RangeEndpoint(figures)),
                Route.get(
                        "/explain",
                        "How a figure came about, with a receipt that anybody can recompute.",
                        ExplainEndpoint.PARAMETERS,
                        ExplainView.class,
                        new ExplainEndpoint(figures)),
                Route.get(
                        "/instances/{id}",
                        "One instance: its runs, rates and states, and what they came to.",
                        InstanceEndpoint.PARAMETERS,
                        InstanceRunsView.class,
                        new InstanceEndpoint(figures)),
                new Route(
                        "POST",
                        "/simulate",
                        "What a workload that is imagined would cost at every provider.",
                        SimulateEndpoint.PARAMETERS,
                        SimulateView.class,
                        new SimulateEndpoint(figures)));
    }

    List<Route> routes() {
        return routes;
    }

    /** The routes at a path, one for each method; none where nothing is. */
    List<Route> at(String path) {
        return path.startsWith(PREFIX)
                ? routes.stream()
                        .filter(route -> route.match(path.substring(PREFIX.length())) != null)
                        .toList()
                : List.of();
    }

    Response answer(List<Route> there, Call call) {
        AccountId account = account(call);
        Route route = there.stream()
                .filter(known -> known.answers(call.method()))
                .findFirst()
                .orElseThrow(() -> HttpProblem.methodNotAllowed(call.method(), allowed(there)));
        Budgets.Work work = budgets.begin(account);
        try {
            Content content = route.endpoint().answer(request(account, call, route));
            return Response.of(200, content)
                    .with("Cache-Control", "private, no-store")
                    .with("Vary", "Authorization, Accept, Accept-Encoding, Origin");
        } finally {
            work.close();
        }
    }

    private ApiRequest request(AccountId account, Call call, Route route) {
        String id = route.match(call.path().substring(PREFIX.length()));
        return new ApiRequest(
                account,
                overlays.prices(account, economy.catalog()),
                Query.parse(call.query(), route.parameters()),
                id == null ? "" : id,
                call);
    }

    private static String allowed(List<Route> there) {
        return there.stream()
                .flatMap(route -> route.method().equals("GET") ? Stream.of("GET", "HEAD") : Stream.of(route.method()))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** What a listener may hear. */
    record Listening(AccountId account, Baseline baseline) {}

    /**
     * Who wants to listen to what.
     *
     * @throws HttpProblem if that is not allowed, or there is no room
     */
    Listening listening(Call call) {
        AccountId account = account(call);
        if (!call.method().equals("GET")) {
            throw HttpProblem.methodNotAllowed(call.method(), "GET");
        }
        ApiRequest request = new ApiRequest(
                account,
                overlays.prices(account, economy.catalog()),
                Query.parse(call.query(), Parameter.BASELINE),
                "",
                call);
        Baseline baseline = request.baseline();
        streams.checkRoom(account);
        return new Listening(account, baseline);
    }

    /**
     * Whose token a request carries.
     *
     * @throws HttpProblem if it carries none, or one that nobody has
     */
    AccountId account(Call call) {
        String header = call.header("Authorization").orElse("");
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw HttpProblem.unauthorized("the header Authorization: Bearer TOKEN is missing", CHALLENGE);
        }
        return tokens.account(header.substring(SCHEME.length()).strip())
                .orElseThrow(() -> HttpProblem.unauthorized(
                        "the token is not known here", CHALLENGE + ", error=\"invalid_token\""));
    }

    /** What a path is called in counts: its pattern, so that ids do not make series of their own. */
    Optional<String> name(String path) {
        return path.equals(STREAM)
                ? Optional.of("/stream")
                : at(path).stream().findFirst().map(route -> route.path().toLowerCase(Locale.ROOT));
    }
}
