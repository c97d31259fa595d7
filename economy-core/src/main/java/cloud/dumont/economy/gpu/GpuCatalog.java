package cloud.dumont.economy.gpu;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The known GPU models and every name that means one.
 *
 * <p>Names are normalised (see docs/gpus.md: letters and digits count, and what separates two digits) and then matched exactly:
 * {@code RTX_4090}, {@code rtx 4090} and {@code NVIDIA GeForce RTX 4090} are one, {@code A10} is never {@code A100}, {@code L4:0}
 * never {@code L40}. Each name in the table also counts with its maker in front ({@code NVIDIA A10}), with a memory behind that the
 * model has ({@code A10 24GB}, {@code A10 24G}), with the code of its chip in front, as PCI lists write it
 * ({@code GA102GL [A10]}), with the mode it is set to behind ({@code A40 (graphics mode)}), and as the vGPU profile that is the whole card ({@code A10-24Q}). There is no other rule. A name that may
 * mean several models is told apart by the memory where that is given, else it stays ambiguous. A slice (a MIG or vGPU profile) is
 * never taken for a whole GPU, nor a name with {@code -SHARED} at the end, as Kubernetes labels cards that replicas share, for a card.
 *
 * <p>This class is immutable and thread-safe.
 */
public final class GpuCatalog {

    /** Systems report usable memory, which is up to a tenth below what is advertised (an L4 of 24 GB shows 22.4 GiB). */
    private static final BigDecimal MEMORY_TOLERANCE = new BigDecimal("0.10");

    /** As in Tesla-T4-SHARED: what the label of a Kubernetes node adds to the name of a card that several replicas share. */
    private static final Pattern SHARED = Pattern.compile(
            "(?<=[\\p{L}\\p{N}])[^\\p{L}\\p{N}]*(time[^\\p{L}\\p{N}]?)?(shared|sliced|mps)[^\\p{L}\\p{N}]*$",
            Pattern.CASE_INSENSITIVE);

    /** As in A100 80GB, of a normalised name. */
    private static final Pattern WITH_MEMORY = Pattern.compile("(.+?)(?:(?<=\\d) |(?<!\\d))(\\d{1,5})g(?:i?b)?");

    /** As in A10-4Q, of a normalised name: so many GB of the card, and the kind of licence. */
    private static final Pattern VGPU = Pattern.compile("(.+?)(?:(?<=\\d) |(?<!\\d))(\\d{1,3})[abcq]");

    private static final String GRID = "grid";

    /** As many as an instance's GPU name may have. */
    private static final int MOST_CHARACTERS = 1_000;

    /** As in A40 (graphics mode): what a card is set to, not which it is. */
    private static final Pattern MODE =
            Pattern.compile("\\s*\\((?:graphics|compute) mode\\)\\s*$", Pattern.CASE_INSENSITIVE);

    /** As in GA102GL [A10] and GA102GL_A10. */
    private static final Pattern WITH_CHIP = Pattern.compile(
            "(?:(?:G[KMPV]|TU|GA|AD)\\d{3}|GH100|GB1\\d{2}|GB20[2-9])[A-Z]{0,3}(?:_| ?\\[)(.+)",
            Pattern.CASE_INSENSITIVE);

    /** As in RTX 4090 (48 GB mod): what the canonical name says of the memory, where no source of figures does. */
    private static final Pattern MEMORY_IN_NAME = Pattern.compile("\\b(\\d+) ?GB\\b");

    private final Map<String, GpuModel> byName;
    private final Map<String, GpuModel> ofUntoldEdition;
    private final Map<String, Set<GpuModel>> byAlias;
    private final Map<String, Set<GpuModel>> byAliasWithoutMemory;
    private final UnknownGpu unknown;
    private final String version;

    /**
     * A catalog.
     *
     * @param byName the models that names mean, by canonical name
     * @param ofUntoldEdition those that no name means, as theirs may mean several: what a price list sells without telling the edition
     * @param byAlias what normalised names mean
     * @param byAliasWithoutMemory what they mean beside that where the memory is told, which the name itself leaves out
     */
    GpuCatalog(
            Map<String, GpuModel> byName,
            Map<String, GpuModel> ofUntoldEdition,
            Map<String, Set<GpuModel>> byAlias,
            Map<String, Set<GpuModel>> byAliasWithoutMemory) {
        this.byName = byName;
        this.ofUntoldEdition = ofUntoldEdition;
        this.byAlias = byAlias;
        this.byAliasWithoutMemory = byAliasWithoutMemory;
        this.unknown = new UnknownGpu(byName.keySet());
        this.version = hash(
                List.of(List.copyOf(byName.values()), List.copyOf(ofUntoldEdition.values())),
                List.of(byAlias, byAliasWithoutMemory));
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
        static final GpuCatalog CATALOG = GpuTables.catalog();
    }

    /**
     * All models that a name can mean, in the catalog's order.
     *
     * @return an immutable list
     */
    public List<GpuModel> models() {
        return List.copyOf(byName.values());
    }

    /**
     * The model of exactly that canonical name, as price catalogs keep it.
     *
     * @param canonicalName a name as {@link GpuModel#name()} gives it
     * @return the model, or empty
     */
    public Optional<GpuModel> model(String canonicalName) {
        return Optional.ofNullable(byName.get(canonicalName))
                .or(() -> Optional.ofNullable(ofUntoldEdition.get(canonicalName)));
    }

    /**
     * What a name means.
     *
     * @param name any name, as systems and people write it; may be blank
     * @return one model, the choices, a shared card, or unknown
     */
    public GpuResolution resolve(String name) {
        return resolve(name, Optional.empty());
    }

    /**
     * What a name means for a GPU with that much memory.
     *
     * @param name any name, as systems and people write it; may be blank
     * @param memory memory of one whole GPU, advertised or as the driver reports it (up to a tenth less)
     * @return the model of that name and memory; the choices where several fit; a shared card; unknown where none fits
     */
    public GpuResolution resolve(String name, GpuMemory memory) {
        return resolve(name, Optional.of(memory));
    }

    private GpuResolution resolve(String name, Optional<GpuMemory> memory) {
        if (name.length() > MOST_CHARACTERS) { // what follows looks at each of them more than once
            return new GpuResolution.Unknown(
                    name, "it is longer than any name, which has at most " + MOST_CHARACTERS + " characters");
        }
        Matcher shared = SHARED.matcher(name);
        if (shared.find()) {
            GpuResolution card = resolve(name.substring(0, shared.start()), memory);
            return card instanceof GpuResolution.Unknown unknown
                    ? new GpuResolution.Unknown(name, unknown.reason())
                    : new GpuResolution.Shared(name, card);
        }
        String card = MODE.matcher(name).replaceFirst("");
        Matcher withChip = WITH_CHIP.matcher(card);
        Reading reading = UnknownGpu.isSlice(name)
                ? Reading.NOTHING
                : read(GpuTables.normalise(withChip.matches() ? withChip.group(1) : card), memory.map(GpuMemory::gib));
        if (reading.named().isEmpty()) {
            return new GpuResolution.Unknown(name, unknown.reason(name));
        }
        List<GpuModel> fitting = reading.fitting();
        return switch (fitting.size()) {
            case 0 -> new GpuResolution.Unknown(name, noneFits(memory, reading.named()));
            case 1 -> new GpuResolution.Known(name, fitting.get(0));
            default -> new GpuResolution.Ambiguous(name, fitting);
        };
    }

    /**
     * The content's hash: two catalogs that know the same models, figures and names have the same version.
     *
     * @return 32 hexadecimal digits
     */
    public String version() {
        return version;
    }

    private static String hash(List<List<GpuModel>> models, List<Map<String, Set<GpuModel>>> names) {
        StringBuilder content = new StringBuilder();
        for (List<GpuModel> kind : models) {
            kind.forEach(model -> content.append(List.of(model.name(), model.vendor(), model.chip(), model.spec()))
                    .append('\n'));
            content.append('\n'); // or a model that moves from one kind to the next would change nothing
        }
        for (Map<String, Set<GpuModel>> kind : names) {
            new TreeMap<>(kind)
                    .forEach((alias, meant) -> content.append(alias)
                            .append(meant.stream().map(GpuModel::name).sorted().toList())
                            .append('\n'));
            content.append('\n');
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(content.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private static String noneFits(Optional<GpuMemory> memory, Set<GpuModel> named) {
        return "no GPU of that name has " + memory.map(GpuMemory::toString).orElse("that memory") + "; known: "
                + named.stream().map(GpuModel::name).collect(Collectors.joining(", "));
    }

    /** The models that a name means, and those of them that have the memory, where one is told. */
    private record Reading(Set<GpuModel> named, List<GpuModel> fitting) {

        static final Reading NOTHING = new Reading(Set.of(), List.of());

        Reading where(Predicate<GpuModel> fits) {
            return new Reading(named, fitting.stream().filter(fits).toList());
        }
    }

    private Reading read(String key, Optional<BigDecimal> memory) {
        Set<GpuModel> named = new LinkedHashSet<>(byAlias.getOrDefault(key, Set.of()));
        if (memory.isPresent()) {
            named.addAll(byAliasWithoutMemory.getOrDefault(key, Set.of()));
        }
        if (named.isEmpty()) {
            return readInside(key).where(model -> memory.isEmpty() || hasMemory(model, memory.get()));
        }
        Reading reading = new Reading(named, List.copyOf(named));
        if (memory.isEmpty()
                || (named.size() == 1 && advertised(reading.fitting().get(0)).isEmpty())) {
            return reading; // nothing speaks against the only one
        }
        return reading.where(model -> hasMemory(model, memory.get()));
    }

    /** A name with something around it that is no part of it. */
    private Reading readInside(String key) {
        Matcher vgpu = VGPU.matcher(key);
        if (vgpu.matches()) {
            if (key.startsWith(GRID)) { // what vGPU profiles were called before
                return read(key.substring(GRID.length()), Optional.empty());
            }
            BigDecimal slice = new BigDecimal(vgpu.group(2));
            Reading card = read(vgpu.group(1), Optional.of(slice))
                    .where(model -> advertised(model)
                            .filter(whole -> whole.compareTo(slice) == 0)
                            .isPresent());
            if (!card.fitting().isEmpty()) {
                return card;
            }
        }
        Matcher withMemory = WITH_MEMORY.matcher(key);
        if (withMemory.matches() && !saysMemoryTwice(withMemory.group(1))) {
            return read(withMemory.group(1), Optional.of(new BigDecimal(withMemory.group(2))));
        }
        return Reading.NOTHING;
    }

    /** As in {@code GeForce RTX 3060 8GB} with another memory behind: no system writes such a name. */
    private boolean saysMemoryTwice(String key) {
        return !byAlias.containsKey(key) && WITH_MEMORY.matcher(key).matches();
    }

    private static boolean hasMemory(GpuModel model, BigDecimal gib) {
        return advertised(model)
                .filter(memory -> memory.subtract(gib).abs().compareTo(memory.multiply(MEMORY_TOLERANCE)) <= 0)
                .isPresent();
    }

    private static Optional<BigDecimal> advertised(GpuModel model) {
        return model.spec().memoryGib().or(() -> {
            Matcher named = MEMORY_IN_NAME.matcher(model.name());
            return named.find() ? Optional.of(new BigDecimal(named.group(1))) : Optional.empty();
        });
    }

    /** A normalised name without the memory at its end, if there is one. */
    static Optional<String> withoutMemory(String key) {
        Matcher withMemory = WITH_MEMORY.matcher(key);
        return withMemory.matches() ? Optional.of(withMemory.group(1)) : Optional.empty();
    }
}
