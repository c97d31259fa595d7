package cloud.dumont.economy.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GpuCatalogTest {

    private static final GpuCatalog GPUS = GpuCatalog.bundled();

    /** What every name means by the table and its rules, worked out by the test itself: normalised name to canonical names. */
    private static final Map<String, Set<String>> NAMES = names();

    private static Map<String, Set<String>> names() {
        Map<String, String> memory = new HashMap<>();
        GpuTables.SPECS.stream()
                .flatMap(table -> GpuTables.rows(table).stream())
                .filter(row -> row.getField("figure").equals("memory_gib"))
                .forEach(row -> memory.put(row.getField("model"), row.getField("value")));
        Map<String, Set<String>> names = new HashMap<>();
        Map<String, String> makers = new HashMap<>();
        Map<String, Set<String>> aliases = new HashMap<>();
        for (NamedCsvRecord row : GpuTables.rows("gpu-models.csv")) {
            makers.put(row.getField("name"), row.getField("vendor"));
            aliases.put(
                    row.getField("name"),
                    new HashSet<>(Set.of(row.getField("name"), row.getField("source_name") + " ")));
        }
        GpuTables.rows("gpu-names.csv")
                .forEach(row -> aliases.get(row.getField("model")).add(row.getField("alias")));
        aliases.forEach((model, known) -> known.forEach(alias -> {
            String size = memory.getOrDefault(model, "");
            for (String name :
                    size.isEmpty() ? List.of(alias) : List.of(alias, alias + size + "G", alias + size + "GB")) {
                names.computeIfAbsent(normalised(name), n -> new HashSet<>()).add(model);
                names.computeIfAbsent(normalised(makers.get(model) + name), n -> new HashSet<>())
                        .add(model);
            }
        }));
        return names;
    }

    /** What a name may mean at most. */
    private static Set<String> documented(String name) {
        return NAMES.getOrDefault(normalised(name).replaceFirst("shared$", ""), Set.of());
    }

    private static String normalised(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{Nd}]", "");
    }

    private static Set<String> meanings(GpuResolution resolution) {
        if (resolution instanceof GpuResolution.Ambiguous ambiguous) {
            return ambiguous.choices().stream().map(GpuModel::name).collect(Collectors.toSet());
        }
        if (resolution instanceof GpuResolution.Shared shared) {
            return meanings(shared.card());
        }
        return resolution.model().stream().map(GpuModel::name).collect(Collectors.toSet());
    }

    private static void assertKnown(GpuResolution resolution, String model) {
        assertThat(resolution).isInstanceOf(GpuResolution.Known.class);
        assertThat(resolution.model().orElseThrow().name()).isEqualTo(model);
    }

    @ParameterizedTest
    @CsvSource({
        "NVIDIA GeForce RTX 4090, RTX 4090",
        "RTX_4090, RTX 4090",
        "rtx4090, RTX 4090",
        "RTX-4090, RTX 4090",
        "' rtx 4090 ', RTX 4090",
        "Tesla T4, T4",
        "T4G, T4G",
        "A10, A10",
        "A10G, A10G",
        "L4, L4",
        "L40, L40",
        "L40S, L40S",
        "NVIDIA H100 80GB HBM3, H100 SXM 80GB",
        "H100, H100 SXM 80GB",
        "H100 PCIe, H100 PCIe 80GB",
        "H100 NVL, H100 NVL 94GB",
        "A100 80GB, A100 SXM 80GB",
        "NVIDIA A100-SXM4-40GB, A100 SXM 40GB",
        "NVIDIA A100 80GB PCIe, A100 PCIe 80GB",
        "AMD Instinct MI300X, MI300X"
    })
    void resolve_aliases_meanTheirModel(String name, String model) {
        assertKnown(GPUS.resolve(name), model);
        assertThat(GPUS.resolve(name).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-_/",
                "RTX",
                "NVIDIA",
                "T400",
                "G2",
                "A",
                "A1",
                "A1000",
                "H10",
                "L",
                "40",
                "Tesla",
                "GPU",
                "RTX 409",
                "RTX 40900",
                "A10 A100",
                "None",
                "null"
            })
    void resolve_namesOfNothing_areUnknown(String name) {
        assertThat(GPUS.resolve(name)).isInstanceOf(GpuResolution.Unknown.class);
        assertThat(GPUS.resolve(name).model()).isEmpty();
        assertThat(GPUS.resolve(name, GpuMemory.ofGib(BigDecimal.valueOf(40))))
                .isInstanceOf(GpuResolution.Unknown.class);
    }

    @ParameterizedTest
    @CsvSource({
        "A100, A100 SXM 40GB, A100 SXM 80GB",
        "A100 PCIe, A100 PCIe 80GB, A100 PCIe 40GB",
        "V100, V100 16GB, V100 32GB",
        "RTX 6000, Quadro RTX 6000, RTX 6000 Ada"
    })
    void resolve_nameOfSeveral_isAmbiguousWithItsChoices(String name, String first, String second) {
        assertThat(GPUS.resolve(name)).isInstanceOf(GpuResolution.Ambiguous.class);
        assertThat(GPUS.resolve(name).model()).isEmpty();
        assertThat(meanings(GPUS.resolve(name))).containsExactlyInAnyOrder(first, second);
    }

    @ParameterizedTest
    @CsvSource({
        "A100, 40, A100 SXM 40GB",
        "A100, 80, A100 SXM 80GB",
        "A100, 39.4, A100 SXM 40GB", // as nvidia-smi shows it
        "A100, 79.15, A100 SXM 80GB",
        "V100, 16, V100 16GB",
        "V100, 31.75, V100 32GB",
        "RTX 6000, 24, Quadro RTX 6000",
        "RTX 6000, 48, RTX 6000 Ada",
        "L4, 22.4, L4"
    })
    void resolve_withMemory_tellsNamesakesApart(String name, BigDecimal memory, String model) {
        assertKnown(GPUS.resolve(name, GpuMemory.ofGib(memory)), model);
    }

    @Test
    void resolve_memoryThatNoneHas_isUnknownNotTheNearest() {
        assertThat(GPUS.resolve("A100", GpuMemory.ofGib(BigDecimal.valueOf(60))))
                .isInstanceOfSatisfying(
                        GpuResolution.Unknown.class,
                        unknown -> assertThat(unknown.reason()).contains("60", "A100 SXM 40GB", "A100 SXM 80GB"));
        assertThat(GPUS.resolve("T4", GpuMemory.ofGib(BigDecimal.valueOf(80))))
                .isInstanceOf(GpuResolution.Unknown.class);
    }

    @Test
    void resolve_memoryThatSeveralHave_staysAmbiguous() {
        assertThat(GPUS.resolve("RTX PRO 6000", GpuMemory.ofGib(BigDecimal.valueOf(96))))
                .isInstanceOf(GpuResolution.Ambiguous.class);
    }

    @Test
    void resolve_unknown_saysWhatIsKnown() {
        assertThat(GPUS.resolve("T400"))
                .isInstanceOfSatisfying(
                        GpuResolution.Unknown.class,
                        unknown -> assertThat(unknown.reason()).contains("RTX 4090"));
    }

    @Test
    void resolve_everyCanonicalName_meansItselfAlone() {
        assertThat(GPUS.models()).hasSizeGreaterThan(100).doesNotHaveDuplicates();
        for (GpuModel model : GPUS.models()) {
            assertKnown(GPUS.resolve(model.name()), model.name());
            assertThat(GPUS.model(model.name())).contains(model);
        }
    }

    @Test
    void resolve_everyNameInTheTable_meansExactlyItsModels() {
        assertThat(NAMES).hasSizeGreaterThan(500);
        NAMES.forEach((name, models) ->
                assertThat(meanings(GPUS.resolve(name))).as(name).isEqualTo(models));
    }

    @Test
    void resolve_anyString_meansNothingThatNoNameNames() {
        List<String> known = GpuTables.rows("gpu-names.csv").stream()
                .flatMap(row -> Stream.of(row.getField("alias"), row.getField("model")))
                .distinct()
                .toList();
        Law.holds(10_000, gen -> {
            String name = anyName(known, gen);
            Set<String> expected = documented(name);
            assertThat(meanings(GPUS.resolve(name))).as("'%s'", name).isEqualTo(expected);
            BigDecimal memory = BigDecimal.valueOf(gen.pick(8, 16, 24, 40, 48, 80, 96));
            assertThat(expected)
                    .as("'%s' of %s GiB", name, memory)
                    .containsAll(meanings(GPUS.resolve(name, GpuMemory.ofGib(memory))));
        });
    }

    private static String anyName(List<String> known, Gen gen) {
        String name = gen.pick(known);
        return switch (gen.between(0, 6)) {
            case 0 -> random(gen);
            case 1 -> name + gen.pick("", " ", "-", "_") + gen.pick(known);
            case 2 -> name.substring(0, gen.between(0, name.length()));
            case 3 -> name.substring(gen.between(0, name.length()));
            case 4 -> gen.pick("NVIDIA ", "AMD ", "Tesla ", "GeForce ", "nvidia.com/") + name + suffix(gen);
            default -> mutated(name, gen);
        };
    }

    private static String suffix(Gen gen) {
        return gen.pick(
                " 8GB", " 16GB", "-24G", " 40 GB", "-80GB", " 80G", "-SHARED", "-MIG-1g.5gb", "-4Q", " Ti", "D", "");
    }

    private static String random(Gen gen) {
        StringBuilder text = new StringBuilder();
        for (int length = gen.between(0, 8); length > 0; length--) {
            text.append(gen.pick(
                    "A", "H", "L", "T", "V", "RTX", "GB", "0", "1", "4", "6", "8", "00", " ", "-", "é", "\u0000"));
        }
        return text.toString();
    }

    private static String mutated(String name, Gen gen) {
        StringBuilder text = new StringBuilder(name);
        for (int i = gen.between(1, 3); i > 0; i--) {
            int at = gen.between(0, text.length());
            String piece = gen.pick(
                    "0",
                    "1",
                    "4",
                    "9",
                    "a",
                    "G",
                    "S",
                    "X",
                    " ",
                    "_",
                    "-",
                    "Ti",
                    "GB",
                    "NVIDIA ",
                    "é",
                    "４",
                    "\uD835\uDFD8");
            switch (gen.between(0, 4)) {
                case 0 -> text.insert(at, piece);
                case 1 -> text.delete(at, Math.min(text.length(), at + 1));
                case 2 -> text.replace(at, Math.min(text.length(), at + 1), piece);
                case 3 -> text.reverse();
                default ->
                    text.replace(
                            0,
                            text.length(),
                            gen.oneIn(2) ? text.toString().toUpperCase(Locale.ROOT) : text.substring(at));
            }
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "NVIDIA-A100-SXM4-40GB-MIG-1g.5gb, MIG slice",
        "NVIDIA-H100-80GB-HBM3-MIG-3g.40gb-SHARED, MIG slice",
        "A100 2g.10gb, MIG slice",
        "nvidia.com/mig-1g.10gb, MIG slice",
        "NVIDIA A10-4Q, vGPU profile",
        "GRID V100D-8Q, vGPU profile",
        "L4-3q, vGPU profile",
        "A100-10C, vGPU profile"
    })
    void resolve_slice_isUnknownAndSaysSo(String name, String reason) {
        assertThat(List.of(GPUS.resolve(name), GPUS.resolve(name, GpuMemory.ofGib(BigDecimal.valueOf(40)))))
                .allSatisfy(resolution -> assertThat(resolution)
                        .isInstanceOfSatisfying(
                                GpuResolution.Unknown.class,
                                unknown -> assertThat(unknown.reason())
                                        .contains(reason, "not a whole GPU")
                                        .doesNotContain("RTX 4090")));
    }

    @Test
    void namesTable_isSortedByModelThenName_andSaysNothingTwice() {
        List<String> models = GpuTables.rows("gpu-models.csv").stream()
                .map(row -> row.getField("name"))
                .toList();
        List<NamedCsvRecord> rows = GpuTables.rows("gpu-names.csv");
        assertThat(rows)
                .isSortedAccordingTo(Comparator.comparing((NamedCsvRecord row) -> models.indexOf(row.getField("model")))
                        .thenComparing(row -> row.getField("alias"), String.CASE_INSENSITIVE_ORDER));
        for (NamedCsvRecord row : rows) {
            String alias = normalised(row.getField("alias"));
            assertThat(models).contains(row.getField("model"));
            assertThat(alias)
                    .isNotEmpty()
                    .isNotEqualTo(normalised(row.getField("model")))
                    .doesNotStartWith("nvidia")
                    .doesNotEndWith("shared");
            assertThat(rows.stream()
                            .filter(other -> other.getField("model").equals(row.getField("model")))
                            .map(other -> normalised(other.getField("alias"))))
                    .as(row.getField("model"))
                    .containsOnlyOnce(alias);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "A10, A10G, true",
        "T4, T4G, true",
        "A100 SXM 40GB, A100 PCIe 80GB, true",
        "A100 SXM 80GB, A800 SXM 80GB, true",
        "H100 SXM 80GB, H100 NVL 94GB, true",
        "H200 SXM 141GB, H200 NVL 141GB, true",
        "V100 16GB, V100 32GB, true",
        "RTX PRO 6000 Blackwell, RTX PRO 6000 Blackwell Server Edition, true",
        "L40, L40S, false",
        "RTX A6000, A40, false",
        "H100 SXM 80GB, H200 SXM 141GB, false",
        "A10, A100 SXM 40GB, false",
        "L4, L4, false",
        "A10, A10, false"
    })
    void isVariantOf_chipInOtherClothes_only(String one, String other, boolean variant) {
        GpuModel first = GPUS.model(one).orElseThrow();
        GpuModel second = GPUS.model(other).orElseThrow();
        assertThat(first.isVariantOf(second)).isEqualTo(variant);
        assertThat(second.isVariantOf(first)).isEqualTo(variant);
    }
}
