package cloud.dumont.economy.examples.dashboard;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long a content is, and a name for exactly these bytes.
 *
 * @param length in bytes
 * @param entityTag a strong ETag, with its quotes
 */
record Measure(long length, String entityTag) {

    private static final int ENOUGH_BYTES = 16;

    static Measure of(Content content) throws IOException {
        Meter meter = new Meter();
        content.writeTo(meter);
        byte[] digest = Arrays.copyOf(meter.digest.digest(), ENOUGH_BYTES);
        return new Measure(meter.length, '"' + HexFormat.of().formatHex(digest) + '"');
    }

    /** Whether the caller has these very bytes already, by its If-None-Match. */
    boolean matches(@Nullable List<String> ifNoneMatch) {
        return ifNoneMatch != null
                && ifNoneMatch.stream()
                        .flatMap(line -> Arrays.stream(line.split(",")))
                        .map(String::strip)
                        .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
                        .anyMatch(tag -> tag.equals("*") || tag.equals(entityTag));
    }

    private static final class Meter extends OutputStream {

        private final MessageDigest digest = Sha256.digest();
        private long length;

        @Override
        public void write(int oneByte) {
            digest.update((byte) oneByte);
            length++;
        }

        @Override
        public void write(byte[] bytes, int offset, int count) {
            digest.update(bytes, offset, count);
            length += count;
        }
    }
}
