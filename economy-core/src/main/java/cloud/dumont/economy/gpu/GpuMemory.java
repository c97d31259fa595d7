package cloud.dumont.economy.gpu;

import cloud.dumont.economy.input.Given;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The memory of one whole GPU, as advertised (80 GiB) or as its driver reports it (81559 MiB, or 79.6 GiB). Whole MiB, as drivers
 * report it.
 *
 * <p>This class is immutable and thread-safe.
 *
 * @param mib how much, in MiB, 1 to 16,777,216 (16 TiB)
 */
public record GpuMemory(@JsonValue long mib) {

    private static final long MOST_MIB = 16L << 20;
    private static final BigDecimal MIB_PER_GIB = BigDecimal.valueOf(1024);

    /** What is outside is refused before it is multiplied: 1e999999999 must not become a gigabyte of digits. */
    private static final BigDecimal LEAST_GIB = new BigDecimal("0.001");

    private static final BigDecimal MOST_GIB = BigDecimal.valueOf(MOST_MIB / 1024);

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if it is not within 1 and 16,777,216 MiB
     */
    public GpuMemory {
        if (mib < 1 || mib > MOST_MIB) {
            throw new IllegalArgumentException(
                    "the memory of one GPU must be 1 to 16,777,216 MiB (16 TiB), not " + mib + " MiB");
        }
    }

    /**
     * So many MiB.
     *
     * @param mib 1 to 16,777,216
     * @return that memory
     * @throws IllegalArgumentException if it is out of range
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static GpuMemory ofMib(long mib) {
        return new GpuMemory(mib);
    }

    /**
     * So many GiB, rounded to the MiB.
     *
     * @param gib 0.001 to 16,384
     * @return that memory
     * @throws IllegalArgumentException if it is out of range
     */
    public static GpuMemory ofGib(BigDecimal gib) {
        if (gib.compareTo(LEAST_GIB) < 0 || gib.compareTo(MOST_GIB) > 0) {
            throw new IllegalArgumentException(
                    "the memory of one GPU must be 0.001 to 16,384 GiB, not " + Given.shown(gib) + " GiB");
        }
        return new GpuMemory(
                gib.multiply(MIB_PER_GIB).setScale(0, RoundingMode.HALF_EVEN).longValueExact());
    }

    /**
     * The same in GiB.
     *
     * @return exact, at most ten decimals, without trailing zeros
     */
    public BigDecimal gib() {
        return BigDecimal.valueOf(mib).divide(MIB_PER_GIB).stripTrailingZeros();
    }

    /** In MiB where it is no whole number of GiB: {@code 80 GiB}, {@code 81559 MiB}. */
    @Override
    public String toString() {
        return mib % 1024 == 0 ? mib / 1024 + " GiB" : mib + " MiB";
    }
}
