package cloud.dumont.economy.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class QuickstartTest {

    @Test
    void main_printsWhatOneRtx4090SavesAgainstAws() {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            Quickstart.main(new String[0]);
        } finally {
            System.setOut(console);
        }

        // 1.861 - 0.44 USD/h; two hours of it, and at most some seconds more while the program runs
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .containsPattern("Saved 2\\.84\\d+ USD, and 1\\.421 USD/h goes on\\.")
                .contains("AWS g6e.xlarge in us-east-1 (1 x L40S)")
                .contains("read on 2026-09-29");
    }

    @Test
    void readme_showsThisVeryProgram() throws IOException {
        String readme = Files.readString(Path.of("../../README.md"));
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme);

        assertThat(block.find()).as("the README has a java block").isTrue();
        String program =
                Files.readString(Path.of("src/main/java/cloud/dumont/economy/examples/quickstart/Quickstart.java"));
        assertThat(program.substring(program.indexOf("import "))).isEqualTo(block.group(1));
    }
}
