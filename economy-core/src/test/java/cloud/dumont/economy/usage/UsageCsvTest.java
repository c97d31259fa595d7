package cloud.dumont.economy.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.Region;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageCsvTest {

    private static final String HEADER =
            "account_id,instance_id,gpu_model,gpu_count,vcpus,memory_gib,region,usd_per_hour,state,started_at,ended_at";
    private static final String GOOD =
            "acme,vm-1,T4,1,4,16,us-east,0.20,running,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z";
    private static final String ALSO_GOOD =
            "acme,vm-2,T4,1,4,16,us-east,0.20,idle,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z";

    @TempDir
    Path folder;

    private Path file(String name, String... lines) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    }

    private UsageCsv read(String... lines) throws IOException {
        return UsageCsv.read(List.of(file("usage.csv", lines)));
    }

    @Test
    void read_fullLine_isTheFact() throws IOException {
        UsageCsv usage = read(HEADER, GOOD);

        assertThat(usage.refused()).isEmpty();
        assertThat(usage.intervals())
                .containsExactly(UsageInterval.between(
                        Instance.builder(AccountId.of("acme"), "vm-1")
                                .gpu("T4", 1)
                                .vcpus(new BigDecimal("4"))
                                .memoryGib(new BigDecimal("16"))
                                .region(Region.of("us-east"))
                                .rate(HourlyRate.usd("0.2"))
                                .build(),
                        InstanceState.RUNNING,
                        Instant.parse("2026-01-01T00:00:00Z"),
                        Instant.parse("2026-01-01T01:00:00Z")));
    }

    @Test
    void read_gpuMemoryAndCards_whereTheFileHasThem() throws IOException {
        UsageCsv usage = read(
                HEADER + ",gpu_memory_gib,physical_gpus",
                "acme,vm-1,Tesla-V100-SHARED,4,,,,,running,2026-01-01T00:00:00Z,,31.75,1",
                "acme,vm-2,T4,1,,,,,running,2026-01-01T00:00:00Z,,,",
                "acme,vm-3,T4,1,,,,,running,2026-01-01T00:00:00Z,,0,",
                "acme,vm-4,T4,1,,,,,running,2026-01-01T00:00:00Z,,,2");

        assertThat(usage.intervals())
                .extracting(UsageInterval::instance)
                .containsExactly(
                        Instance.builder(AccountId.of("acme"), "vm-1")
                                .gpu("Tesla-V100-SHARED", 4)
                                .gpuMemoryMib(32_512)
                                .physicalGpus(1)
                                .build(),
                        Instance.builder(AccountId.of("acme"), "vm-2")
                                .gpu("T4", 1)
                                .build());
        assertThat(usage.refused().get(0).reason()).contains("gpu_memory_gib", "0.001 to 16,384 GiB");
        assertThat(usage.refused().get(1).reason()).contains("physical GPUs must be at most the GPU count");
    }

    @Test
    void read_anythingButUtf_isRefusedByFileAndLine() throws IOException {
        Path latin1 = Files.write(
                folder.resolve("latin1.csv"),
                (HEADER + "\n" + GOOD.replace("acme", "acmé") + "\n").getBytes(StandardCharsets.ISO_8859_1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> UsageCsv.read(List.of(latin1)))
                .withMessageContaining("latin1.csv: line 2 is not UTF-8 (byte 0xE9)");
        Path utf16 = Files.write(
                folder.resolve("utf16.csv"),
                ("\uFEFF" + HEADER + "\n" + GOOD + "\n").getBytes(StandardCharsets.UTF_16LE));
        assertThat(UsageCsv.read(List.of(utf16)).intervals())
                .isEqualTo(read(HEADER, GOOD).intervals());
    }

    @Test
    void read_numberOfAMillionDigits_isRefusedAtOnceAndNotRepeated() throws IOException {
        UsageCsv usage = read(HEADER, GOOD.replace("0.20", "1".repeat(1_000_000)));

        assertThat(usage.refused().get(0).reason())
                .contains("usd_per_hour '111")
                .hasSizeLessThan(300);
    }

    @Test
    void read_blankFields_areUnknownAndOpen() throws IOException {
        UsageCsv usage = read(HEADER, "acme,vm-1,,0.46,3.5,,,,Running,2026-01-01T00:00:00Z,");

        assertThat(usage.refused()).isEmpty();
        UsageInterval interval = usage.intervals().get(0);
        assertThat(interval.isOpen()).isTrue();
        assertThat(interval.instance())
                .isEqualTo(Instance.builder(AccountId.of("acme"), "vm-1")
                        .gpuCount(GpuCount.parse("0.46"))
                        .vcpus(new BigDecimal("3.5"))
                        .build());
        assertThat(interval.instance().rate()).isEqualTo(Optional.empty());
    }

    @Test
    void read_columnsInAnotherOrderAndOnesItDoesNotKnow_areFine() throws IOException {
        UsageCsv usage = read(
                "note,ended_at,started_at,state,usd_per_hour,region,memory_gib,vcpus,gpu_count,gpu_model,instance_id,account_id",
                "x,2026-01-01T01:00:00Z,2026-01-01T00:00:00Z,running,0.20,us-east,16,4,1,T4,vm-1,acme");

        assertThat(usage.intervals()).isEqualTo(read(HEADER, GOOD).intervals());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "acme,vm-3,T4,1,4,16,r,0.20,paused,2026-01-01T00:00:00Z, | 'paused'",
                "acme,vm-3,T4,1,4,16,r,0.20,,2026-01-01T00:00:00Z, | unknown state ''",
                "acme,vm-3,T4,1,4,16,r,-0.20,running,2026-01-01T00:00:00Z, | usd_per_hour must be 0 or more, not -0.20",
                "acme,vm-3,T4,1,4,16,r,free,running,2026-01-01T00:00:00Z, | usd_per_hour 'free'",
                "acme,vm-3,T4,1,4,16,r,1e-30,running,2026-01-01T00:00:00Z, | usd_per_hour 1E-30 is below a nano-dollar",
                "acme,vm-3,T4,1,4,16,r,0.0000000009,running,2026-01-01T00:00:00Z, | is below a nano-dollar",
                "acme,vm-3,T4,1,4,16,r,NaN,running,2026-01-01T00:00:00Z, | usd_per_hour 'NaN' is not a number",
                "acme,vm-3,T4,1,4,16,r,٢,running,2026-01-01T00:00:00Z, | usd_per_hour '٢' is not a number",
                "acme,vm-3,T4,١,4,16,r,2,running,2026-01-01T00:00:00Z, | '١' is not a GPU count",
                "acme,vm-3,T4,1,4,16,r,0.20,running,0001-01-01T00:00:00Z,2026-01-01T01:00:00Z | started_at 0001-01-01T00:00:00Z lies before 2000",
                "acme,vm-3,T4,1,4,16,r,0.20,running,1999-12-31T23:59:59Z, | lies before 2000-01-01T00:00:00Z",
                "acme,vm-3,T4,1,4,16,r,0.20,running,1970-01-01T00:00:00Z,1970-01-01T01:00:00Z | started_at 1970",
                "\u00A0acme,vm-3,T4,1,4,16,r,0.20,running,2026-01-01T00:00:00Z, | an account id holds no blank at its ends but a plain one; this one has U+00A0",
                "acme,vm-3\u200B,T4,1,4,16,r,0.20,running,2026-01-01T00:00:00Z, | this one has U+200B",
                "acme,v\u202Em-3,T4,1,4,16,r,0.20,running,2026-01-01T00:00:00Z, | this one has U+202E",
                "acme,vm-3,T4,1,4,16,r,1e10,running,2026-01-01T00:00:00Z, | usd_per_hour",
                "acme,vm-3,T4,1,4,16,r,1e999999999,running,2026-01-01T00:00:00Z, | usd_per_hour",
                "acme,vm-3,T4,1,4,16,r,-1e999999999,running,2026-01-01T00:00:00Z, | usd_per_hour",
                "acme,vm-3,T4,1,4,16,r,0.20,running,2026-01-01T02:00:00Z,2026-01-01T01:00:00Z | lies before the start",
                "acme,vm-3,T4,1,4,16,r,0.20,running,yesterday, | started_at 'yesterday'",
                "acme,vm-3,T4,1,4,16,r,0.20,running,, | started_at ''",
                "acme,vm-3,T4,1,4,16,r,0.20,running,2026-01-01 00:00:00, | started_at '2026-01-01 00:00:00'",
                "acme,vm-3,T4,1,4,16,r,0.20,running,2026-02-30T00:00:00Z, | started_at '2026-02-30T00:00:00Z'",
                "acme,vm-3,T4,1,4,16,r,0.20,running,2026-01-01T00:00:00Z,never | ended_at 'never'",
                ",vm-3,T4,1,4,16,r,0.20,running,2026-01-01T00:00:00Z, | account id",
                "acme,,T4,1,4,16,r,0.20,running,2026-01-01T00:00:00Z, | instance id",
                "acme, ,T4,1,4,16,r,0.20,running,2026-01-01T00:00:00Z, | instance id",
                "acme,vm-3,T4,0,4,16,r,0.20,running,2026-01-01T00:00:00Z, | GPU count '0'",
                "acme,vm-3,T4,-1,4,16,r,0.20,running,2026-01-01T00:00:00Z, | GPU count '-1'",
                "acme,vm-3,T4,x,4,16,r,0.20,running,2026-01-01T00:00:00Z, | 'x' is not a GPU count",
                "acme,vm-3,T4,,4,16,r,0.20,running,2026-01-01T00:00:00Z, | '' is not a GPU count",
                "acme,vm-3,T4,0.0000001,4,16,r,0.20,running,2026-01-01T00:00:00Z, | '0.0000001'",
                "acme,vm-3,T4,1e2147483647,4,16,r,0.20,running,2026-01-01T00:00:00Z, | '1e2147483647'",
                "acme,vm-3,T4,1,four,16,r,0.20,running,2026-01-01T00:00:00Z, | vcpus 'four'",
                "acme,vm-3,T4,1,4,much,r,0.20,running,2026-01-01T00:00:00Z, | memory_gib 'much'",
                "acme,vm-1,T4,1,4,16,us-east,0.20,idle,2026-01-01T00:59:59Z,2026-01-01T02:00:00Z | usage disagrees",
                "acme,vm-1,T4,1,4,16,us-east,0.21,running,2026-01-01T00:30:00Z,2026-01-01T00:31:00Z | usage disagrees",
                "acme,vm-1,T4,1,4,16,us-east,0.20,running | 9 fields instead of 11",
                "acme,vm-3,T4,1,4,16,r,0.20,running,2026-01-01T00:00:00Z,,surplus | 12 fields instead of 11",
                "what is this | 1 fields instead of 11"
            })
    void read_badLine_isRefusedWithFileNumberAndReasonAndTheGoodStay(String line, String reason) throws IOException {
        UsageCsv usage = read(HEADER, GOOD, line, ALSO_GOOD);

        assertThat(usage.refused()).singleElement().satisfies(refused -> {
            assertThat(refused.file()).isEqualTo(folder.resolve("usage.csv"));
            assertThat(refused.line()).isEqualTo(3);
            assertThat(refused.reason()).contains(reason);
        });
        assertThat(usage.intervals()).isEqualTo(read(HEADER, GOOD, ALSO_GOOD).intervals());
    }

    @Test
    void read_disagreeingOverlap_namesBoth() throws IOException {
        UsageCsv usage = read(HEADER, GOOD, GOOD.replace("running", "stopped"));

        assertThat(usage.refused().get(0).reason()).contains("RUNNING", "STOPPED", "vm-1");
    }

    @Test
    void read_lineWithBreaksInAQuotedField_laterNumbersStayRight() throws IOException {
        UsageCsv usage = read(HEADER, GOOD.replace("us-east", "\"\nus-east\""), "", "nonsense", ALSO_GOOD);

        assertThat(usage.refused()).extracting(UsageCsv.Refused::line).containsExactly(5L);
        assertThat(usage.intervals()).hasSize(2);
    }

    @Test
    void read_sameLineTwice_isNoConflict() throws IOException {
        assertThat(read(HEADER, GOOD, GOOD).refused()).isEmpty();
    }

    @Test
    void read_severalFiles_areOne() throws IOException {
        Path first = file("1.csv", HEADER, GOOD);
        Path second = file("2.csv", HEADER, ALSO_GOOD, GOOD.replace("running", "idle"));
        UsageCsv usage = UsageCsv.read(List.of(first, second));

        assertThat(usage.intervals()).hasSize(2);
        assertThat(usage.refused()).singleElement().satisfies(refused -> {
            assertThat(refused.file()).isEqualTo(second);
            assertThat(refused.line()).isEqualTo(3);
        });
    }

    @Test
    void read_windowsLineEnds_areFine() throws IOException {
        Path file = Files.writeString(folder.resolve("w.csv"), HEADER + "\r\n" + GOOD + "\r\n");

        assertThat(UsageCsv.read(List.of(file)).intervals())
                .isEqualTo(read(HEADER, GOOD).intervals());
    }

    /** Spreadsheets put a byte order mark before UTF-8. */
    @Test
    void read_byteOrderMark_isNotPartOfTheFirstColumn() throws IOException {
        assertThat(read("\uFEFF" + HEADER, GOOD).intervals())
                .isEqualTo(read(HEADER, GOOD).intervals());
    }

    @ParameterizedTest
    @ValueSource(strings = {"account_id", "gpu_count", "usd_per_hour", "ended_at"})
    void read_missingColumn_refusesTheFileAndNamesTheColumn(String column) {
        String header = HEADER.replace(column, "other");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(header, GOOD))
                .withMessageContaining("usage.csv")
                .withMessageContaining("[" + column + "]");
    }

    @Test
    void read_missingColumnWithoutLines_refusesTheFileToo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("account_id,instance_id"))
                .withMessageContaining("usage.csv")
                .withMessageContaining("ended_at");
    }

    @Test
    void read_emptyFile_isNoUsageCsv() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UsageCsv.read(List.of(Files.writeString(folder.resolve("empty.csv"), ""))))
                .withMessageContaining("empty.csv");
    }

    @Test
    void read_headerAlone_isNoUsage() throws IOException {
        assertThat(read(HEADER).intervals()).isEmpty();
        assertThat(read(HEADER).refused()).isEmpty();
    }

    @Test
    void read_fileThatIsNotThere_isAnInputError() {
        assertThatThrownBy(() -> UsageCsv.read(List.of(folder.resolve("none.csv"))))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("none.csv");
    }

    @Test
    void read_bytesThatAreNoText_areRefusedNotMisread() throws IOException {
        Path file = folder.resolve("binary.csv");
        Files.write(file, new byte[] {'a', ',', '"', 0, (byte) 0xFF, (byte) 0xFE, '\n', '"', 'x'});

        assertThatThrownBy(() -> UsageCsv.read(List.of(file))).hasMessageContaining("binary.csv");
    }
}
