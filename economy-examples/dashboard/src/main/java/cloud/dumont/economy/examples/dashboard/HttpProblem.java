package cloud.dumont.economy.examples.dashboard;

import java.io.Serial;
import java.util.Map;

/** A request that gets no answer but a reason. The message is for the caller: it never holds a token or an inner detail. */
final class HttpProblem extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final transient Map<String, String> headers;

    private HttpProblem(int status, String code, String message, Map<String, String> headers) {
        // A refusal is an answer, not a fault: nobody reads its stack trace.
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.headers = headers;
    }

    static HttpProblem badParameter(String message) {
        return new HttpProblem(400, "bad_parameter", message, Map.of());
    }

    static HttpProblem badParameter(String name, String value, String allowed) {
        return badParameter(name + " '" + value + "' is not allowed; allowed: " + allowed);
    }

    static HttpProblem unauthorized(String message, String challenge) {
        return new HttpProblem(401, "unauthorized", message, Map.of("WWW-Authenticate", challenge));
    }

    static HttpProblem notFound(String path) {
        return new HttpProblem(404, "not_found", "there is nothing at " + path, Map.of());
    }

    static HttpProblem methodNotAllowed(String method) {
        return new HttpProblem(
                405,
                "method_not_allowed",
                method + " is not allowed; allowed: GET, HEAD",
                Map.of("Allow", "GET, HEAD"));
    }

    static HttpProblem uriTooLong(int longest) {
        return new HttpProblem(414, "uri_too_long", "the address has more than " + longest + " characters", Map.of());
    }

    static HttpProblem internal() {
        return new HttpProblem(500, "internal_error", "something went wrong here; it is in the log", Map.of());
    }

    static HttpProblem unavailable() {
        return new HttpProblem(
                503, "unavailable", "the savings cannot be read right now; try again", Map.of("Retry-After", "5"));
    }

    Response toResponse() {
        return Response.of(status, new JsonContent(new Body(false, new Reason(code, String.valueOf(getMessage())))))
                .with(headers)
                .with("Cache-Control", "no-store");
    }

    private record Body(boolean success, Reason error) {}

    private record Reason(String code, String message) {}
}
