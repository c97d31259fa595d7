package cloud.dumont.economy.examples.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The pages, from the class path. It is a fixed list: no path of a request ever names a file. */
final class StaticFiles {

    private static final List<String> FILES = List.of(
            "favicon.svg",
            "style.css",
            "console.css",
            "widget.css",
            "api.js",
            "app.js",
            "chart.js",
            "console.js",
            "format.js",
            "tables.js",
            "ticker.js",
            "view.js",
            "widget-page.js",
            "words.js",
            "words-pt.js");

    private static final Map<String, String> PAGES = Map.of(
            "/", "index.html", "/index.html", "index.html", "/savings", "savings.html", "/widget", "widget.html");

    private static final Map<String, String> MEDIA_TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private final Map<String, Response> byPath = new HashMap<>();

    StaticFiles() {
        FILES.forEach(name -> byPath.put("/" + name, file(name)));
        // Pages of other sites load it as a module, which needs their browser's leave; it holds no secret.
        byPath.put("/widget.js", file("widget.js").with("Access-Control-Allow-Origin", "*"));
        // A page's own address carries a token at first: it is nothing for a shared cache to keep.
        PAGES.forEach((path, name) -> byPath.put(path, file(name).with("Cache-Control", "private, no-cache")));
    }

    Optional<Response> at(String path) {
        return Optional.ofNullable(byPath.get(path));
    }

    private static Response file(String name) {
        String type = Objects.requireNonNull(MEDIA_TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
        return Response.of(200, new FileContent(type, read(name)))
                // Asked for again each time, and answered by its tag: scripts of two versions never meet on one page.
                .with("Cache-Control", "public, no-cache")
                .with("Vary", "Accept-Encoding");
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
