package cloud.dumont.economy.examples.dashboard;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request, whatever server took it. */
interface Call {

    String method();

    /** The path as it was sent, undecoded. */
    String path();

    /** The query as it was sent, without the question mark; null where there is none. */
    @Nullable
    String query();

    /** Every line of a header, in order; empty where it is missing. */
    List<String> headers(String name);

    /**
     * What the request carries.
     *
     * @param most the most bytes that are taken
     * @throws HttpProblem if there are more
     */
    byte[] body(int most);

    default Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    /** The media type of the body, in lower case and without its parameters; empty where none is named. */
    default String mediaType() {
        return header("Content-Type")
                .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .orElse("");
    }
}
