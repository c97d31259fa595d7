package cloud.dumont.economy.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.examples.cli.CommandLineTest.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/explanations.md shows is what the commands print. */
class ExplanationsDocTest {

    private static final Path DOC = Path.of("../../docs/explanations.md");
    private static final Pattern USAGE = Pattern.compile("```csv\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SHOWN =
            Pattern.compile("```console\n\\$ economy-cli ((?:[^\n]*\\\\\n)*[^\n]*)\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    @Test
    void everyCommandShown_printsWhatIsShown() throws IOException {
        String doc = Files.readString(DOC);
        List<String> usage =
                USAGE.matcher(doc).results().map(found -> found.group(1)).toList();
        assertThat(usage).hasSize(1);
        Files.writeString(folder.resolve("usage.csv"), usage.get(0));
        List<MatchResult> shown = SHOWN.matcher(doc).results().toList();
        assertThat(shown).hasSizeGreaterThanOrEqualTo(4);
        for (MatchResult command : shown) {
            String words = command.group(1).replace("\\\n", " ");
            int redirection = words.indexOf('>');
            Run run = CommandLineTest.run(Arrays.stream((redirection < 0 ? words : words.substring(0, redirection))
                            .strip()
                            .split("\\s+"))
                    .map(word -> word.endsWith(".csv") || word.endsWith(".json") ? folder.resolve(word) : word)
                    .toArray());
            if (redirection >= 0) {
                Files.writeString(
                        folder.resolve(words.substring(redirection + 1).strip()), run.out());
            } else {
                assertThat(run.out().replace(System.lineSeparator(), "\n"))
                        .as(words)
                        .isEqualTo(command.group(2));
            }
        }
    }
}
