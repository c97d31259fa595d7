package cloud.dumont.economy;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.testing.QuickSuite;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No number that a machine reads depends on the locale: Arabic and Persian have digits of their own, Turkish an i of its own. */
class LocaleTest {

    @ParameterizedTest
    @ValueSource(strings = {"ar-EG", "fa-IR", "tr-TR"})
    void quickSuite_inAnotherLocaleAndEncoding_passes(String tag) throws IOException, InterruptedException {
        Locale locale = Locale.forLanguageTag(tag);
        ProcessBuilder jvm = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1", // short runs: compiling well takes longer than it spares
                        "-XX:+UseSerialGC",
                        "-Duser.language=" + locale.getLanguage(),
                        "-Duser.country=" + locale.getCountry(),
                        "-Dfile.encoding=US-ASCII",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        QuickSuite.class.getName()))
                .redirectErrorStream(true);
        jvm.environment().put("LC_ALL", "C");
        Process running = jvm.start();
        String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(running.waitFor()).as(said).isZero();
        assertThat(said.lines().filter(line -> line.startsWith("succeeded: ")).findFirst())
                .as(said)
                .hasValueSatisfying(line -> assertThat(Integer.parseInt(line.substring("succeeded: ".length())))
                        .isGreaterThan(1_000));
    }
}
