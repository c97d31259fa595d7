package cloud.dumont.economy.savings;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A figure together with everything that made it: the facts, the price rows with their sources, the billing rule, and the arithmetic
 * line by line. Somebody else can recompute it from nothing but itself, and {@link #verify()} does.
 *
 * <p>All values are texts, as they stand in a file: numbers as whole decimal numbers, money in quanta (1/3600 nano-USD), rates in
 * nano-USD per hour, times in ISO-8601 UTC. Each section ends with a {@code seal} that holds a short check of each of its fields, so
 * that a change is found, and named, also where no arithmetic would show it. A seal finds slips and careless edits; it is not a
 * signature.
 *
 * <p>Each line says what its time rests on: {@code evidence} is an {@link cloud.dumont.economy.usage.Evidence}. A run that begins with
 * one that does not vouch for its launch has no minimum.
 *
 * @param facts which figure of which account, as of when, vouched for until when ({@code observed_until}), against which baseline, under
 *     which billing rule and catalog version
 * @param lines one per stretch of time at one pair of rates, and one per addition or deduction of the billing rule; for a projection
 *     one per instance that is billable now
 * @param totals the sums over the lines
 */
public record Receipt(Map<String, String> facts, List<Map<String, String>> lines, Map<String, String> totals) {

    /** What a receipt is about. */
    public enum Figure {
        /** The lifetime savings. */
        LIFETIME,
        /** The savings of the runs that last. */
        SESSION,
        /** The savings rate now, and what it comes to if it goes on. */
        PROJECTION
    }

    /** Copies everything, in order. */
    public Receipt {
        facts = copy(facts);
        lines = lines.stream().map(Receipt::copy).toList();
        totals = copy(totals);
    }

    private static Map<String, String> copy(Map<String, String> fields) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /**
     * Recomputes the receipt from itself.
     *
     * @return what is wrong, each naming its field, such as {@code lines[2].seconds: ...}; empty for a receipt that holds
     */
    public List<String> verify() {
        return new ReceiptCheck(this).run();
    }
}
