package cloud.dumont.economy.savings;

import cloud.dumont.economy.input.Given;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import java.math.BigInteger;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Recomputes a receipt from nothing but its own fields. */
final class ReceiptCheck {

    /** Bounded before a number is made of it; 128 bits have 39 digits. */
    private static final Pattern QUANTA = Pattern.compile("-?\\d{1,39}");

    private final Receipt receipt;
    private final List<String> wrong = new ArrayList<>();

    ReceiptCheck(Receipt receipt) {
        this.receipt = receipt;
    }

    List<String> run() {
        seal("facts", receipt.facts());
        for (int i = 0; i < receipt.lines().size(); i++) {
            seal(name(i), receipt.lines().get(i));
        }
        seal("totals", receipt.totals());
        guarded(
                "facts.lines",
                () -> equal(
                        "facts.lines",
                        Integer.toString(receipt.lines().size()),
                        receipt.facts().get("lines")));
        guarded("facts.observed_until", this::observedUntil);
        guarded("facts.figure", this::figure);
        return List.copyOf(wrong);
    }

    private void figure() {
        switch (figure(field(receipt.facts(), "figure"))) {
            case LIFETIME -> costs();
            case SESSION -> {
                costs();
                runs().forEach(this::mustLast);
            }
            case PROJECTION -> rates();
        }
    }

    private void costs() {
        eachLine(this::cost);
        guarded("lines", () -> runs().forEach(this::close));
        guarded("totals", this::totals);
    }

    private interface LineCheck {
        void check(String name, Map<String, String> line);
    }

    private void eachLine(LineCheck check) {
        for (int i = 0; i < receipt.lines().size(); i++) {
            int line = i;
            guarded(name(line), () -> check.check(name(line), receipt.lines().get(line)));
        }
    }

    private static String name(int line) {
        return "lines[" + line + "]";
    }

    /** A value that is no number, no time, or not there at all is wrong too, and does not end the check. */
    private static Receipt.Figure figure(String name) {
        return Arrays.stream(Receipt.Figure.values())
                .filter(figure -> figure.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("figure '" + Given.shown(name) + "' is not one of "
                        + Arrays.toString(Receipt.Figure.values())));
    }

    private void guarded(String where, Runnable check) {
        try {
            check.run();
        } catch (ArithmeticException | IllegalArgumentException | DateTimeParseException e) {
            wrong.add(where + ": " + e.getMessage());
        }
    }

    private void seal(String section, Map<String, String> fields) {
        Seal.broken(fields).forEach(field -> wrong.add(section + "." + Given.shown(field) + ": does not fit its seal"));
    }

    private void equal(String field, Object computed, @Nullable String stated) {
        if (!computed.toString().equals(String.valueOf(stated))) {
            wrong.add(field + ": states " + Given.shown(String.valueOf(stated)) + ", computes to "
                    + Given.shown(computed));
        }
    }

    private static String field(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("field " + name + " is missing");
        }
        return value;
    }

    static long number(Map<String, String> fields, String name) {
        try {
            return Long.parseLong(field(fields, name));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    name + " '" + Given.shown(field(fields, name)) + "' is not a whole number", e);
        }
    }

    private static Amount amount(Map<String, String> fields, String name) {
        String quanta = field(fields, name);
        if (!QUANTA.matcher(quanta).matches()) {
            throw new IllegalArgumentException(
                    name + " '" + Given.shown(quanta) + "' is not a whole number of at most 39 digits");
        }
        return Amount.ofQuanta(new BigInteger(quanta));
    }

    static long second(Map<String, String> fields, String name) {
        return Instant.parse(field(fields, name)).getEpochSecond();
    }

    static boolean isCompared(Map<String, String> line) {
        return line.containsKey("tier");
    }

    private static boolean isTime(Map<String, String> line) {
        return field(line, "kind").equals("time");
    }

    private void cost(String name, Map<String, String> line) {
        equal(name + ".seconds", second(line, "to") - second(line, "from"), field(line, "seconds"));
        if (!field(line, "paid_nano_usd_per_hour").isEmpty()) {
            HourlyRate paid = HourlyRate.ofNanoUsd(number(line, "paid_nano_usd_per_hour"));
            equal(
                    name + ".paid_quanta",
                    paid.forSeconds(number(line, "seconds")).toQuanta(),
                    field(line, "paid_quanta"));
        }
        if (!isCompared(line)) {
            return;
        }
        HourlyRate charged = charged(name, line);
        equal(
                name + ".equivalent_quanta",
                charged.forSeconds(number(line, "equivalent_seconds")).toQuanta(),
                field(line, "equivalent_quanta"));
        if (isTime(line)) {
            equal(name + ".equivalent_seconds", field(line, "seconds"), field(line, "equivalent_seconds"));
        }
    }

    private HourlyRate charged(String name, Map<String, String> line) {
        HourlyRate charged = HourlyRate.ofNanoUsd(number(line, "list_nano_usd_per_hour"))
                .share(number(line, "charged_numerator"), number(line, "charged_denominator"));
        equal(
                name + ".equivalent_nano_usd_per_hour",
                charged.nanoUsdPerHour(),
                field(line, "equivalent_nano_usd_per_hour"));
        return charged;
    }

    private void rates() {
        eachLine((name, line) -> {
            if (isCompared(line)) {
                HourlyRate paid = HourlyRate.ofNanoUsd(number(line, "paid_nano_usd_per_hour"));
                equal(
                        name + ".savings_nano_usd_per_hour",
                        charged(name, line).minus(paid).nanoUsdPerHour(),
                        field(line, "savings_nano_usd_per_hour"));
            }
        });
        guarded("totals", () -> {
            BigInteger paid = BigInteger.ZERO;
            BigInteger equivalent = BigInteger.ZERO;
            int compared = 0;
            for (Map<String, String> line : receipt.lines()) {
                if (isCompared(line)) {
                    paid = paid.add(BigInteger.valueOf(number(line, "paid_nano_usd_per_hour")));
                    equivalent = equivalent.add(BigInteger.valueOf(number(line, "equivalent_nano_usd_per_hour")));
                    compared++;
                }
            }
            ProjectionReceipt.totals(receipt.lines().size(), compared, paid, equivalent)
                    .forEach((field, value) ->
                            equal("totals." + field, value, receipt.totals().get(field)));
        });
    }

    private static boolean isOf(Map<String, String> line, String evidence) {
        return field(line, "evidence").equals(evidence);
    }

    /** No sight lies after the moment of the receipt, and nothing is provisional before the first of the last sights. */
    private void observedUntil() {
        long observedUntil = second(receipt.facts(), "observed_until");
        if (observedUntil > second(receipt.facts(), "at")) {
            wrong.add("facts.observed_until: " + Given.shown(field(receipt.facts(), "observed_until"))
                    + " lies after the moment of the receipt, "
                    + receipt.facts().get("at"));
        }
        eachLine((name, line) -> {
            if (isOf(line, "PROVISIONAL") && line.containsKey("from") && second(line, "from") < observedUntil) {
                wrong.add(name + ".from: " + Given.shown(field(line, "from"))
                        + " is provisional, but all is vouched for until "
                        + receipt.facts().get("observed_until"));
            }
        });
    }

    private List<ReceiptRun> runs() {
        List<ReceiptRun> runs = new ArrayList<>();
        Map<String, ReceiptRun> latest = new HashMap<>();
        for (Map<String, String> line : receipt.lines()) {
            String instance = field(line, "instance");
            ReceiptRun run = latest.get(instance);
            if (isTime(line)) {
                if (run == null || run.end() != second(line, "from")) {
                    run = new ReceiptRun(instance);
                    latest.put(instance, run);
                    runs.add(run);
                }
                run.addTime(line);
            } else if (run == null) {
                throw new IllegalArgumentException(
                        "a " + Given.shown(field(line, "kind")) + " of " + Given.shown(instance) + " follows no time");
            } else {
                run.addSettled(line);
            }
        }
        return runs;
    }

    private void mustLast(ReceiptRun run) {
        if (run.end() != second(receipt.facts(), "at")) {
            wrong.add("lines: the run of " + Given.shown(run.instance()) + " from " + Instant.ofEpochSecond(run.start())
                    + " ends before the moment of the receipt, so it is no session that lasts");
        }
    }

    /** What the billing rule adds or takes off, from the length of the run. */
    private void close(ReceiptRun run) {
        long length = run.end() - run.start();
        long minimum = run.hasMinimum() ? number(receipt.facts(), "billing_minimum_seconds") : 0;
        long increment = number(receipt.facts(), "billing_increment_seconds");
        long whenEnded = run.settledFor(Math.max(minimum, length - length % increment));
        // A run that ended at the very moment of the receipt looks like one that lasts: both readings are right there.
        boolean mayLast = run.end() == second(receipt.facts(), "at");
        if (run.settledSeconds() != whenEnded
                && !(mayLast && run.settledSeconds() == run.settledFor(Math.max(minimum, length)))) {
            wrong.add("lines: the run of " + Given.shown(run.instance()) + " from " + Instant.ofEpochSecond(run.start())
                    + " took "
                    + length + " s, and somebody vouches for its launch: " + run.hasMinimum()
                    + "; the billing rule settles " + whenEnded + " s, the lines settle "
                    + run.settledSeconds()
                    + " s");
        }
    }

    private void totals() {
        long billable = 0;
        long compared = 0;
        long inferred = 0;
        long provisional = 0;
        Amount paid = Amount.ZERO;
        Amount uncompared = Amount.ZERO;
        Amount equivalent = Amount.ZERO;
        for (Map<String, String> line : receipt.lines()) {
            billable = Math.addExact(billable, number(line, "seconds"));
            if (isOf(line, "INFERRED")) {
                inferred = Math.addExact(inferred, number(line, "seconds"));
            }
            if (isOf(line, "PROVISIONAL")) {
                provisional = Math.addExact(provisional, number(line, "seconds"));
            }
            if (isCompared(line)) {
                compared = Math.addExact(compared, number(line, "seconds"));
                paid = paid.plus(amount(line, "paid_quanta"));
                equivalent = equivalent.plus(amount(line, "equivalent_quanta"));
            } else if (!field(line, "paid_quanta").isEmpty()) {
                uncompared = uncompared.plus(amount(line, "paid_quanta"));
            }
        }
        Map<String, String> totals = receipt.totals();
        equal("totals.billable_seconds", billable, totals.get("billable_seconds"));
        equal("totals.compared_seconds", compared, totals.get("compared_seconds"));
        equal("totals.inferred_seconds", inferred, totals.get("inferred_seconds"));
        equal("totals.provisional_seconds", provisional, totals.get("provisional_seconds"));
        equal("totals.paid_quanta", paid.toQuanta(), totals.get("paid_quanta"));
        equal("totals.uncompared_quanta", uncompared.toQuanta(), totals.get("uncompared_quanta"));
        equal("totals.equivalent_quanta", equivalent.toQuanta(), totals.get("equivalent_quanta"));
        Amount savings = equivalent.minus(paid);
        equal("totals.savings_quanta", savings.toQuanta(), totals.get("savings_quanta"));
        equal("totals.savings_usd", savings.toUsd().toPlainString(), totals.get("savings_usd"));
    }
}
