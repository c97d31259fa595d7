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
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The tables that come with the library: models, their names, and their figures. */
final class GpuTables {

    /** One model a line: its maker, its chip, and what specifications that are imported call it. */
    static final String MODELS = "gpu-models.csv";

    /** One name of one model a line. A name of several models stands once for each. */
    static final String NAMES = "gpu-names.csv";

    /** Figures as {@link GpuSpecCsv} imported them, and those that makers' documents add. Neither repeats the other. */
    static final List<String> SPECS = List.of("gpu-specs.csv", "gpu-specs-vendor.csv");

    static final String FORM_FACTOR = "form_factor";

    private GpuTables() {}

    static GpuCatalog catalog() {
        Map<String, List<String>> names = new HashMap<>();
        rows(NAMES)
                .forEach(row -> names.computeIfAbsent(row.getField("model"), model -> new ArrayList<>())
                        .add(row.getField("alias")));
        Map<String, GpuSpec> specs = specs();
        Map<String, GpuModel> byName = new LinkedHashMap<>();
        Map<String, Set<GpuModel>> byAlias = new HashMap<>();
        for (NamedCsvRecord row : rows(MODELS)) {
            String name = row.getField("name");
            GpuModel model = new GpuModel(
                    name,
                    row.getField("vendor"),
                    Optional.of(row.getField("chip")).filter(chip -> !chip.isBlank()),
                    specs.getOrDefault(name, new GpuSpec(Map.of(), Optional.empty())));
            byName.put(name, model);
            names.getOrDefault(name, List.of()).forEach(alias -> addName(byAlias, alias, model));
            addName(byAlias, row.getField("source_name"), model);
            addName(byAlias, name, model);
        }
        return new GpuCatalog(byName, byAlias);
    }

    /** A name also counts with its maker in front, and with the model's own memory behind. */
    private static void addName(Map<String, Set<GpuModel>> byAlias, String alias, GpuModel model) {
        String name = normalise(alias);
        List<String> memory = model.spec()
                .memoryGib()
                .map(gib -> List.of("", gib.toPlainString() + "gb", gib.toPlainString() + "g"))
                .orElse(List.of(""));
        for (String maker : List.of("", normalise(model.vendor()))) {
            for (String size : memory) {
                byAlias.computeIfAbsent(maker + name + size, key -> new LinkedHashSet<>())
                        .add(model);
            }
        }
    }

    private static Map<String, GpuSpec> specs() {
        Map<String, Map<GpuFigure, GpuSpec.Sourced>> figures = new HashMap<>();
        Map<String, String> formFactors = new HashMap<>();
        for (String table : SPECS) {
            for (NamedCsvRecord row : rows(table)) {
                String model = row.getField("model");
                String figure = row.getField("figure");
                Map<GpuFigure, GpuSpec.Sourced> known =
                        figures.computeIfAbsent(model, m -> new EnumMap<>(GpuFigure.class));
                if (figure.equals(FORM_FACTOR)) {
                    formFactors.put(model, row.getField("value"));
                    continue;
                }
                GpuSpec.Sourced twice = known.put(
                        GpuFigure.valueOf(figure.toUpperCase(Locale.ROOT)),
                        new GpuSpec.Sourced(new BigDecimal(row.getField("value")), row.getField("source")));
                if (twice != null) {
                    throw new IllegalStateException(table + ": " + model + " has " + figure + " already, from "
                            + twice.source() + "; keep one of the two");
                }
            }
        }
        Map<String, GpuSpec> specs = new HashMap<>();
        figures.forEach(
                (model, known) -> specs.put(model, new GpuSpec(known, Optional.ofNullable(formFactors.get(model)))));
        return specs;
    }

    static List<NamedCsvRecord> rows(String table) {
        InputStream in = Objects.requireNonNull(GpuTables.class.getResourceAsStream(table), table);
        try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            return CsvReader.builder().ofNamedCsvRecord(reader).stream().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String normalise(String name) {
        StringBuilder key = new StringBuilder(name.length());
        name.toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(Character::isLetterOrDigit)
                .forEach(key::appendCodePoint);
        return key.toString();
    }
}
