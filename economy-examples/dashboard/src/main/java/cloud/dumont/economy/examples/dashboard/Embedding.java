package cloud.dumont.economy.examples.dashboard;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which other sites may show the widget: they may frame it, and their pages may ask the API, with a token of their own. */
final class Embedding {

    private static final String PREFLIGHT_SECONDS = "600";

    private final Set<String> origins;

    /**
     * Some sites.
     *
     * @param origins each such as {@code https://console.example.com}
     * @throws IllegalArgumentException if one is no origin; the message names it
     */
    Embedding(Collection<String> origins) {
        Set<String> checked = new LinkedHashSet<>();
        origins.forEach(origin -> checked.add(checked(origin)));
        this.origins = checked;
    }

    private static String checked(String origin) {
        try {
            URI uri = new URI(origin.strip());
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https"))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && String.valueOf(uri.getRawPath()).matches("/?")
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null) {
                String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
                return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port;
            }
        } catch (URISyntaxException e) {
            // the same answer as for an address that is no origin
        }
        throw new IllegalArgumentException(
                "'" + origin + "' is no origin; allowed: scheme, host and port, such as https://console.example.com");
    }

    /** For the security policy: this host's own pages and those sites may frame what it serves. */
    String frameAncestors() {
        return ("'self' " + String.join(" ", origins)).strip();
    }

    /** What lets a page of those sites read an answer; nothing for anybody else. */
    Map<String, String> headers(Call call) {
        return origin(call)
                .map(origin -> {
                    Map<String, String> headers = new LinkedHashMap<>();
                    headers.put("Access-Control-Allow-Origin", origin);
                    headers.put("Access-Control-Expose-Headers", "ETag, Retry-After");
                    return headers;
                })
                .orElseGet(LinkedHashMap::new);
    }

    /** The answer to a browser that asks whether a page of those sites may ask at all; empty if this is no such question. */
    Optional<Response> preflight(Call call) {
        return call.method().equals("OPTIONS")
                        && call.header("Access-Control-Request-Method").isPresent()
                ? origin(call)
                        .map(origin -> Response.empty(204)
                                .with("Access-Control-Allow-Methods", "GET, HEAD, POST")
                                .with(
                                        "Access-Control-Allow-Headers",
                                        "Authorization, Accept, Content-Type, If-None-Match")
                                .with("Access-Control-Max-Age", PREFLIGHT_SECONDS)
                                .with("Vary", "Origin"))
                : Optional.empty();
    }

    private Optional<String> origin(Call call) {
        return call.header("Origin").filter(origins::contains);
    }
}
