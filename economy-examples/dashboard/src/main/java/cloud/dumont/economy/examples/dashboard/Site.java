package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.Economy;
import cloud.dumont.economy.EconomyException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that is answered: the page, the API behind it, and a sign of life. */
final class Site implements HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Site.class);
    private static final int LONGEST_URI = 4096;

    private final StaticFiles files = new StaticFiles();
    private final Economy economy;
    private final Api api;

    Site(Economy economy, Overlays overlays, Tokens tokens) {
        this.economy = economy;
        api = new Api(economy, overlays, tokens);
    }

    @Override
    public void handle(HttpExchange exchange) {
        try (exchange) {
            answer(exchange).send(exchange);
        } catch (IOException e) {
            LOG.debug("the client went away", e);
        } catch (RuntimeException e) {
            LOG.error("an answer to {} broke off", exchange.getRequestURI().getRawPath(), e);
        }
    }

    /** Tokens stand in headers and in the page's query: neither is ever logged. */
    private Response answer(HttpExchange exchange) {
        try {
            return route(exchange);
        } catch (HttpProblem problem) {
            return problem.toResponse();
        } catch (EconomyException e) {
            LOG.warn("no answer to {}", exchange.getRequestURI().getRawPath(), e);
            return HttpProblem.unavailable().toResponse();
        } catch (RuntimeException e) {
            LOG.error("no answer to {}", exchange.getRequestURI().getRawPath(), e);
            return HttpProblem.internal().toResponse();
        }
    }

    private Response route(HttpExchange exchange) {
        if (exchange.getRequestURI().toString().length() > LONGEST_URI) {
            throw HttpProblem.uriTooLong(LONGEST_URI);
        }
        String path = String.valueOf(exchange.getRequestURI().getRawPath());
        Optional<Endpoint> endpoint = api.at(path);
        Optional<Response> ready = path.equals("/healthz") ? Optional.of(alive()) : files.at(path);
        if (endpoint.isEmpty() && ready.isEmpty()) {
            throw HttpProblem.notFound(path);
        }
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw HttpProblem.methodNotAllowed(method);
        }
        return ready.orElseGet(() -> api.answer(endpoint.orElseThrow(), exchange));
    }

    private Response alive() {
        HealthView health = HealthView.of(economy.health());
        return Response.of(health.success() ? 200 : 503, new JsonContent(health))
                .with("Cache-Control", "no-store");
    }
}
