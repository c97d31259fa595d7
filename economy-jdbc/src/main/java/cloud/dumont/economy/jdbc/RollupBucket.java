package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.equivalence.Tier;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;

/**
 * What a row of {@code savings_history} speaks of, within its {@link RollupKey}.
 *
 * @param span how much time, of UTC
 * @param start when it begins, in seconds since 1970; {@link #EVER} for all time
 * @param gpu the GPU's name as the table holds it
 * @param tier what the sums rest on
 */
record RollupBucket(RollupSpan span, long start, String gpu, Tier tier) implements Comparable<RollupBucket> {

    static final long HOUR = 3600;
    static final long DAY = 24 * HOUR;

    /** Before all months that partitions are made of. */
    static final long EVER = -1;

    private static final Comparator<RollupBucket> ORDER = Comparator.comparing(RollupBucket::span)
            .thenComparing(RollupBucket::start)
            .thenComparing(RollupBucket::gpu)
            .thenComparing(RollupBucket::tier);

    /** What the column takes, and MariaDB in a key. */
    private static final int LONGEST_NAME = 200;

    private static final int HASH_BYTES = 8;

    static RollupBucket ofHour(long start, String gpu, Tier tier) {
        return new RollupBucket(RollupSpan.HOUR, start, stored(gpu), tier);
    }

    /** The day that an hour belongs to. */
    RollupBucket day() {
        return new RollupBucket(RollupSpan.DAY, floor(start, DAY), gpu, tier);
    }

    /** All time, which every hour belongs to. */
    RollupBucket lifetime() {
        return new RollupBucket(RollupSpan.LIFETIME, EVER, gpu, tier);
    }

    static long floor(long second, long length) {
        return Math.floorDiv(second, length) * length;
    }

    /** A name that nobody knows may be of any length: cut, and told apart from others that begin alike. */
    private static String stored(String gpu) {
        if (gpu.length() <= LONGEST_NAME) {
            return gpu;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(gpu.getBytes(StandardCharsets.UTF_8));
            String suffix = ".." + HexFormat.of().formatHex(hash, 0, HASH_BYTES);
            int end = LONGEST_NAME - suffix.length();
            return gpu.substring(0, Character.isHighSurrogate(gpu.charAt(end - 1)) ? end - 1 : end) + suffix;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public int compareTo(RollupBucket other) {
        return ORDER.compare(this, other);
    }
}
