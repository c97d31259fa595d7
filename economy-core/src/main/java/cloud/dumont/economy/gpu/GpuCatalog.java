package cloud.dumont.economy.gpu;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The known GPU models and every name that means one.
 *
 * <p>Names are normalised (lower case, letters and digits only) and then matched exactly: {@code RTX_4090}, {@code rtx 4090} and
 * {@code NVIDIA GeForce RTX 4090} are one, {@code A10} is never {@code A100}. Each name in the table also counts with its maker
 * in front ({@code NVIDIA A10}), with the model's own memory behind ({@code A10 24GB}, {@code A10 24G}; no other memory), and
 * with {@code -SHARED} at the end, as Kubernetes labels cards whose time is shared. There is no other rule. A name that may mean
 * several models is told apart by the memory where that is given, else it stays ambiguous. A slice (a MIG or vGPU profile) is
 * never taken for a whole GPU.
 *
 * <p>This class is immutable and thread-safe.
 */
public final class GpuCatalog {

    /** Systems report usable memory, which is up to a tenth below what is advertised (an L4 of 24 GB shows 22.4 GiB). */
    private static final BigDecimal MEMORY_TOLERANCE = new BigDecimal("0.10");

    /** What the label of a Kubernetes node adds to the name of a card whose time is shared: it stays that card. */
    private static final String TIME_SLICED = "shared";

    /** As in A100-SXM4-40GB-MIG-1g.5gb. */
    private static final Pattern MIG = Pattern.compile("\\bMIG\\b|\\d+g\\.\\d+gb", Pattern.CASE_INSENSITIVE);

    /** As in A10-4Q: so many GB of the card, and the kind of licence. */
    private static final Pattern VGPU = Pattern.compile("-\\d+[ABCQ]$", Pattern.CASE_INSENSITIVE);

    private final Map<String, GpuModel> byName;
    private final Map<String, Set<GpuModel>> byAlias;
    private final String version;

    GpuCatalog(Map<String, GpuModel> byName, Map<String, Set<GpuModel>> byAlias) {
        this.byName = byName;
        this.byAlias = byAlias;
        this.version = hash(byName, byAlias);
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
        Set<GpuModel> found = named(name);
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
        Set<GpuModel> found = named(name);
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

    /**
     * The content's hash: two catalogs that know the same models, figures and names have the same version.
     *
     * @return 32 hexadecimal digits
     */
    public String version() {
        return version;
    }

    private static String hash(Map<String, GpuModel> byName, Map<String, Set<GpuModel>> byAlias) {
        StringBuilder content = new StringBuilder();
        byName.values()
                .forEach(model -> content.append(List.of(model.name(), model.vendor(), model.chip(), model.spec()))
                        .append('\n'));
        new TreeMap<>(byAlias)
                .forEach((alias, models) -> content.append(alias)
                        .append(models.stream().map(GpuModel::name).sorted().toList())
                        .append('\n'));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(content.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private Set<GpuModel> named(String name) {
        String key = GpuTables.normalise(name);
        return byAlias.getOrDefault(
                key.endsWith(TIME_SLICED) ? key.substring(0, key.length() - TIME_SLICED.length()) : key, Set.of());
    }

    private GpuResolution unknown(String name) {
        String reason;
        if (MIG.matcher(name).find()) {
            reason = "it is a MIG slice, not a whole GPU; name the card, and count the slice as its fraction";
        } else if (VGPU.matcher(name).find()) {
            reason = "it is a vGPU profile, not a whole GPU; name the card, and count the slice as its fraction";
        } else {
            reason = "no GPU is known by that name; known: " + String.join(", ", byName.keySet());
        }
        return new GpuResolution.Unknown(name, reason);
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
}
