package cloud.dumont.economy.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * Names as systems and price lists really write them, each with where it was seen and what it means: one model, several, a shared
 * card, or none, for a reason that docs/gpus.md gives.
 */
class GpuNamesSeenTest {

    private static final String TABLE = "gpu-names-seen.csv";

    private static final GpuCatalog GPUS = GpuCatalog.bundled();

    private static String outcome(GpuResolution resolution) {
        return resolution.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static List<String> meanings(GpuResolution resolution) {
        if (resolution instanceof GpuResolution.Shared shared) {
            return meanings(shared.card());
        }
        return resolution instanceof GpuResolution.Ambiguous ambiguous
                ? ambiguous.choices().stream().map(GpuModel::name).sorted().toList()
                : resolution.model().stream().map(GpuModel::name).toList();
    }

    @ParameterizedTest
    @CsvFileSource(resources = TABLE, numLinesToSkip = 1, ignoreLeadingAndTrailingWhitespace = false)
    void resolve_nameAsSeen(
            String seenIn, String name, @Nullable BigDecimal memoryGib, String outcome, String modelsOrReason) {
        GpuResolution resolution =
                memoryGib == null ? GPUS.resolve(name) : GPUS.resolve(name, GpuMemory.ofGib(memoryGib));

        assertThat(outcome(resolution)).as("%s writes '%s'", seenIn, name).isEqualTo(outcome);
        if (resolution instanceof GpuResolution.Unknown unknown) {
            assertThat(unknown.reason()).as("%s writes '%s'", seenIn, name).contains(modelsOrReason);
        } else {
            assertThat(meanings(resolution))
                    .as("%s writes '%s'", seenIn, name)
                    .containsExactlyInAnyOrder(modelsOrReason.split(" / "));
        }
    }

    @Test
    void table_holdsHundredsOfNames_andEveryOutcome() {
        Set<String> names =
                GpuTables.rows(TABLE).stream().map(row -> row.getField("name")).collect(Collectors.toSet());
        Set<String> outcomes = GpuTables.rows(TABLE).stream()
                .map(row -> row.getField("outcome"))
                .collect(Collectors.toSet());

        assertThat(names).hasSizeGreaterThan(700);
        assertThat(outcomes).containsExactlyInAnyOrder("known", "ambiguous", "shared", "unknown");
    }
}
