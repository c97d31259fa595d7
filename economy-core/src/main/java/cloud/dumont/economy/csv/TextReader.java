package cloud.dumont.economy.csv;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Reads a text file: UTF-8, or UTF-16 where its mark says so. A mark at the start of a line is left out, as files that were put together
 * have. Anything else is refused by file and line, never replaced: two texts that differ would become one.
 *
 * <p>Not thread-safe.
 */
public final class TextReader extends Reader {

    private static final char MARK = '\uFEFF';
    private static final int SIZE = 1 << 13;
    private static final int LONGEST_MARK = 3;
    private static final String WHAT_TO_DO = "; save the file as UTF-8, or as UTF-16 with its byte order mark";

    private final Path file;
    private final InputStream in;
    private final Charset charset;
    private final CharsetDecoder decoder;
    private final ByteBuffer bytes = ByteBuffer.allocate(SIZE).flip();
    private final CharBuffer chars = CharBuffer.allocate(SIZE).flip();
    private boolean ended;
    private boolean startsLine;
    private char last;
    private long line = 1;

    private TextReader(Path file, InputStream in, Charset charset) {
        this.file = file;
        this.in = in;
        this.charset = charset;
        this.decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    /**
     * Opens a file.
     *
     * @param file a text file
     * @return its text without marks; reading throws {@link IllegalArgumentException}, naming file and line, at what is no text
     * @throws IOException if it cannot be read
     */
    public static TextReader open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), SIZE);
        try {
            return new TextReader(file, in, charset(in));
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** By the mark, which is read over. */
    private static Charset charset(InputStream in) throws IOException {
        in.mark(LONGEST_MARK);
        byte[] first = in.readNBytes(LONGEST_MARK);
        in.reset();
        if (begins(first, 0xEF, 0xBB, 0xBF)) {
            in.skipNBytes(LONGEST_MARK);
            return StandardCharsets.UTF_8;
        }
        if (begins(first, 0xFF, 0xFE)) {
            in.skipNBytes(2);
            return StandardCharsets.UTF_16LE;
        }
        if (begins(first, 0xFE, 0xFF)) {
            in.skipNBytes(2);
            return StandardCharsets.UTF_16BE;
        }
        return StandardCharsets.UTF_8;
    }

    private static boolean begins(byte[] first, int... mark) {
        if (first.length < mark.length) {
            return false;
        }
        for (int i = 0; i < mark.length; i++) {
            if ((first[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int read(char[] target, int from, int length) throws IOException {
        while (!chars.hasRemaining()) {
            if (!decode()) {
                return -1;
            }
        }
        int count = Math.min(length, chars.remaining());
        chars.get(target, from, count);
        return count;
    }

    /** Decodes some more, possibly nothing that stays; false at the end of the file. */
    private boolean decode() throws IOException {
        chars.clear();
        CoderResult result = decoder.decode(bytes, chars, ended);
        chars.flip();
        if (chars.hasRemaining()) {
            clean();
            return true;
        }
        if (result.isError()) {
            throw new IllegalArgumentException(file + ": line " + line + " is not " + charset + " (byte 0x"
                    + HexFormat.of().withUpperCase().toHexDigits(bytes.get(bytes.position())) + ")" + WHAT_TO_DO);
        }
        if (ended) {
            return false;
        }
        bytes.compact();
        int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
        ended = count < 0;
        bytes.position(bytes.position() + Math.max(0, count)).flip();
        return true;
    }

    /** Leaves out marks at the start of lines, and counts these. */
    private void clean() {
        char[] text = chars.array();
        int kept = 0;
        for (int i = 0; i < chars.limit(); i++) {
            char c = text[i];
            if (c == 0) {
                throw new IllegalArgumentException(file + ": line " + line + " holds U+0000" + WHAT_TO_DO);
            }
            if (c == MARK && startsLine) {
                startsLine = false;
                continue;
            }
            startsLine = c == '\n' || c == '\r';
            if (c == '\r' || (c == '\n' && last != '\r')) {
                line++;
            }
            last = c;
            text[kept++] = c;
        }
        chars.limit(kept);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
