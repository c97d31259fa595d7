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
        GpuSpecCsv specs =
                GpuSpecCsv.read(file(HEADER + T4 + "A100,NVIDIA,Ampere,2020,40,HBM2,1555,19.5,,400,SXM4,\"a, b\"\n"));

        assertThat(specs.refused()).isEmpty();
        assertThat(specs.models()).isEqualTo(2);
        assertThat(specs.table().lines())
                .containsExactly(
                        "name,vendor,memory_gib,memory_bandwidth_gbps,fp32_tflops,fp16_tensor_tflops_dense,form_factor,source",
                        "T4,NVIDIA,16,320,8.1,65,PCIe,data sheet",
                        "A100 SXM 40GB,NVIDIA,40,1555,19.5,,SXM4,\"a, b\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "T5,NVIDIA,,2018,16,,320,8.1,65,70,PCIe,x | 'T5' has no canonical name",
                "T4,NVIDIA,,2018,0,,320,8.1,65,70,PCIe,x | memory_gib must be above 0, not 0",
                "T4,NVIDIA,,2018,16,,-320,8.1,65,70,PCIe,x | memory_bandwidth_gbps must be above 0, not -320",
                "T4,NVIDIA,,2018,16,,320,fast,65,70,PCIe,x | fp32_tflops 'fast'"
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
