package cloud.dumont.economy.pricing.feed;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;

/** Refuses to give more bytes than any list of its kind has: a few kilobytes of gzip may hold gigabytes. */
final class LimitedStream extends FilterInputStream {

    /** There was more than allowed. */
    static final class TooLargeException extends IOException {

        @Serial
        private static final long serialVersionUID = 1L;

        TooLargeException(long most) {
            super("it has more than " + most + " bytes");
        }
    }

    private final long most;
    private long count;

    LimitedStream(InputStream in, long most) {
        super(in);
        this.most = most;
    }

    @Override
    public int read() throws IOException {
        int next = super.read();
        if (next >= 0) {
            counted(1);
        }
        return next;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        int read = super.read(target, from, length);
        if (read > 0) {
            counted(read);
        }
        return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
        return counted(super.skip(Math.min(bytes, most - count + 1)));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** Whoever opened what is below closes it: parsers close what they have read, but the rest is to be looked at too. */
    @Override
    public void close() {}

    private long counted(long read) throws IOException {
        count += read;
        if (count > most) {
            throw new TooLargeException(most);
        }
        return read;
    }
}
