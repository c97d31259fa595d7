package cloud.dumont.economy.examples.dashboard;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** What a response carries. */
interface Content {

    String mediaType();

    void writeTo(OutputStream out) throws IOException;

    /** Headers that belong to it. */
    default Map<String, String> headers() {
        return Map.of();
    }
}
