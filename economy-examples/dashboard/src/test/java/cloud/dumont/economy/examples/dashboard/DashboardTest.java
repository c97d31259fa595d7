package cloud.dumont.economy.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The program in a process of its own: what it prints, and how it ends. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no SIGTERM")
class DashboardTest {

    private static final int DEADLINE_SECONDS = 60;
    private static final int ENDED_BY_SIGTERM = 143;

    @TempDir
    private Path folder;

    private Process process;

    private void run(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                Dashboard.class.getName()));
        command.addAll(List.of(args));
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    @AfterEach
    void stop() {
        process.destroyForcibly();
    }

    @Test
    void onePrintedAddressAnswersUntilTheProgramIsToldToStop() throws Exception {
        run("--offline", "--port", "0");
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String address = out.readLine();
        assertThat(address).matches("http://localhost:[0-9]+/\\?token=.+");

        HttpResponse<String> page = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(folder.resolve("economy-data/demo.mv.db")).exists();

        // Process.destroy would close the pipe that is read below.
        process.toHandle().destroy();
        assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(ENDED_BY_SIGTERM);
        assertThat(out.readLine()).isNull();
        assertThat(folder.resolve("err")).isEmptyFile();
    }

    @Test
    void wrongOptionsEndWithStatusTwo() throws Exception {
        run("--prot", "0");

        assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(Files.readString(folder.resolve("err"))).contains("--prot", "--port");
    }

    @Test
    void whyItDoesNotStartIsOneLine() throws Exception {
        run("--tokens", "nowhere");

        assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(folder.resolve("err"))
                .content()
                .startsWith("economy-dashboard: ")
                .contains("nowhere")
                .hasLineCount(1);
    }
}
