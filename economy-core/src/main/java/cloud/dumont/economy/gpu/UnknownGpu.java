package cloud.dumont.economy.gpu;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Why a name means no GPU of the catalog. docs/gpus.md lists the same reasons. */
final class UnknownGpu {

    private record Kind(Pattern pattern, String reason) {

        static Kind of(String pattern, String reason) {
            return new Kind(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), reason);
        }
    }

    /** How many names an error suggests. */
    private static final int NEAREST = 3;

    private static final String NVIDIA = "nvidia";

    private static final String WORD = "(?<![a-z0-9])";
    private static final String END = "(?![a-z0-9])";

    /** As in A100-SXM4-40GB-MIG-1g.5gb. */
    private static final Kind SLICE = Kind.of(
            WORD + "MIG" + END + "|\\d+g[._]\\d+gb",
            "it is a MIG slice, not a whole GPU; name the card, and count the slice as its fraction");

    private static final List<Kind> KINDS = List.of(
            SLICE,
            Kind.of( // A10-4Q, A100-4-20C
                    "-\\d+[ABCQ]\\s*$",
                    "it is a vGPU profile, not a whole GPU; name the card, and count the slice as its fraction"),
            Kind.of( // 8x H100, H100:8, MI300X - 8X
                    "^\\s*\\d+\\s?x\\s|[:\\s-]\\d+x?\\s*$(?<=:\\d{1,4}|\\d{1,4}x)",
                    "it counts or numbers GPUs; name one, and give the count as such"),
            Kind.of(
                    WORD + "(laptop|mobile|embedded|jetson|orin|xavier|thor|drive)" + END + "|max-q design",
                    "it is a GPU of a laptop or of an embedded system, which is slower than the card that is called so"),
            Kind.of(WORD + "(cmp|p10[246]-\\d+)" + END, "it is a mining card, whose memory and bus are cut down"),
            Kind.of(WORD + "(tpu|v\\d[a-z]*pod|ct\\d)", "it is a TPU, not a GPU"),
            Kind.of(
                    "\\d*xlarge$|\\.metal|^standard_[a-z]+\\d|^[a-z]\\d[a-z]*-(high|mega|ultra|standard|max|edge)",
                    "it is a machine type, not a GPU; name the GPU that it has"),
            Kind.of("[/+|&,;]", "it may mean more than one GPU; name one"));

    /** Canonical names, each with what it is normalised. */
    private final Map<String, String> known;

    UnknownGpu(Collection<String> names) {
        known = new LinkedHashMap<>();
        names.forEach(name -> known.put(name, GpuTables.normalise(name)));
    }

    /** Whether a name is that of a MIG slice, whatever card it names too. */
    static boolean isSlice(String name) {
        return SLICE.pattern().matcher(name).find();
    }

    String reason(String name) {
        return KINDS.stream()
                .filter(kind -> kind.pattern().matcher(name).find())
                .map(Kind::reason)
                .findFirst()
                .orElseGet(() -> "no GPU is known by that name" + nearest(GpuTables.normalise(name)));
    }

    private String nearest(String key) {
        String bare = key.startsWith(NVIDIA) ? key.substring(NVIDIA.length()) : key;
        int far = bare.length() / 3;
        Map<String, Integer> distances = new LinkedHashMap<>();
        known.forEach((name, other) -> {
            if (Math.abs(other.length() - bare.length()) <= far) { // else it is farther away than that
                distances.put(name, distance(bare, other));
            }
        });
        String near = distances.entrySet().stream()
                .filter(distance -> distance.getValue() <= far)
                .sorted(Map.Entry.comparingByValue())
                .limit(NEAREST)
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
        return near.isEmpty() ? "" : "; near to it are " + near;
    }

    /** How many characters to put in, take out or replace. */
    private static int distance(String one, String other) {
        int[] above = IntStream.rangeClosed(0, other.length()).toArray();
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[above.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[other.length()];
    }
}
