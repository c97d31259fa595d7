package cloud.dumont.economy.examples.dashboard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * What is sent back, whole: every list is paged and every history bounded, so an answer fits the memory, its length is known before the
 * first byte, and it never breaks off in its middle. Immutable.
 */
final class Response {

    /** What is shorter gains nothing. */
    private static final int WORTH_PACKING = 1_024;

    private static final int TAG_BYTES = 16;

    private final int status;
    private final Map<String, String> headers;
    private final Optional<String> mediaType;
    private final byte[] body;

    private Response(int status, Map<String, String> headers, Optional<String> mediaType, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.mediaType = mediaType;
        this.body = body;
    }

    int status() {
        return status;
    }

    /** Its own headers; those that every response has are added when it is sent. */
    Map<String, String> headers() {
        return headers;
    }

    /** What the body is; empty where there is none. */
    Optional<String> mediaType() {
        return mediaType;
    }

    int length() {
        return body.length;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(body);
    }

    static Response of(int status, Content content) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            content.writeTo(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Response(status, content.headers(), Optional.of(content.mediaType()), body.toByteArray());
    }

    static Response empty(int status) {
        return new Response(status, Map.of(), Optional.empty(), new byte[0]);
    }

    Response with(String name, String value) {
        return with(Map.of(name, value));
    }

    Response with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(more);
        return new Response(status, all, mediaType, body);
    }

    /** With a name for exactly these bytes, and without them where the caller has them already. */
    Response tagged(Call call) {
        if (status != 200) {
            return this;
        }
        String tag = '"' + HexFormat.of().formatHex(Arrays.copyOf(Sha256.of(body), TAG_BYTES)) + '"';
        Response tagged = with("ETag", tag);
        return isNamed(tag, call.headers("If-None-Match"))
                ? new Response(304, tagged.headers, Optional.empty(), new byte[0])
                : tagged;
    }

    /** Packed, where the caller takes that and it is worth it. The tag then names the packed bytes. */
    Response packed(Call call) {
        if (body.length < WORTH_PACKING || !takesGzip(call)) {
            return this;
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream(body.length / 4);
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Response(status, headers, mediaType, packed.toByteArray()).with("Content-Encoding", "gzip");
    }

    private static boolean isNamed(String tag, List<String> ifNoneMatch) {
        return ifNoneMatch.stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(String::strip)
                .map(asked -> asked.startsWith("W/") ? asked.substring(2) : asked)
                .anyMatch(asked -> asked.equals("*") || asked.equals(tag));
    }

    private static boolean takesGzip(Call call) {
        return call.headers("Accept-Encoding").stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(String::strip)
                .anyMatch(coding -> coding.equalsIgnoreCase("gzip")
                        || (coding.regionMatches(true, 0, "gzip;", 0, 5)
                                && !coding.replace(" ", "").matches("(?i)gzip;q=0(\\.0*)?")));
    }
}
