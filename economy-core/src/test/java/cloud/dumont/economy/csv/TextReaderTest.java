package cloud.dumont.economy.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextReaderTest {

    private static final String TEXT = "account,máquina\r\nà,漢😀\n";

    @TempDir
    Path folder;

    private String read(byte[] bytes) throws IOException {
        try (TextReader reader = TextReader.open(Files.write(folder.resolve("text.csv"), bytes))) {
            StringWriter text = new StringWriter();
            reader.transferTo(text);
            return text.toString();
        }
    }

    private String read(String text, Charset charset) throws IOException {
        return read(text.getBytes(charset));
    }

    private void assertRefused(byte[] bytes, String... words) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(bytes))
                .withMessageContaining("text.csv: line ")
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
    }

    @Test
    void read_utf8OrUtf16ByItsMark_isTheText() throws IOException {
        assertThat(read(TEXT, StandardCharsets.UTF_8)).isEqualTo(TEXT);
        for (String charset : new String[] {"UTF-8", "UTF-16LE", "UTF-16BE"}) {
            assertThat(read("\uFEFF" + TEXT, Charset.forName(charset)))
                    .as(charset)
                    .isEqualTo(TEXT);
        }
        assertThat(read("", StandardCharsets.UTF_8)).isEmpty();
        assertThat(read("\uFEFF", StandardCharsets.UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8_190, 8_191, 8_192, 8_193, 100_000})
    void read_characterThatLiesAcrossBuffers_staysWhole(int before) throws IOException {
        String text = "x".repeat(before) + "😀漢é".repeat(9_000);

        assertThat(read(text, StandardCharsets.UTF_8)).isEqualTo(text);
        assertThat(read("\uFEFF" + text, StandardCharsets.UTF_16BE)).isEqualTo(text);
    }

    @Test
    void read_oneMarkAtTheStartOfALine_isLeftOut() throws IOException {
        assertThat(read("\uFEFFa\n\uFEFFb\r\uFEFFc\r\n\uFEFFd", StandardCharsets.UTF_8))
                .isEqualTo("a\nb\rc\r\nd");
        assertThat(read("a\uFEFFb\n\uFEFF\uFEFFc", StandardCharsets.UTF_8)).isEqualTo("a\uFEFFb\n\uFEFFc");
    }

    @Test
    void read_latin1_isRefusedByFileLineAndByte() {
        assertRefused(
                "a\nb\r\nmáquina\n".getBytes(StandardCharsets.ISO_8859_1),
                "line 3 is not UTF-8 (byte 0xE1)",
                "save the file");
        assertRefused(new byte[] {'a', '\n', (byte) 0xE6, (byte) 0xBC}, "line 2 is not UTF-8 (byte 0xE6)");
        assertRefused(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, "line 1 is not UTF-8"); // half of a pair
    }

    @Test
    void read_utf16WithoutMark_orBroken_isRefused() {
        assertRefused(
                "a,b\n".getBytes(StandardCharsets.UTF_16LE), "line 1 holds U+0000", "UTF-16 with its byte order mark");
        assertRefused("a,b\n".getBytes(StandardCharsets.UTF_16BE), "line 1 holds U+0000");
        byte[] halfAPair = {(byte) 0xFF, (byte) 0xFE, 'a', 0, '\n', 0, 0x3D, (byte) 0xD8};
        assertRefused(halfAPair, "line 2 is not UTF-16LE");
        assertRefused("a\n\u0000b".getBytes(StandardCharsets.UTF_8), "line 2 holds U+0000");
    }
}
