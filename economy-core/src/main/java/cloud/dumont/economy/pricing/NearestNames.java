package cloud.dumont.economy.pricing;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The names that come nearest to one that is not known: by how many letters have to be changed, put in or taken out. */
final class NearestNames {

    private static final int MOST = 5;

    private NearestNames() {}

    /** Such as {@code nearest of 267: p5.48xlarge, p5.4xlarge}. */
    static String suggest(String wanted, Stream<String> known) {
        String lower = wanted.toLowerCase(Locale.ROOT);
        List<String> names = known.distinct()
                .sorted(Comparator.<String>comparingInt(name -> distance(lower, name.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        return (names.size() > MOST ? "nearest of " + names.size() + ": " : "known: ")
                + names.stream().limit(MOST).collect(Collectors.joining(", "));
    }

    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
