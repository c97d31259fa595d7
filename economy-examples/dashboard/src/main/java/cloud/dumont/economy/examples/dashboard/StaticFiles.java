package cloud.dumont.economy.examples.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The page, from the class path. It is a fixed list: no path of a request ever names a file. */
final class StaticFiles {

    private static final Map<String, String> MEDIA_TYPES = Map.of(
            "index.html", "text/html; charset=utf-8",
            "style.css", "text/css; charset=utf-8",
            "favicon.svg", "image/svg+xml",
            "api.js", "text/javascript; charset=utf-8",
            "app.js", "text/javascript; charset=utf-8",
            "chart.js", "text/javascript; charset=utf-8",
            "format.js", "text/javascript; charset=utf-8",
            "ticker.js", "text/javascript; charset=utf-8",
            "view.js", "text/javascript; charset=utf-8");

    private final Map<String, Response> byPath = new HashMap<>();

    StaticFiles() {
        MEDIA_TYPES.forEach((name, mediaType) -> byPath.put(
                "/" + name,
                Response.of(200, new FileContent(mediaType, read(name))).with("Cache-Control", "public, max-age=300")));
        // The page's own address carries a token at first: it is nothing for a shared cache to keep.
        Response page = Objects.requireNonNull(byPath.get("/index.html")).with("Cache-Control", "private, no-cache");
        byPath.put("/", page);
        byPath.put("/index.html", page);
    }

    Optional<Response> at(String path) {
        return Optional.ofNullable(byPath.get(path));
    }

    private static byte[] read(String name) {
        try (InputStream in = StaticFiles.class.getResourceAsStream("/web/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class FileContent implements Content {

        private final String mediaType;
        private final byte[] bytes;

        FileContent(String mediaType, byte[] bytes) {
            this.mediaType = mediaType;
            this.bytes = bytes;
        }

        @Override
        public String mediaType() {
            return mediaType;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(bytes);
        }
    }
}
