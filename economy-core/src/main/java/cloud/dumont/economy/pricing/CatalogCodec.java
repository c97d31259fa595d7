package cloud.dumont.economy.pricing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The catalog's own compact file format, big endian:
 *
 * <pre>
 * magic "ECONCAT2"  version hash (16 bytes of the bodies' SHA-256)
 * per section, in the order of {@link Section}: length (int), CRC-32 (int)
 * the sections' bodies, column by column
 * </pre>
 *
 * Every number that names a row of another table is checked on reading, so that a damaged file is refused with the place of the
 * damage and never half understood.
 */
final class CatalogCodec {

    static final byte[] MAGIC = "ECONCAT2".getBytes(StandardCharsets.US_ASCII);
    static final int HASH_LENGTH = 16;
    static final int ABSENT = -1;

    /**
     * The largest file, in bytes: some 400,000 prices, thirty times those that come with the library. Whatever is written in so few bytes can
     * be refused with little memory.
     */
    static final int MOST_BYTES = 8 << 20;

    /** The numbers of {@link Trust} in files: append only, whatever order the enum takes. */
    static final List<Trust> TRUSTS = List.of(
            Trust.PRICE_LIST, Trust.HOST, Trust.UNRATED, Trust.COLLECTED, Trust.MARKET_OFFER, Trust.UNCONFIRMED);

    enum Section {
        STRINGS,
        SOURCES,
        PROVIDERS,
        REGIONS,
        TYPES,
        SKUS,
        PRICES
    }

    private CatalogCodec() {}

    /** A catalog's tables and the version they were written under. */
    record Decoded(CatalogTables tables, String version) {}

    static byte[] encode(CatalogTables tables) {
        try {
            return new CatalogWriter(tables).write();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail to be written
        }
    }

    /** The version of a list, which has 32 characters, with an overlay laid over it. */
    static String hash(String version, byte[] overlay) {
        byte[] hash = sha256(List.of(version.getBytes(StandardCharsets.UTF_8), overlay));
        return HexFormat.of().formatHex(hash, 0, HASH_LENGTH);
    }

    static byte[] sha256(List<byte[]> parts) {
        MessageDigest digest = sha256();
        parts.forEach(digest::update);
        return digest.digest();
    }

    static byte[] sha256(ByteBuffer content) {
        MessageDigest digest = sha256();
        digest.update(content);
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Reads a file, and believes nothing of it: its version is the hash that its content has. */
    static Decoded decode(byte[] file, String origin) {
        return new CatalogReader(file, origin).read();
    }

    static int crc(ByteBuffer body) {
        CRC32 crc = new CRC32();
        crc.update(body);
        return (int) crc.getValue();
    }
}
