package cloud.dumont.economy.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpuSpecCsvTest {

    private static final String HEADER = "gpu_model,vendor,architecture,release_year,memory_gib,memory_type,"
            + "memory_bandwidth_gbps,fp32_tflops,fp16_tensor_tflops_dense,tdp_watts,form_factor,source\n";
    private static final String T4 = "T4,NVIDIA,Turing,2018,16,GDDR6,320,8.1,65,70,PCIe,data sheet\n";

    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("gpus.csv"), text);
    }

    @Test
    void read_goodLine_takesTheCanonicalNameAndTheFigures() throws IOException {
        GpuSpecCsv specs = GpuSpecCsv.read(file(HEADER + T4 + "A100,NVIDIA,Ampere,2020,,HBM2,1555,,,400,,\"a, b\"\n"));

        assertThat(specs.refused()).isEmpty();
        assertThat(specs.models()).isEqualTo(2);
        assertThat(specs.table().lines())
                .containsExactly(
                        "model,figure,value,source",
                        "T4,memory_gib,16,data sheet",
                        "T4,memory_bandwidth_gbps,320,data sheet",
                        "T4,fp32_tflops,8.1,data sheet",
                        "T4,fp16_tensor_tflops_dense,65,data sheet",
                        "T4,form_factor,PCIe,data sheet",
                        "A100 SXM 40GB,memory_bandwidth_gbps,1555,\"a, b\"");
    }

    @Test
    void read_sourcesByColumn_goWithTheirFigures() throws IOException {
        GpuSpecCsv specs = GpuSpecCsv.read(file(HEADER
                + "T4,NVIDIA,Turing,2018,16,GDDR6,320,8.1,65,70,PCIe,a copy; not a test; fp32_tflops: X (1: 2); more of X;"
                + " tdp_watts: W; fp16_tensor_tflops_dense: Y; form_factor: Z\n"
                + "GB200,NVIDIA,,,186,,,,,,,memory: M; year: N\n"));

        assertThat(specs.refused()).isEmpty();
        assertThat(specs.table().lines().skip(1))
                .containsExactly(
                        "T4,memory_gib,16,a copy; not a test",
                        "T4,memory_bandwidth_gbps,320,a copy; not a test",
                        "T4,fp32_tflops,8.1,X (1: 2); more of X",
                        "T4,fp16_tensor_tflops_dense,65,Y",
                        "T4,form_factor,PCIe,Z",
                        "GB200,memory_gib,186,M");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "T5,NVIDIA,,2018,16,,320,8.1,65,70,PCIe,x | 'T5' has no canonical name",
                "T4,NVIDIA,,2018,0,,320,8.1,65,70,PCIe,x | memory_gib must be above 0, not 0",
                "T4,NVIDIA,,2018,16,,-320,8.1,65,70,PCIe,x | memory_bandwidth_gbps must be above 0, not -320",
                "T4,NVIDIA,,2018,16,,320,fast,65,70,PCIe,x | fp32_tflops 'fast'",
                "T4,NVIDIA,,2018,16,,320,8.1,65,70,PCIe, | memory_gib has no source",
                "T4,NVIDIA,,2018,16,,,8.1,,70,,memory: x | fp32_tflops has no source"
            })
    void read_badLine_isRefusedWithItsNumberAndTheValue(String line, String reason) throws IOException {
        GpuSpecCsv specs = GpuSpecCsv.read(file(HEADER + T4 + line + "\n" + T4));

        assertThat(specs.models()).isEqualTo(2);
        assertThat(specs.refused()).singleElement().satisfies(refused -> {
            assertThat(refused.line()).isEqualTo(3);
            assertThat(refused.reason()).contains(reason);
        });
    }

    @Test
    void isSpecs_otherHeaders_isFalse() throws IOException {
        assertThat(GpuSpecCsv.isSpecs(file(HEADER))).isTrue();
        assertThat(GpuSpecCsv.isSpecs(file("provider,region\n"))).isFalse();
        assertThat(GpuSpecCsv.isSpecs(file(""))).isFalse();
    }
}
