package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.money.HourlyRate;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Counts what becomes of the entries of a list while it is read. Not thread-safe. */
final class Tally<T> {

    /** What a list gave. */
    record Kept<T>(List<T> entries, long read, Map<String, Long> dropped) {

        Kept {
            entries = List.copyOf(entries);
            dropped = Map.copyOf(dropped);
        }
    }

    private final List<T> kept = new ArrayList<>();
    private final Map<String, Long> dropped = new TreeMap<>();
    private long read;

    void read() {
        read++;
    }

    void keep(T entry) {
        kept.add(entry);
    }

    /** Reasons are few and fixed: they name fields, never what a stranger wrote into them. */
    void drop(String reason) {
        dropped.merge(reason, 1L, Long::sum);
    }

    Kept<T> done() {
        return new Kept<>(kept, read, dropped);
    }

    /** A price above zero, from the digits that were sent; empty, and counted, if it is none. */
    Optional<HourlyRate> rate(String usd) {
        HourlyRate rate;
        try {
            rate = HourlyRate.usd(new BigDecimal(usd));
        } catch (ArithmeticException | NumberFormatException e) {
            drop("price is no number of dollars an hour");
            return Optional.empty();
        }
        if (rate.nanoUsdPerHour() <= 0) {
            drop("price is 0: not offered, or not charged here");
            return Optional.empty();
        }
        return Optional.of(rate);
    }
}
