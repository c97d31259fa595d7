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

    /**
     * Figures as {@link GpuSpecCsv} imported them, those of models that the import lacks, and those that makers' documents add. None
     * repeats another.
     */
    static final List<String> SPECS = List.of("gpu-specs.csv", "gpu-specs-added.csv", "gpu-specs-vendor.csv");

    static final String FORM_FACTOR = "form_factor";

    /** An edition: the model stands for any of its editions, in price lists that do not tell which, and has no name of its own. */
    private static final String UNTOLD = "untold";

    /** What separates names, or a name and a count, rather than the parts of a name: L4:0 is not L40, B200+ is not B200. */
    private static final String SEPARATORS = ":/,;+&|*=<>@#!";

    private GpuTables() {}

    static GpuCatalog catalog() {
        Map<String, List<String>> names = new HashMap<>();
        rows(NAMES)
                .forEach(row -> names.computeIfAbsent(row.getField("model"), model -> new ArrayList<>())
                        .add(row.getField("alias")));
        Map<String, GpuSpec> specs = specs();
        Map<String, GpuModel> byName = new LinkedHashMap<>();
        Map<String, GpuModel> ofUntoldEdition = new LinkedHashMap<>();
        Map<String, Set<GpuModel>> byAlias = new HashMap<>();
        Map<String, Set<GpuModel>> byAliasWithoutMemory = new HashMap<>();
        for (NamedCsvRecord row : rows(MODELS)) {
            String name = row.getField("name");
            GpuModel model = new GpuModel(
                    name,
                    row.getField("vendor"),
                    Optional.of(row.getField("chip")).filter(chip -> !chip.isBlank()),
                    specs.getOrDefault(name, new GpuSpec(Map.of(), Optional.empty())));
            if (row.getField("edition").equals(UNTOLD)) {
                ofUntoldEdition.put(name, model);
                continue;
            }
            byName.put(name, model);
            Set<String> aliases = new LinkedHashSet<>(names.getOrDefault(name, List.of()));
            aliases.add(row.getField("source_name"));
            aliases.add(name);
            for (String alias : aliases) { // a name also counts with its maker in front
                for (String key : List.of(normalise(alias), normalise(model.vendor() + " " + alias))) {
                    add(byAlias, key, model);
                    GpuCatalog.withoutMemory(key).ifPresent(base -> add(byAliasWithoutMemory, base, model));
                }
            }
        }
        return new GpuCatalog(byName, ofUntoldEdition, byAlias, byAliasWithoutMemory);
    }

    private static void add(Map<String, Set<GpuModel>> models, String key, GpuModel model) {
        models.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(model);
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

    /**
     * Lower case, letters and digits only, and one blank where something separates two digits, so that {@code A100 80GB} and {@code
     * A10080GB} are two; what separates names stays, as one bar.
     */
    static String normalise(String name) {
        StringBuilder key = new StringBuilder(name.length());
        boolean separated = false;
        for (int c : name.toLowerCase(Locale.ROOT).codePoints().toArray()) {
            if (Character.isLetterOrDigit(c)) {
                boolean betweenDigits = separated && Character.isDigit(c) && endsInDigit(key);
                key.append(betweenDigits ? " " : "").appendCodePoint(c);
                separated = false;
            } else if (SEPARATORS.indexOf(c) >= 0) {
                key.append(key.length() > 0 && key.charAt(key.length() - 1) == '|' ? "" : "|");
                separated = false;
            } else {
                separated = true;
            }
        }
        return key.toString();
    }

    private static boolean endsInDigit(StringBuilder key) {
        return key.length() > 0 && Character.isDigit(key.codePointBefore(key.length()));
    }
}
