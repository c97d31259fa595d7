package cloud.dumont.economy.pricing.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The largest region of AWS, 450 MB, in a Java of 64 MiB: what is kept of a file does not grow with it. */
@Tag("full")
class LargeOfferTest {

    @ParameterizedTest
    @ValueSource(strings = {"JSON", "CSV"})
    void largestRegion_isReadWithin64MiB(String format) throws IOException, InterruptedException {
        String classes = Stream.of("java.class.path", "jdk.module.path", "surefire.test.class.path")
                .map(System::getProperty)
                .filter(Objects::nonNull)
                .filter(path -> !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator, "target/test-classes" + File.pathSeparator, ""));
        Process reader = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx64m",
                        "-cp",
                        classes,
                        LargeOffer.class.getName(),
                        format,
                        "450")
                .redirectErrorStream(true)
                .start();
        String said = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(reader.waitFor()).as(said).isZero();
        assertThat(said)
                .containsPattern(format.equals("CSV") ? "1 prices of [0-9]+ entries in [0-9]{3} MB" : "2 prices of");
    }
}
