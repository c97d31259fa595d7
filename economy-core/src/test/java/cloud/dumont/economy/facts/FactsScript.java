package cloud.dumont.economy.facts;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.GapPolicy;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.ObservedInstance;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A few minutes in the life of a small fleet, as its source and its host report it: listings that lose pages, fail or come late, starts
 * that can and cannot be true, pushes that arrive twice, late and in any order. Times are seconds after {@link #BEGIN}.
 */
final class FactsScript {

    /** Small enough for every limit to be passed often. */
    static final GapPolicy GAPS = new GapPolicy(Duration.ofSeconds(10), Duration.ofSeconds(60));

    static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");

    /** No event is later. */
    static final int LAST = 400;

    /** What an instance is and does, by number; {@link #GONE} is none of them. */
    static final List<InstanceState> STATES =
            List.of(InstanceState.RUNNING, InstanceState.RUNNING, InstanceState.IDLE, InstanceState.STOPPED);

    static final int GONE = -1;

    /** One instance in a listing. */
    record Shown(int content, Optional<Integer> since) {}

    /** A listing, at the second that the source's clock showed. */
    record Listed(int at, Map<Integer, Shown> shown) {}

    /** A push. */
    record Pushed(int instance, int at, int content) {}

    /** Something that reaches the ledger, at some second. */
    record Event(int arrives, Optional<Listed> listing, Optional<Pushed> push) {}

    final int instances;
    final List<Event> events = new ArrayList<>();
    final List<Listed> listings = new ArrayList<>();
    final Map<Integer, Map<Integer, Integer>> pushes = new HashMap<>();

    private final Gen gen;
    private final String name;
    private final boolean polled;

    /** What the source says of when an instance's state began: nothing, the truth, when it was launched, or the truth at times. */
    private final int[] tells;

    /**
     * Makes a script.
     *
     * @param name keeps its accounts and its source apart from those of other scripts in the same store
     */
    FactsScript(Gen gen, String name) {
        this.gen = gen;
        this.name = name;
        instances = gen.between(1, 4);
        tells = new int[instances];
        for (int i = 0; i < instances; i++) {
            tells[i] = gen.between(0, 3);
        }
        polled = !gen.oneIn(4);
        boolean pushed = !polled || gen.oneIn(2);
        if (polled) {
            list(!pushed);
        }
        if (pushed) {
            push();
        }
        events.sort(Comparator.comparing(Event::arrives)
                .thenComparing(event -> event.listing().isPresent()));
    }

    /** The name of the fleet's source. */
    String source() {
        return "fleet" + name;
    }

    AccountId account(int instance) {
        return AccountId.of((instance % 2 == 0 ? "acme" : "umbrella") + name);
    }

    Instance instance(int number, int content) {
        return Instance.builder(account(number), "i-" + number)
                .gpu("T4", GpuCount.ONE)
                .rate(HourlyRate.usd(content == 1 ? "0.30" : "0.20"))
                .build();
    }

    static Instant at(int second) {
        return BEGIN.plusSeconds(second);
    }

    List<ObservedInstance> fleet(Listed listing) {
        return listing.shown().entrySet().stream()
                .map(shown -> new ObservedInstance(
                        instance(shown.getKey(), shown.getValue().content()),
                        STATES.get(shown.getValue().content()),
                        shown.getValue().since().map(FactsScript::at)))
                .toList();
    }

    private void list(boolean clockStepsBack) {
        int[] content = new int[instances];
        int[] changed = new int[instances];
        boolean[] there = new boolean[instances];
        for (int i = 0; i < instances; i++) {
            there[i] = gen.oneIn(2);
        }
        boolean losesPages = gen.oneIn(2);
        for (int now = gen.between(1, 20); now < LAST; now += pause()) {
            Map<Integer, Shown> shown = new TreeMap<>();
            for (int i = 0; i < instances; i++) {
                if (gen.oneIn(12)) {
                    there[i] = !there[i];
                    changed[i] = now - gen.between(0, 12);
                }
                if (gen.oneIn(10)) {
                    content[i] = gen.between(0, STATES.size() - 1);
                    changed[i] = tells[i] == 2 ? changed[i] : now - gen.between(-1, 8);
                }
                if (there[i] && !(losesPages && gen.oneIn(5))) {
                    shown.put(i, new Shown(content[i], since(tells[i], changed[i])));
                }
            }
            if (gen.oneIn(15)) {
                shown.clear();
            }
            int stamp = clockStepsBack && gen.oneIn(12) ? Math.max(0, now - gen.between(0, 6)) : now;
            Listed listing = new Listed(stamp, shown);
            listings.add(listing);
            events.add(new Event(now, Optional.of(listing), Optional.empty()));
            if (gen.oneIn(10)) {
                listings.add(listing); // the answer was lost, and the call is made again
                events.add(new Event(now, Optional.of(listing), Optional.empty()));
            }
        }
    }

    private int pause() {
        return gen.oneIn(12) ? gen.between(11, 150) : gen.between(1, 9);
    }

    private Optional<Integer> since(int tells, int changed) {
        return tells == 0 || (tells == 3 && gen.oneIn(4)) ? Optional.empty() : Optional.of(changed + gen.between(0, 2));
    }

    private void push() {
        int count = gen.between(1, 8);
        for (int i = 0; i < count; i++) {
            int instance = gen.between(0, instances - 1);
            int at = gen.between(0, LAST);
            int content = gen.oneIn(4) ? GONE : gen.between(0, STATES.size() - 1);
            if (pushes.computeIfAbsent(instance, key -> new TreeMap<>()).putIfAbsent(at, content) != null) {
                continue;
            }
            Pushed push = new Pushed(instance, at, content);
            int times = gen.between(1, 2);
            for (int time = 1; time <= times; time++) {
                int late = gen.oneIn(3) ? gen.between(0, 40) : gen.between(0, 2);
                // Late among sightings: what was seen meanwhile is known as intervals only, FactsTest has what follows.
                late = polled && time == 1 ? 0 : late;
                events.add(new Event(at + late, Optional.empty(), Optional.of(push)));
            }
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(event.arrives())
                .append(": ")
                .append(event.listing().map(Object::toString).orElse(""))
                .append(event.push().map(Object::toString).orElse(""))
                .append('\n'));
        return text.toString();
    }
}
