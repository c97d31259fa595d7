package cloud.dumont.economy.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The figures that come with the library, and where each comes from. */
class GpuSpecTest {

    private static final GpuCatalog GPUS = GpuCatalog.bundled();

    private static final Pattern HALVED = Pattern.compile("([\\d.,]+) ([TP])FLOPS with sparsity, halved");
    private static final Pattern DENSE_AND_SPARSE =
            Pattern.compile("([\\d.,]+) \\| ([\\d.,]+) ([TP])FLOPS with sparsity");

    private static GpuSpec spec(String model) {
        return GPUS.model(model).orElseThrow().spec();
    }

    private static BigDecimal tflops(String printed, String unit) {
        BigDecimal number = new BigDecimal(printed.replace(",", ""));
        return unit.equals("P") ? number.movePointRight(3) : number;
    }

    @Test
    void figure_valueAndSource_areThoseOfTheFigureNotOfTheCard() {
        GpuSpec spec = spec("H200 NVL 141GB");

        assertThat(spec.fp32Tflops()).contains(new BigDecimal("60.3"));
        assertThat(spec.figure(GpuFigure.FP32_TFLOPS).orElseThrow().source()).startsWith("gmasse/gpu-specs");
        assertThat(spec.bandwidthGbps()).contains(new BigDecimal("4800"));
        assertThat(spec.figure(GpuFigure.MEMORY_BANDWIDTH_GBPS).orElseThrow().source())
                .startsWith("NVIDIA H200 NVL data sheet");
        assertThat(spec.memoryGib()).contains(new BigDecimal("141"));
        assertThat(spec.formFactor()).contains("PCIe (NVL)");
    }

    @Test
    void figure_thatNoSourceGives_isEmpty() {
        assertThat(spec("GB300").figures()).isEmpty();
        assertThat(spec("GB300").memoryGib()).isEmpty();
        assertThat(spec("RTX 3060 12GB").figure(GpuFigure.FP16_TENSOR_TFLOPS_DENSE))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, x", "-1, x", "1, ''", "1, ' '"})
    void sourced_noFigureOrNoSource_isRefused(BigDecimal value, String source) {
        assertThatIllegalArgumentException().isThrownBy(() -> new GpuSpec.Sourced(value, source));
    }

    @Test
    void figures_areCopiedAndCannotBeChanged() {
        GpuSpec.Sourced figure = new GpuSpec.Sourced(BigDecimal.ONE, "here");
        GpuSpec spec = new GpuSpec(Map.of(GpuFigure.FP32_TFLOPS, figure), Optional.empty());

        assertThat(spec).isEqualTo(new GpuSpec(Map.of(GpuFigure.FP32_TFLOPS, figure), Optional.empty()));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> spec.figures().put(GpuFigure.MEMORY_GIB, figure));
    }

    /** Half of a sparse figure is the dense one; where a document prints both, the first is dense. Nothing else is taken. */
    @Test
    void bundledFigures_whoseSourceSpeaksOfSparsity_areTheDenseOnes() {
        List<GpuSpec.Sourced> figures = GPUS.models().stream()
                .flatMap(model -> model.spec().figures().values().stream())
                .filter(figure ->
                        figure.source().contains("spars") || figure.source().contains("halved"))
                .toList();
        assertThat(figures).hasSizeGreaterThan(10);
        for (GpuSpec.Sourced figure : figures) {
            Matcher halved = HALVED.matcher(figure.source());
            Matcher both = DENSE_AND_SPARSE.matcher(figure.source());
            if (both.find()) {
                assertThat(figure.value())
                        .as(figure.source())
                        .isEqualByComparingTo(tflops(both.group(1), both.group(3)));
                assertThat(tflops(both.group(2), both.group(3)).doubleValue()
                                / figure.value().doubleValue())
                        .as(figure.source())
                        .isBetween(1.99, 2.01);
            } else {
                assertThat(halved.find()).as(figure.source()).isTrue();
                assertThat(figure.value().add(figure.value()))
                        .as(figure.source())
                        .isEqualByComparingTo(tflops(halved.group(1), halved.group(2)));
            }
        }
    }

    /** A sparse figure among dense ones would stand out as twice its sibling's. */
    @ParameterizedTest
    @EnumSource(names = {"FP16_TENSOR_TFLOPS_DENSE", "FP32_TFLOPS", "MEMORY_BANDWIDTH_GBPS"})
    void bundledFigures_ofVariants_areNeverExactlyTwiceEachOther(GpuFigure figure) {
        for (GpuModel one : GPUS.models()) {
            for (GpuModel other : GPUS.models()) {
                Optional<BigDecimal> mine = one.spec().figure(figure).map(GpuSpec.Sourced::value);
                Optional<BigDecimal> theirs = other.spec().figure(figure).map(GpuSpec.Sourced::value);
                if (one.isVariantOf(other) && mine.isPresent() && theirs.isPresent()) {
                    assertThat(mine.get().subtract(theirs.get().add(theirs.get())))
                            .as("%s of %s and %s", figure, one, other)
                            .isNotZero();
                }
            }
        }
    }

    /** What we add fills gaps, from a document of whoever makes the card. */
    @Test
    void vendorTable_everyFigure_isTheMakersAndMissingInTheImportedTable() {
        List<List<String>> imported = keys("gpu-specs.csv");
        assertThat(keys("gpu-specs-vendor.csv"))
                .isNotEmpty()
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(imported);
        assertThat(imported).doesNotHaveDuplicates();
        GpuTables.rows("gpu-specs-vendor.csv").forEach(row -> {
            GpuModel model = GPUS.model(row.getField("model")).orElseThrow();
            assertThat(row.getField("source")).as(model.name()).startsWith(model.vendor() + " ");
            assertThat(Arrays.stream(GpuFigure.values()).map(GpuFigure::column)).contains(row.getField("figure"));
        });
    }

    private static List<List<String>> keys(String table) {
        return GpuTables.rows(table).stream()
                .map(row -> List.of(row.getField("model"), row.getField("figure")))
                .toList();
    }

    @Test
    void bundledTables_everyLine_isAFigureOfAModel() {
        GpuTables.SPECS.stream().flatMap(table -> keys(table).stream()).forEach(key -> {
            GpuSpec spec = spec(key.get(0));
            if (key.get(1).equals("form_factor")) {
                assertThat(spec.formFactor()).as("%s", key).isPresent();
            } else {
                assertThat(spec.figures().keySet().stream().map(GpuFigure::column))
                        .as("%s", key)
                        .contains(key.get(1));
            }
        });
    }

    /** No maker's document gives these, or two of them contradict each other; nobody may fill them by arithmetic. */
    @ParameterizedTest
    @ValueSource(
            strings = {"RTX 3060 12GB", "RTX 4080", "T4G", "A16", "B300", "GB200", "GB300", "RTX PRO 4500 Blackwell"})
    void bundledTensorFigure_withoutADocument_isEmpty(String model) {
        assertThat(spec(model).fp16TensorTflops()).isEmpty();
    }

    /** Accumulated in FP32: on GeForce cards half of what the same document prints for FP16. */
    @ParameterizedTest
    @CsvSource({
        "RTX 4090, 165.2",
        "RTX 5090, 209.5",
        "RTX 3090, 71",
        "RTX 2080 Ti, 53.8",
        "RTX A5000, 111.1",
        "H100 NVL 94GB, 835.5",
        "MI300X, 1307.4",
        "A10, 125",
        "A10G, 70"
    })
    void bundledTensorFigure_namedCards_isDense(String model, BigDecimal tflops) {
        assertThat(spec(model).fp16TensorTflops().orElseThrow()).isEqualByComparingTo(tflops);
    }
}
