package cloud.dumont.economy.examples.dashboard;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is sent back. An answer of any size takes no memory of its own: its content is written once to be measured and hashed, which
 * gives its length and a strong ETag, and once more onto the wire.
 *
 * @param status the HTTP status
 * @param headers its own headers; those that every response has are added
 * @param content what it carries
 */
record Response(int status, Map<String, String> headers, Content content) {

    private static final int BUFFER = 16 * 1024;

    /** On every response. The page loads nothing from elsewhere; only this host's own pages may frame it. */
    private static final Map<String, String> ALWAYS = Map.of(
            "Content-Security-Policy",
            "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'self'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer");

    static Response of(int status, Content content) {
        return new Response(status, Map.of(), content);
    }

    Response with(String name, String value) {
        return with(Map.of(name, value));
    }

    Response with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(more);
        return new Response(status, all, content);
    }

    void send(HttpExchange exchange) throws IOException {
        Measure measure = Measure.of(content);
        Headers out = exchange.getResponseHeaders();
        ALWAYS.forEach(out::set);
        headers.forEach(out::set);
        if (status == 200) {
            out.set("ETag", measure.entityTag());
            if (measure.matches(exchange.getRequestHeaders().get("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
                return;
            }
        }
        out.set("Content-Type", content.mediaType());
        if (exchange.getRequestMethod().equals("HEAD")) {
            out.set("Content-Length", Long.toString(measure.length()));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, measure.length());
        try (OutputStream body = new BufferedOutputStream(exchange.getResponseBody(), BUFFER)) {
            content.writeTo(body);
        }
    }
}
