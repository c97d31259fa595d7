package cloud.dumont.economy.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is printed is UTF-8 whatever the locale: two ids stay two, and a receipt that was written into a file holds. */
class EncodingTest {

    @TempDir
    private Path folder;

    private Path run(int exit, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                EconomyCli.class.getName()));
        command.addAll(List.of(arguments));
        File out = folder.resolve("out").toFile();
        ProcessBuilder cli = new ProcessBuilder(command)
                .redirectOutput(out)
                .redirectError(folder.resolve("err").toFile());
        cli.environment().put("LC_ALL", "C");
        assertThat(cli.start().waitFor())
                .as(() -> folder.resolve("err").toFile().toString())
                .isEqualTo(exit);
        return out.toPath();
    }

    @Test
    void receipt_underLocaleC_keepsIdsApartAndHolds() throws IOException, InterruptedException {
        Path usage = folder.resolve("usage.csv");
        Files.writeString(usage, """
                account_id,instance_id,gpu_model,gpu_count,vcpus,memory_gib,region,usd_per_hour,state,started_at,ended_at
                a,máquina-漢,T4,1,,,,0.20,running,2026-07-01T00:00:00Z,2026-07-01T10:00:00Z
                a,máquina-字,T4,1,,,,0.20,running,2026-07-01T00:00:00Z,2026-07-01T10:00:00Z
                """);
        Path printed = run(
                0,
                "explain",
                "--usage",
                usage.toString(),
                "--provider",
                "aws",
                "--account",
                "a",
                "--until",
                "2026-08-01T00:00:00Z",
                "--json");
        Path receipt = Files.move(printed, folder.resolve("receipt.json"));

        assertThat(Files.readString(receipt, StandardCharsets.UTF_8)).contains("máquina-漢", "máquina-字");
        assertThat(Files.readString(run(0, "receipt", "verify", receipt.toString())))
                .contains("the receipt holds");
    }

    @Test
    void receipt_thatIsNoText_isRefusedByFileAndLine() throws IOException, InterruptedException {
        Path receipt = Files.write(
                folder.resolve("receipt.json"),
                "{\n\"facts\": {\"a\": \"máquina\"}}".getBytes(StandardCharsets.ISO_8859_1));

        run(EconomyCli.REFUSED, "receipt", "verify", receipt.toString());

        assertThat(Files.readString(folder.resolve("err"))).contains("receipt.json: not a receipt at line 2", "UTF-8");
    }
}
