package cloud.dumont.economy.examples.dashboard;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One address of the API.
 *
 * @param method GET, which answers HEAD too, or POST
 * @param path below the API's prefix; may end in {@code /{id}}
 * @param summary what it answers, in a sentence
 * @param parameters what it knows; anything else is refused
 * @param answer the record that its JSON is made of
 * @param endpoint what answers
 */
record Route(
        String method,
        String path,
        String summary,
        List<Parameter> parameters,
        Class<? extends Record> answer,
        Endpoint endpoint) {

    private static final String ID = "/{id}";

    static Route get(
            String path,
            String summary,
            List<Parameter> parameters,
            Class<? extends Record> answer,
            Endpoint endpoint) {
        return new Route("GET", path, summary, parameters, answer, endpoint);
    }

    boolean hasId() {
        return path.endsWith(ID);
    }

    /** Whether it is at some path below the prefix, and which id stands there. */
    @Nullable
    String match(String asked) {
        if (!hasId()) {
            return path.equals(asked) ? "" : null;
        }
        Matcher matcher = Pattern.compile(Pattern.quote(path.substring(0, path.length() - ID.length())) + "/([^/]+)")
                .matcher(asked);
        return matcher.matches() ? matcher.group(1) : null;
    }

    boolean answers(String asked) {
        return method.equals(asked) || (method.equals("GET") && asked.equals("HEAD"));
    }
}
