package cloud.dumont.economy.gpu;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The known GPU models and every name that means one.
 *
 * <p>Names are normalised (lower case, letters and digits only) and then matched exactly: {@code RTX_4090}, {@code rtx 4090} and
 * {@code NVIDIA GeForce RTX 4090} are one, {@code A10} is never {@code A100}. A name that may mean several models is told apart
 * by the memory where that is given, else it stays ambiguous.
 *
 * <p>This class is immutable and thread-safe.
 */
public final class GpuCatalog {

    /** Systems report usable memory, which is up to a tenth below what is advertised (an L4 of 24 GB shows 22.4 GiB). */
    private static final BigDecimal MEMORY_TOLERANCE = new BigDecimal("0.10");

    private final Map<String, GpuModel> byName;
    private final Map<String, Set<GpuModel>> byAlias;

    private GpuCatalog(Map<String, GpuModel> byName, Map<String, Set<GpuModel>> byAlias) {
        this.byName = byName;
        this.byAlias = byAlias;
    }

    /**
     * The catalog that comes with the library.
     *
     * @return the same instance at every call
     */
    public static GpuCatalog bundled() {
        return Bundled.CATALOG;
    }

    private static final class Bundled {
        static final GpuCatalog CATALOG = read();

        private static GpuCatalog read() {
            Map<String, GpuSpecRow> specs = new LinkedHashMap<>();
            for (NamedCsvRecord row : rows("gpu-specs.csv")) {
                specs.put(row.getField("name"), GpuSpecRow.of(row));
            }
            Map<String, GpuModel> byName = new LinkedHashMap<>();
            Map<String, Set<GpuModel>> byAlias = new LinkedHashMap<>();
            for (NamedCsvRecord row : rows("gpu-names.csv")) {
                String name = row.getField("name");
                GpuSpecRow spec = Objects.requireNonNull(specs.get(name), name);
                GpuModel model = new GpuModel(name, spec.vendor(), optional(row.getField("chip")), spec.spec());
                byName.put(name, model);
                List<String> aliases =
                        new ArrayList<>(List.of(row.getField("aliases").split(";", -1)));
                aliases.add(name);
                aliases.add(row.getField("source_name"));
                for (String alias : aliases) {
                    String key = normalise(alias);
                    if (!key.isEmpty()) {
                        byAlias.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(model);
                    }
                }
            }
            return new GpuCatalog(byName, byAlias);
        }
    }

    static List<NamedCsvRecord> rows(String resource) {
        InputStream in = Objects.requireNonNull(GpuCatalog.class.getResourceAsStream(resource), resource);
        try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            return CsvReader.builder().ofNamedCsvRecord(reader).stream().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record GpuSpecRow(String vendor, GpuSpec spec) {

        static GpuSpecRow of(NamedCsvRecord row) {
            return new GpuSpecRow(
                    row.getField("vendor"),
                    new GpuSpec(
                            figure(row, "memory_gib"),
                            figure(row, "memory_bandwidth_gbps"),
                            figure(row, "fp32_tflops"),
                            figure(row, "fp16_tensor_tflops_dense"),
                            optional(row.getField("form_factor")),
                            row.getField("source")));
        }

        private static Optional<BigDecimal> figure(NamedCsvRecord row, String column) {
            return optional(row.getField(column)).map(BigDecimal::new);
        }
    }

    private static Optional<String> optional(String text) {
        return text.isBlank() ? Optional.empty() : Optional.of(text);
    }

    /**
     * All models, in the catalog's order.
     *
     * @return an immutable list
     */
    public List<GpuModel> models() {
        return List.copyOf(byName.values());
    }

    /**
     * The model of exactly that canonical name.
     *
     * @param canonicalName a name as {@link GpuModel#name()} gives it
     * @return the model, or empty
     */
    public Optional<GpuModel> model(String canonicalName) {
        return Optional.ofNullable(byName.get(canonicalName));
    }

    /**
     * What a name means.
     *
     * @param name any name, as systems and people write it; may be blank
     * @return one model, the choices, or unknown
     */
    public GpuResolution resolve(String name) {
        Set<GpuModel> found = byAlias.getOrDefault(normalise(name), Set.of());
        return switch (found.size()) {
            case 0 -> unknown(name);
            case 1 -> new GpuResolution.Known(name, found.iterator().next());
            default -> new GpuResolution.Ambiguous(name, List.copyOf(found));
        };
    }

    /**
     * What a name means for a GPU with that much memory.
     *
     * @param name any name, as systems and people write it; may be blank
     * @param memoryGib memory of one whole GPU in GiB, advertised or as the system reports it (up to a tenth less)
     * @return the model of that name and memory; the choices where several fit; unknown where none does
     */
    public GpuResolution resolve(String name, BigDecimal memoryGib) {
        Set<GpuModel> found = byAlias.getOrDefault(normalise(name), Set.of());
        if (found.isEmpty()) {
            return unknown(name);
        }
        List<GpuModel> fitting =
                found.stream().filter(model -> hasMemory(model, memoryGib)).toList();
        return switch (fitting.size()) {
            case 0 ->
                new GpuResolution.Unknown(
                        name,
                        "no GPU of that name has " + memoryGib.toPlainString() + " GiB; known: " + describe(found));
            case 1 -> new GpuResolution.Known(name, fitting.get(0));
            default -> new GpuResolution.Ambiguous(name, fitting);
        };
    }

    private GpuResolution unknown(String name) {
        return new GpuResolution.Unknown(
                name, "no GPU is known by that name; known: " + String.join(", ", byName.keySet()));
    }

    private static String describe(Set<GpuModel> models) {
        return models.stream().map(GpuModel::name).collect(Collectors.joining(", "));
    }

    private static boolean hasMemory(GpuModel model, BigDecimal memoryGib) {
        return model.spec()
                .memoryGib()
                .map(memory -> memory.subtract(memoryGib).abs().compareTo(memory.multiply(MEMORY_TOLERANCE)) <= 0)
                .orElse(false);
    }

    private static String normalise(String name) {
        StringBuilder key = new StringBuilder(name.length());
        name.toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(Character::isLetterOrDigit)
                .forEach(key::appendCodePoint);
        return key.toString();
    }
}
