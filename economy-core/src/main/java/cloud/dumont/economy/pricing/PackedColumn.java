package cloud.dumont.economy.pricing;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Numbers in as few bits as their range needs, such as days or row numbers: none at all where every number is the same. Any long
 * may be among them.
 */
final class PackedColumn {

    private final long least;
    private final int bits;
    private final long mask;
    private final long[] words;

    private PackedColumn(long least, int bits, long[] words) {
        this.least = least;
        this.bits = bits;
        this.mask = bits == 0 ? 0 : -1L >>> (64 - bits);
        this.words = words;
    }

    static PackedColumn of(long... values) {
        if (values.length == 0) {
            return new PackedColumn(0, 0, new long[2]);
        }
        long least = values[0];
        long greatest = values[0];
        for (long value : values) {
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        int bits = 64 - Long.numberOfLeadingZeros(greatest - least); // right for any two longs: 64 where it wraps
        // One word more than needed: where a number ends with its word, get() reads the next one all the same.
        long[] words = new long[Math.toIntExact((long) values.length * bits / 64 + 2)];
        long at = 0;
        for (int row = 0; bits > 0 && row < values.length; row++) {
            long number = values[row] - least;
            int word = (int) (at >>> 6);
            int shift = (int) at & 63;
            words[word] |= number << shift;
            words[word + 1] |= carried(number, shift);
            at += bits;
        }
        return new PackedColumn(least, bits, words);
    }

    /** What of a number lies past the end of its word; in two steps, for a shift by 64 would be none. */
    private static long carried(long number, int shift) {
        return number >>> 1 >>> (63 - shift);
    }

    /** The number in a row; rows beyond the last have none, and are not told apart. */
    long get(int row) {
        long at = (long) row * bits;
        int word = (int) (at >>> 6);
        int shift = (int) at & 63;
        return least + (((words[word] >>> shift) | (words[word + 1] << 1 << (63 - shift))) & mask);
    }

    /** The numbers of the first rows. */
    long[] toArray(int rows) {
        long[] values = new long[rows];
        for (int row = 0; row < rows; row++) {
            values[row] = get(row);
        }
        return values;
    }

    /** Writes the numbers as they lie here: their least, how many bits each has, and the words. */
    void writeTo(DataOutputStream out) throws IOException {
        out.writeLong(least);
        out.writeInt(bits);
        out.writeInt(words.length);
        for (long word : words) {
            out.writeLong(word);
        }
    }

    /**
     * Reads what {@link #writeTo} wrote.
     *
     * @throws IllegalArgumentException if it is not a column of that many rows
     */
    static PackedColumn read(ByteBuffer in, int rows) {
        if (in.remaining() < Long.BYTES + 2 * Integer.BYTES) {
            throw new IllegalArgumentException("a column is cut off");
        }
        long least = in.getLong();
        int bits = in.getInt();
        int length = in.getInt();
        if (bits < 0
                || bits > Long.SIZE
                || length != (long) rows * bits / Long.SIZE + 2
                || (long) length * Long.BYTES > in.remaining()) {
            throw new IllegalArgumentException(
                    "a column of " + rows + " rows of " + bits + " bits does not have " + length + " words");
        }
        long[] words = new long[length];
        in.asLongBuffer().get(words);
        in.position(in.position() + Long.BYTES * length);
        return new PackedColumn(least, bits, words);
    }
}
