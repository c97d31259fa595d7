package cloud.dumont.economy.savings;

import cloud.dumont.economy.input.Given;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One unbroken run in a receipt: its time lines touch, and what the billing rule adds or takes off follows them. */
final class ReceiptRun {

    private final String instance;
    private final List<Map<String, String>> times = new ArrayList<>();
    private long settledSeconds;

    ReceiptRun(String instance) {
        this.instance = instance;
    }

    String instance() {
        return instance;
    }

    void addTime(Map<String, String> line) {
        times.add(line);
    }

    void addSettled(Map<String, String> line) {
        settledSeconds = Math.addExact(settledSeconds, ReceiptCheck.number(line, "equivalent_seconds"));
    }

    /** A minimum is charged for a launch that somebody vouches for: not where the run begins with a sight, and nobody knows since when. */
    boolean hasMinimum() {
        String evidence = times.get(0).get("evidence");
        return switch (String.valueOf(evidence)) {
            case "OBSERVED", "PUSHED", "PUSHED_AND_SEEN", "SEEN_SINCE" -> true;
            case "SEEN", "INFERRED", "PROVISIONAL" -> false;
            default ->
                throw new IllegalArgumentException("evidence '" + Given.shown(String.valueOf(evidence))
                        + "' is not one of OBSERVED, PUSHED, PUSHED_AND_SEEN, SEEN_SINCE, SEEN, INFERRED, PROVISIONAL");
        };
    }

    /** What the receipt's lines add to the time, or take off. */
    long settledSeconds() {
        return settledSeconds;
    }

    long start() {
        return ReceiptCheck.second(times.get(0), "from");
    }

    long end() {
        return ReceiptCheck.second(times.get(times.size() - 1), "to");
    }

    /** What the lines must add to the time, or take off, where so many seconds are charged. */
    long settledFor(long charged) {
        long length = end() - start();
        if (charged > length) {
            return ReceiptCheck.isCompared(times.get(times.size() - 1)) ? charged - length : 0;
        }
        return -comparedAfter(start() + charged);
    }

    private long comparedAfter(long from) {
        return times.stream()
                .filter(ReceiptCheck::isCompared)
                .mapToLong(line -> Math.max(
                        0, ReceiptCheck.second(line, "to") - Math.max(from, ReceiptCheck.second(line, "from"))))
                .sum();
    }
}
