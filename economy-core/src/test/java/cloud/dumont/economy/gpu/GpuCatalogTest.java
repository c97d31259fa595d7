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
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GpuCatalogTest {

    private static final GpuCatalog GPUS = GpuCatalog.bundled();

    /** What every name means by the table, worked out by the test itself: normalised name to canonical names. */
    private static final Map<String, Set<String>> NAMES = new HashMap<>();

    /** What a name means that is none in the table, but tells a memory: every one that a driver may report. */
    private static final Map<String, Set<String>> WITH_MEMORY = new HashMap<>();

    /** The same for vGPU profiles of whole cards. */
    private static final Map<String, Set<String>> PROFILES = new HashMap<>();

    /** Names of models whose memory no source tells. */
    private static final Map<String, Set<String>> OF_ANY_MEMORY = new HashMap<>();

    static {
        Map<String, Integer> memory = new HashMap<>();
        GpuTables.SPECS.stream()
                .flatMap(table -> GpuTables.rows(table).stream())
                .filter(row -> row.getField("figure").equals("memory_gib"))
                .forEach(row -> memory.put(row.getField("model"), Integer.valueOf(row.getField("value"))));
        List<NamedCsvRecord> models = GpuTables.rows("gpu-models.csv").stream()
                .filter(row -> row.getField("edition").isEmpty())
                .toList();
        Map<String, String> makers = new HashMap<>();
        for (NamedCsvRecord row : models) {
            String model = row.getField("name");
            makers.put(model, row.getField("vendor"));
            Matcher named = Pattern.compile("(\\d+) ?GB").matcher(model);
            if (named.find()) {
                memory.putIfAbsent(model, Integer.valueOf(named.group(1)));
            }
            addNames(model, model, makers.get(model), memory.get(model));
            addNames(model, row.getField("source_name"), makers.get(model), memory.get(model));
        }
        GpuTables.rows("gpu-names.csv").forEach(row -> {
            String model = row.getField("model");
            addNames(model, row.getField("alias"), makers.get(model), memory.get(model));
        });
    }

    private static void addNames(String model, String alias, String maker, @Nullable Integer memory) {
        for (String name : List.of(normalised(alias), normalised(maker + " " + alias))) {
            add(NAMES, name, model);
            if (memory == null) { // nothing speaks against any that a name tells
                add(OF_ANY_MEMORY, name, model);
                continue;
            }
            String base = name.replaceFirst("(?<=\\D)((?<=\\d) )?\\d+gb?$|(?<=\\d) \\d+gb?$", "");
            for (int gib = 1; gib <= memory * 2; gib++) {
                for (String unit : List.of("G", "GB")) {
                    if (Math.abs(gib - memory) * 10 <= memory) {
                        add(WITH_MEMORY, normalised(name + " " + gib + unit), model);
                        add(WITH_MEMORY, normalised(base + " " + gib + unit), model);
                    }
                }
            }
            for (String licence : List.of("A", "B", "C", "Q")) {
                add(PROFILES, normalised(name + " " + memory + licence), model);
                add(PROFILES, normalised(base + " " + memory + licence), model);
                add(PROFILES, normalised("GRID " + name + " " + memory + licence), model);
            }
        }
    }

    private static void add(Map<String, Set<String>> names, String name, String model) {
        names.computeIfAbsent(name, n -> new HashSet<>()).add(model);
    }

    /** What a name means. */
    private static Set<String> documented(String name) {
        String key = normalised(name).replaceFirst("(?<=.)(time)?(shared|sliced|mps)$", "");
        return Optional.ofNullable(NAMES.get(key))
                .or(() -> Optional.ofNullable(PROFILES.get(key)))
                .or(() -> Optional.ofNullable(WITH_MEMORY.get(key)))
                .or(() -> Optional.of(key.replaceFirst("(?<!\\d)\\d+gb?$|(?<=\\d) \\d+gb?$", ""))
                        .filter(base -> base.length() < key.length())
                        .filter(base -> NAMES.getOrDefault(base, Set.of()).size() == 1)
                        .map(OF_ANY_MEMORY::get))
                .orElse(Set.of());
    }

    private static String normalised(String name) {
        return name.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{Nd}:/,;+&|*=<>@#!]+", " ")
                .replaceAll(" ?[:/,;+&|*=<>@#!][:/,;+&|*=<>@#! ]*", "|")
                .replaceAll("^ | $", "")
                .replaceAll("(?<!\\p{Nd}) | (?!\\p{Nd})", "");
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
    void resolve_unknown_suggestsTheNearestNames() {
        assertThat(((GpuResolution.Unknown) GPUS.resolve("RTX 4095")).reason())
                .isEqualTo("no GPU is known by that name; near to it are RTX 4090, RTX 3090, RTX 4060");
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
            int gib = gen.pick(8, 16, 24, 40, 48, 80, 96);
            Set<String> possible = new HashSet<>(expected);
            possible.addAll(documented(name + " " + gib + "GB"));
            assertThat(possible)
                    .as("'%s' of %s GiB", name, gib)
                    .containsAll(meanings(GPUS.resolve(name, GpuMemory.ofGib(BigDecimal.valueOf(gib)))));
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
