package cloud.dumont.economy.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.usage.AccountId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileWatchTest {

    @TempDir
    private Path folder;

    @Test
    void tokensAreTakenAndStruckWithoutARestartAndAWrongFileChangesNothing() throws IOException {
        Path file = Files.writeString(folder.resolve("tokens"), "old acme\n");
        Tokens tokens = new Tokens(TokenFile.read(file));
        try (TokenFileWatch watch = TokenFileWatch.start(file, tokens)) {
            Files.writeString(file, "new acme\nother globex\n");
            watch.check();
            assertThat(tokens.account("old")).isEmpty();
            assertThat(tokens.account("new")).contains(AccountId.of("acme"));
            assertThat(tokens.account("other")).contains(AccountId.of("globex"));

            Files.writeString(file, "one-word-only\n");
            watch.check();
            Files.delete(file);
            watch.check();
            assertThat(tokens.account("new")).contains(AccountId.of("acme"));
        }
    }
}
