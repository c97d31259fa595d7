package cloud.dumont.economy.facts;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.facts.FactsOracle.Second;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.testing.FaultyStore;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.SparingStore;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
import cloud.dumont.economy.usage.UsageLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The law of the facts: whatever a process was told before it restarted, however late, often and in whatever order words arrive, and
 * whichever of several hosts takes them in, the stored history is that of an oracle that was told everything at once. Held against every
 * store.
 */
public final class FactsLaw {

    /** When all of a script has been played. */
    public static final Instant END = FactsScript.at(FactsScript.LAST + 50);

    private FactsLaw() {}

    /**
     * Checks one random script.
     *
     * @param gen makes the script
     * @param store knows nothing of a script of that name
     * @param name keeps the script apart from others in the same store
     */
    public static void check(Gen gen, HistoryStore store, String name) {
        FactsScript script = new FactsScript(gen, name);
        play(gen, script, gen.oneIn(2) ? SparingStore.of(store) : store);
        FactsOracle oracle = new FactsOracle(script);
        Map<String, InstanceTimeline> stored = stored(script, store);
        for (int i = 0; i < script.instances; i++) {
            InstanceTimeline timeline = stored.getOrDefault("i-" + i, InstanceTimeline.EMPTY);
            FactsOracle.History expected = oracle.history(i);
            assertThat(seconds(script, i, timeline))
                    .as("instance %s, stored: %s, script:%n%s", i, timeline, script)
                    .isEqualTo(text(expected.seconds()));
            assertThat(vouchedRuns(timeline))
                    .as("vouched launches of instance %s, stored: %s, script:%n%s", i, timeline, script)
                    .isEqualTo(vouchedRuns(timeline, expected));
        }
    }

    private static void play(Gen gen, FactsScript script, HistoryStore store) {
        boolean faulty = gen.oneIn(3);
        List<UsageLedger> hosts = new ArrayList<>();
        int count = gen.between(1, 2);
        for (FactsScript.Event event : script.events) {
            while (hosts.size() < count) {
                hosts.add(UsageLedger.builder(faulty ? FaultyStore.of(store, gen, 6) : store)
                        .gaps(FactsScript.GAPS)
                        .time(() -> END)
                        .build());
            }
            UsageLedger host = gen.pick(hosts);
            untilTaken(() -> {
                event.listing()
                        .ifPresent(listing ->
                                host.observe(script.source(), script.fleet(listing), FactsScript.at(listing.at())));
                event.push().ifPresent(push -> push(script, host, push));
            });
            if (gen.oneIn(10)) {
                hosts.remove(host); // and another process takes over
            }
        }
    }

    private static void push(FactsScript script, UsageLedger host, FactsScript.Pushed push) {
        if (push.content() == FactsScript.GONE) {
            Instance gone = script.instance(push.instance(), 0);
            host.ended(gone.account(), gone.id(), FactsScript.at(push.at()));
        } else {
            host.changed(
                    script.instance(push.instance(), push.content()),
                    FactsScript.STATES.get(push.content()),
                    FactsScript.at(push.at()));
        }
    }

    private static void untilTaken(Runnable call) {
        while (true) {
            try {
                call.run();
                return;
            } catch (FaultyStore.Broken e) {
                // the host tries again
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageContaining("disjoint in turn");
                return;
            }
        }
    }

    private static Map<String, InstanceTimeline> stored(FactsScript script, HistoryStore store) {
        Map<String, InstanceTimeline> stored = new HashMap<>();
        for (AccountId account : List.of(script.account(0), script.account(1))) {
            store.timelines(account)
                    .forEach(timeline -> stored.put(
                            timeline.intervals().get(0).instance().id().value(), timeline));
        }
        return stored;
    }

    private static String seconds(FactsScript script, int instance, InstanceTimeline timeline) {
        Second[] seconds = new Second[FactsOracle.index(Integer.MAX_VALUE / 2)];
        Arrays.fill(seconds, Second.UNKNOWN);
        for (UsageInterval interval : timeline.intervals()) {
            int from = FactsOracle.index(second(interval.start()));
            int to = FactsOracle.index(interval.end().map(FactsLaw::second).orElse(Integer.MAX_VALUE / 2));
            Arrays.fill(seconds, from, to, new Second(content(script, instance, interval), interval.isInferred()));
        }
        return text(seconds);
    }

    private static int second(Instant at) {
        return (int) Duration.between(FactsScript.BEGIN, at).toSeconds();
    }

    private static int content(FactsScript script, int instance, UsageInterval interval) {
        for (int content = 0; content < FactsScript.STATES.size(); content++) {
            if (FactsScript.STATES.get(content) == interval.state()
                    && script.instance(instance, content).equals(interval.instance())) {
                return content;
            }
        }
        throw new AssertionError("nobody said so: " + interval);
    }

    /** What changes when: readable where it differs. */
    private static String text(Second[] seconds) {
        StringBuilder text = new StringBuilder();
        Second last = Second.UNKNOWN;
        for (int i = 0; i < seconds.length; i++) {
            if (!seconds[i].equals(last)) {
                last = seconds[i];
                text.append(i - FactsOracle.index(0))
                        .append(':')
                        .append(last.content() == FactsScript.GONE ? "-" : last.content())
                        .append(last.inferred() ? "? " : " ");
            }
        }
        return text.toString();
    }

    private static List<Integer> vouchedRuns(InstanceTimeline timeline) {
        return runs(timeline).stream()
                .filter(first -> first.evidence().vouchesForStart())
                .map(first -> second(first.start()))
                .toList();
    }

    private static List<Integer> vouchedRuns(InstanceTimeline timeline, FactsOracle.History expected) {
        return runs(timeline).stream()
                .map(first -> second(first.start()))
                .filter(expected.vouchedStarts()::contains)
                .toList();
    }

    /** The first interval of each billable run. */
    private static List<UsageInterval> runs(InstanceTimeline timeline) {
        List<UsageInterval> firsts = new ArrayList<>();
        Optional<Instant> end = Optional.empty();
        for (UsageInterval interval : timeline.intervals()) {
            if (!interval.state().isBillable()) {
                continue;
            }
            if (!end.equals(Optional.of(interval.start()))) {
                firsts.add(interval);
            }
            end = interval.end();
        }
        return firsts.stream()
                .filter(first -> first.state() != InstanceState.TERMINATED)
                .toList();
    }
}
