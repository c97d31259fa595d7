package cloud.dumont.economy.pricing.feed;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text as sellers send it: UTF-8, with or without its mark. Anything else is refused, never replaced. */
final class FeedText {

    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private FeedText() {}

    /** A reader that throws {@link java.nio.charset.CharacterCodingException} at what is no text. */
    static Reader utf8(InputStream in) throws IOException {
        PushbackInputStream peeked = new PushbackInputStream(in, MARK.length);
        byte[] first = peeked.readNBytes(MARK.length);
        if (!Arrays.equals(first, MARK)) {
            peeked.unread(first);
        }
        return new InputStreamReader(
                peeked,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }
}
