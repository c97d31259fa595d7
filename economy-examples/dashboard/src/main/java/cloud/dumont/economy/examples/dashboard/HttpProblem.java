package cloud.dumont.economy.examples.dashboard;

import java.io.Serial;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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

    static HttpProblem unknownParameter(String name, List<Parameter> known) {
        return badParameter("parameter '" + name + "' is not known here; "
                + (known.isEmpty()
                        ? "this address takes none"
                        : "known: " + known.stream().map(Parameter::name).collect(Collectors.joining(", "))));
    }

    /** Of a question whose answer would be larger than what is told at once. */
    static HttpProblem tooLarge(String message) {
        return new HttpProblem(400, "too_large", message, Map.of());
    }

    static HttpProblem badBody(String message) {
        return new HttpProblem(400, "bad_body", message, Map.of());
    }

    static HttpProblem badHost(String message) {
        return new HttpProblem(400, "bad_host", message, Map.of());
    }

    static HttpProblem tooMany(String message, long retryAfterSeconds) {
        return new HttpProblem(
                429, "too_many_requests", message, Map.of("Retry-After", Long.toString(retryAfterSeconds)));
    }

    static HttpProblem unauthorized(String message, String challenge) {
        return new HttpProblem(401, "unauthorized", message, Map.of("WWW-Authenticate", challenge));
    }

    static HttpProblem notFound(String message) {
        return new HttpProblem(404, "not_found", message, Map.of());
    }

    static HttpProblem methodNotAllowed(String method, String allowed) {
        return new HttpProblem(
                405, "method_not_allowed", method + " is not allowed; allowed: " + allowed, Map.of("Allow", allowed));
    }

    static HttpProblem uriTooLong(int longest) {
        return new HttpProblem(414, "uri_too_long", "the address has more than " + longest + " characters", Map.of());
    }

    /** Of what the server could not read as a request. */
    static HttpProblem unreadable(int status) {
        return new HttpProblem(
                status,
                "bad_request",
                "this is no HTTP request that can be answered here",
                Map.of("Connection", "close"));
    }

    static HttpProblem internal() {
        return new HttpProblem(500, "internal_error", "something went wrong here; it is in the log", Map.of());
    }

    static HttpProblem unavailable() {
        return new HttpProblem(
                503, "unavailable", "the savings cannot be read right now; try again", Map.of("Retry-After", "5"));
    }

    static HttpProblem busy() {
        return new HttpProblem(
                503, "unavailable", "this host serves as many as it can; try again", Map.of("Retry-After", "2"));
    }

    Response toResponse() {
        return Response.of(status, new JsonContent(new Body(false, new Reason(code, String.valueOf(getMessage())))))
                .with(headers)
                .with("Cache-Control", "no-store");
    }

    private record Body(boolean success, Reason error) {}

    private record Reason(String code, String message) {}
}
