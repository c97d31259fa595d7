package cloud.dumont.economy.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.dumont.economy.usage.AccountId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenFileTest {

    @TempDir
    private Path folder;

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("tokens"), content);
    }

    @Test
    void linesNameATokenAndItsAccount() throws IOException {
        Map<String, AccountId> tokens =
                TokenFile.read(file("# who may see what\n\n  abc-1=  acme  \nDEF.2\tAcme Research GmbH\n"));

        assertThat(tokens)
                .containsExactly(
                        Map.entry("abc-1=", AccountId.of("acme")),
                        Map.entry("DEF.2", AccountId.of("Acme Research GmbH")));
    }

    @ParameterizedTest
    @CsvSource({
        "'# x|secret', line 2, one word",
        "'secret acme|sec;ret acme', line 2, letters",
        "'secret acme|other acme|secret globex', line 3, earlier",
        "'# only a comment', tokens, no line TOKEN ACCOUNT"
    })
    void wrongLineIsNamedButNeverTold(String lines, String where, String why) throws IOException {
        Path file = file(lines.replace('|', '\n'));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenFile.read(file))
                .withMessageContainingAll(where, why)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret", "sec;ret"));
    }

    @Test
    void missingFileIsAnError() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> TokenFile.read(folder.resolve("nowhere")))
                .withMessageContaining("nowhere");
    }

    @Test
    void tokenMustMatchAsAWhole() {
        Tokens tokens = new Tokens(Map.of("abc", AccountId.of("acme"), "abcd", AccountId.of("globex")));

        assertThat(tokens.account("abc")).isEqualTo(Optional.of(AccountId.of("acme")));
        assertThat(tokens.account("abcd")).isEqualTo(Optional.of(AccountId.of("globex")));
        assertThat(tokens.account("ab")).isEmpty();
        assertThat(tokens.account("ABC")).isEmpty();
        assertThat(tokens.account("")).isEmpty();
    }

    @Test
    void generatedTokensDiffer() {
        assertThat(Tokens.generate()).matches("[A-Za-z0-9_-]{43}").isNotEqualTo(Tokens.generate());
    }
}
