package cloud.dumont.economy.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What can be said of the pages without a browser. */
class PagesTest {

    /** A first argument of {@code t}, as far as it is written out. */
    private static final Pattern SAID = Pattern.compile("\\bt\\((?:[^'()`]*\\? )?'([^']+)'(?: : '([^']+)')?");

    private static final Pattern WRITTEN = Pattern.compile(">([^<>]*[A-Za-z]{2}[^<>]*)(?<!&nbsp;)<");

    private static String file(String name) throws IOException {
        try (InputStream in = PagesTest.class.getResourceAsStream("/web/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static boolean knows(String dictionary, String word) {
        return dictionary.contains("'" + word + "':") || dictionary.contains("\n  " + word + ":");
    }

    @Test
    void everyWordIsThereInPortuguese() throws IOException {
        String dictionary = file("words-pt.js");
        List<String> words = new ArrayList<>();
        for (String script : List.of("app.js", "view.js", "tables.js", "chart.js", "console.js")) {
            Matcher said = SAID.matcher(file(script));
            while (said.find()) {
                words.add(said.group(1));
                if (said.group(2) != null) {
                    words.add(said.group(2));
                }
            }
        }
        for (String name : List.of("savings.html", "index.html", "widget.html")) {
            String page = file(name);
            Matcher written =
                    WRITTEN.matcher(page.substring(page.indexOf("<body>")).replaceAll("(?s)<!--.*?-->", ""));
            while (written.find()) {
                words.add(written.group(1).strip().replaceAll("\\s+", " "));
            }
        }

        assertThat(words).hasSizeGreaterThan(200);
        assertThat(words.stream()
                        .filter(word -> !knows(dictionary, word))
                        .filter(word -> !List.of(
                                        "AWS",
                                        "Azure",
                                        "Google Cloud",
                                        "English",
                                        "Português (Brasil)",
                                        "CSV",
                                        "GPU",
                                        "/ h")
                                .contains(word)))
                .isEmpty();
    }

    /** Sub-paths: no page and no script names an address from the root of the host. */
    @Test
    void addressesAreRelative() throws IOException {
        for (String name :
                List.of("index.html", "savings.html", "widget.html", "api.js", "widget.js", "app.js", "console.js")) {
            assertThat(file(name))
                    .as(name)
                    .doesNotContainPattern("(src|href)=\"/|['\"`]/api/|https?://(?!savings\\.example)");
        }
    }

    @Test
    void widgetIsOneSmallFileThatNeedsNothingElse() throws IOException {
        String widget = file("widget.js");

        assertThat(widget.getBytes(StandardCharsets.UTF_8).length).isLessThan(30 * 1024);
        assertThat(widget).doesNotContainPattern("(?m)^import ").doesNotContain("innerHTML", "getAttribute('token')");
    }
}
