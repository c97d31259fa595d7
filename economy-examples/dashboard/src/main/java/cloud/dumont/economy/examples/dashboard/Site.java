package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.Economy;
import cloud.dumont.economy.EconomyException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that is answered: the pages, the API behind them, and what operators look at. */
final class Site implements Answers, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Site.class);
    private static final int LONGEST_URI = 4096;

    private final StaticFiles files = new StaticFiles();
    private final Metrics metrics = new Metrics();
    private final Economy economy;
    private final Hosts hosts;
    private final Embedding embedding;
    private final Streams streams;
    private final Api api;
    private final Response description;

    Site(Economy economy, Overlays overlays, Tokens tokens, Hosts hosts, Embedding embedding, Budgets budgets) {
        this.economy = economy;
        this.hosts = hosts;
        this.embedding = embedding;
        streams = new Streams(economy, overlays);
        api = new Api(economy, overlays, tokens, budgets, streams);
        description = Response.of(200, OpenApi.content(api.routes())).with("Cache-Control", "public, max-age=300");
    }

    @Override
    public Response answer(Call call) {
        long began = System.nanoTime();
        metrics.began();
        try {
            Response response = made(call);
            metrics.answered(name(call.path()), response, System.nanoTime() - began);
            return response;
        } finally {
            metrics.ended();
        }
    }

    private Response made(Call call) {
        Response response = routed(call).packed(call).tagged(call);
        return response.with(always(call));
    }

    /** Tokens stand in headers and in the page's query: neither is ever logged. */
    private Response routed(Call call) {
        try {
            return route(call);
        } catch (HttpProblem problem) {
            return problem.toResponse();
        } catch (EconomyException e) {
            LOG.warn("no answer to {}", call.path(), e);
            return HttpProblem.unavailable().toResponse();
        } catch (RuntimeException e) {
            LOG.error("no answer to {}", call.path(), e);
            return HttpProblem.internal().toResponse();
        }
    }

    private Response route(Call call) {
        hosts.check(call);
        checkLength(call);
        Optional<Response> preflight = embedding.preflight(call);
        if (preflight.isPresent()) {
            return preflight.get();
        }
        String path = call.path();
        if (path.equals(Api.STREAM)) {
            api.listening(call); // tells what is wrong with it
            throw HttpProblem.busy();
        }
        List<Route> routes = api.at(path);
        Optional<Response> ready = ready(path, call);
        if (routes.isEmpty() && ready.isEmpty()) {
            throw HttpProblem.notFound("there is nothing at " + path);
        }
        if (ready.isEmpty()) {
            return api.answer(routes, call);
        }
        if (!call.method().equals("GET") && !call.method().equals("HEAD")) {
            throw HttpProblem.methodNotAllowed(call.method(), "GET, HEAD");
        }
        return ready.get();
    }

    private static void checkLength(Call call) {
        String query = call.query();
        if (call.path().length() + (query == null ? 0 : query.length()) > LONGEST_URI) {
            throw HttpProblem.uriTooLong(LONGEST_URI);
        }
    }

    private Optional<Response> ready(String path, Call call) {
        return switch (path) {
            case "/healthz" -> Optional.of(alive());
            case "/metrics" -> Optional.of(counts(call));
            case "/openapi.json" -> Optional.of(description);
            default -> files.at(path);
        };
    }

    private Response alive() {
        HealthView health = HealthView.of(economy.health());
        return Response.of(health.success() ? 200 : 503, new JsonContent(health))
                .with(health.success() ? Map.of() : Map.of("Retry-After", "5"))
                .with("Cache-Control", "no-store");
    }

    private Response counts(Call call) {
        api.account(call);
        return Response.of(200, metrics.content(economy.health(), streams::listeners, economy.now()))
                .with("Cache-Control", "no-store");
    }

    @Override
    public Optional<EventStream> stream(Call call) {
        if (!call.path().equals(Api.STREAM) || !call.method().equals("GET")) {
            return Optional.empty();
        }
        try {
            hosts.check(call);
            checkLength(call);
            Api.Listening listening = api.listening(call);
            Map<String, String> headers = new LinkedHashMap<>(always(call));
            headers.put("Cache-Control", "private, no-store");
            headers.put("Vary", "Authorization, Origin");
            // Proxies that collect answers before they pass them on would keep events back.
            headers.put("X-Accel-Buffering", "no");
            return Optional.of(
                    new EventStream(headers, sink -> streams.open(listening.account(), listening.baseline(), sink)));
        } catch (HttpProblem | EconomyException refused) {
            return Optional.empty(); // answer() tells why
        }
    }

    private String name(String path) {
        return api.name(path).orElseGet(() -> switch (path) {
            case "/healthz", "/metrics", "/openapi.json" -> path;
            default -> files.at(path).isPresent() ? "page" : "none";
        });
    }

    /** On every response. The pages load nothing from elsewhere. */
    private Map<String, String> always(Call call) {
        Map<String, String> headers = new LinkedHashMap<>(embedding.headers(call));
        headers.put(
                "Content-Security-Policy",
                "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors "
                        + embedding.frameAncestors());
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Referrer-Policy", "no-referrer");
        return headers;
    }

    /** Ends what would go on without end. */
    @Override
    public void close() {
        streams.close();
    }
}
