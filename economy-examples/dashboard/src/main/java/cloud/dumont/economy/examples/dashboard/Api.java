package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.Economy;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.usage.AccountId;
import com.sun.net.httpserver.HttpExchange;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The REST API: which question has which address, and who may ask. */
final class Api {

    private static final String PREFIX = "/api/v1/economy";
    private static final String SCHEME = "Bearer ";
    private static final String CHALLENGE = "Bearer realm=\"economy\"";

    private final Economy economy;
    private final Overlays overlays;
    private final Tokens tokens;
    private final Map<String, Endpoint> endpoints;

    Api(Economy economy, Overlays overlays, Tokens tokens) {
        this.economy = economy;
        this.overlays = overlays;
        this.tokens = tokens;
        endpoints = Map.of(
                PREFIX + "/savings",
                report(economy, SavingsView::of),
                PREFIX + "/savings/realtime",
                report(economy, RealtimeView::of),
                PREFIX + "/active-session",
                report(economy, ActiveSessionView::of),
                PREFIX + "/savings/history",
                new HistoryEndpoint(economy),
                PREFIX + "/savings/breakdown",
                new BreakdownEndpoint(economy),
                PREFIX + "/pricing",
                new PricingEndpoint(economy),
                PREFIX + "/compare",
                new CompareEndpoint(economy));
    }

    private static Endpoint report(Economy economy, Function<Reported, Record> view) {
        return request -> {
            Provider provider = request.provider();
            return new JsonContent(view.apply(new Reported(
                    economy.report(request.account(), provider),
                    request.catalog().referenceRegion(provider),
                    request.prices().onOwnTerms().contains(provider),
                    request.demo())));
        };
    }

    Optional<Endpoint> at(String path) {
        return Optional.ofNullable(endpoints.get(path));
    }

    Response answer(Endpoint endpoint, HttpExchange exchange) {
        AccountId account = account(exchange);
        ApiRequest request = new ApiRequest(
                account,
                overlays.prices(account, economy.catalog()),
                Query.parse(exchange.getRequestURI().getRawQuery()),
                prefersCsv(exchange));
        return Response.of(200, endpoint.answer(request))
                .with("Cache-Control", "private, no-cache")
                .with("Vary", "Authorization, Accept");
    }

    private AccountId account(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw HttpProblem.unauthorized("the header Authorization: Bearer TOKEN is missing", CHALLENGE);
        }
        return tokens.account(header.substring(SCHEME.length()).strip())
                .orElseThrow(() -> HttpProblem.unauthorized(
                        "the token is not known here", CHALLENGE + ", error=\"invalid_token\""));
    }

    private static boolean prefersCsv(HttpExchange exchange) {
        List<String> accept = exchange.getRequestHeaders().getOrDefault("Accept", List.of());
        return accept.stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(range -> range.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .filter(type -> type.equals("text/csv") || type.equals("application/json"))
                .findFirst()
                .filter(type -> type.equals("text/csv"))
                .isPresent();
    }
}
