package cloud.dumont.economy.history;

import static cloud.dumont.economy.usage.InstanceState.IDLE;
import static cloud.dumont.economy.usage.InstanceState.RUNNING;
import static cloud.dumont.economy.usage.InstanceState.STOPPED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.EconomyException;
import cloud.dumont.economy.facts.FactsLaw;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.savings.ViewsLaw;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.GapPolicy;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceChange;
import cloud.dumont.economy.usage.InstanceFacts;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceKey;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.ObservedInstance;
import cloud.dumont.economy.usage.Push;
import cloud.dumont.economy.usage.Sighting;
import cloud.dumont.economy.usage.SourceClock;
import cloud.dumont.economy.usage.SourceUpdate;
import cloud.dumont.economy.usage.UsageConflictException;
import cloud.dumont.economy.usage.UsageInterval;
import cloud.dumont.economy.usage.UsageLedger;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What every {@link HistoryStore} must do for a {@link UsageLedger}, which remembers nothing itself. */
public abstract class LedgerContract {

    private static final AccountId ACME = AccountId.of("acme");
    private static final AccountId OTHER = AccountId.of("other");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final String FLEET = "fleet";

    private volatile Instant now = NOON;
    private volatile InstantSource time = () -> now;
    private HistoryStore store;

    /**
     * Makes an empty store; called once for each test.
     *
     * @param time when facts are recorded
     * @return the store
     */
    protected abstract HistoryStore newStore(InstantSource time);

    @BeforeEach
    void makeStoreOfLedger() {
        now = NOON;
        time = () -> now;
        store = newStore(() -> time.instant());
    }

    private static Instance instance(AccountId account, String id) {
        return Instance.builder(account, id)
                .gpu("A100 SXM4", new GpuCount(7, 3))
                .gpuMemoryMib(81_559)
                .physicalGpus(new GpuCount(2, 3))
                .vcpus(new BigDecimal("7.5"))
                .rate(HourlyRate.usd("0.44"))
                .build();
    }

    private static ObservedInstance running(AccountId account, String id) {
        return new ObservedInstance(instance(account, id), RUNNING);
    }

    private UsageLedger ledger() {
        return UsageLedger.builder(store).time(() -> now).build();
    }

    private static SourceUpdate listed(SourceClock before, Instant stamp) {
        List<Instant> recent = new ArrayList<>(before.recent());
        recent.add(stamp);
        return new SourceUpdate(before, Optional.of(stamp), recent, before.alive(), Optional.empty(), Instant.MIN);
    }

    /** A change that does to an instance's facts whatever is asked for. */
    private record Change(InstanceKey key, Instant from, UnaryOperator<InstanceFacts> change)
            implements InstanceChange {

        @Override
        public InstanceFacts apply(InstanceFacts before) {
            return change.apply(before);
        }
    }

    private static Change sighted(ObservedInstance seen, String source, Optional<Instant> reviewAfter) {
        return new Change(
                InstanceKey.of(seen.instance()),
                NOON,
                before -> new InstanceFacts(
                        before.timeline(),
                        before.pushes(),
                        Optional.of(new Sighting(
                                source,
                                seen.instance(),
                                seen.state(),
                                seen.since(),
                                true,
                                Optional.empty(),
                                false,
                                reviewAfter)),
                        before.clock()));
    }

    @Test
    public void ofASourceThatNobodyHasHeardOfNothingIsKnown() {
        assertThat(store.clock(FLEET)).isEqualTo(SourceClock.unknown(FLEET, now));
        assertThat(store.sightings(FLEET)).isEmpty();
        assertThat(store.pushedThrough(FLEET)).isEmpty();
        assertThat(store.usage(ACME)).isEqualTo(new AccountUsage(List.of(), Map.of()));
        assertThat(store.usage(ACME, now)).isEqualTo(new AccountUsage(List.of(), Map.of()));
    }

    @Test
    public void aListingWithoutNewsAdvancesTheStampAndNothingElse() {
        SourceClock first = store.advance(listed(store.clock(FLEET), NOON)).orElseThrow();
        now = NOON.plusSeconds(30);
        SourceClock second = store.advance(listed(first, now)).orElseThrow();

        assertThat(second)
                .isEqualTo(new SourceClock(
                        FLEET,
                        first.version(),
                        Optional.of(now),
                        List.of(NOON, now),
                        Optional.empty(),
                        Optional.of(now),
                        now));
        assertThat(store.clock(FLEET)).isEqualTo(second);
        assertThat(store.clock("another")).isEqualTo(SourceClock.unknown("another", now));
    }

    @Test
    public void asManyStampsAsAClockHoldsAreKept() {
        List<Instant> stamps = new ArrayList<>();
        for (int i = 0; i < SourceClock.MOST_RECENT; i++) {
            stamps.add(NOON.plusSeconds(30L * i * i));
        }
        Instant last = stamps.get(stamps.size() - 1);
        store.advance(new SourceUpdate(
                store.clock(FLEET), Optional.of(last), stamps, Optional.of(NOON), Optional.empty(), Instant.MIN));

        assertThat(store.clock(FLEET).recent()).isEqualTo(stamps);
        assertThat(store.clock(FLEET).alive()).contains(NOON);
    }

    @Test
    public void whoeverKnowsAnOlderClockStoresNothing() {
        SourceClock unknown = store.clock(FLEET);
        SourceClock known = store.advance(listed(unknown, NOON)).orElseThrow();
        Change news = sighted(running(ACME, "i-1"), FLEET, Optional.empty());

        assertThat(store.advance(listed(unknown, NOON.plusSeconds(30)))).isEmpty();
        assertThat(store.change(List.of(news), listed(unknown, NOON.plusSeconds(30))))
                .isEmpty();
        assertThat(store.sightings(FLEET)).isEmpty();
        assertThat(store.clock(FLEET)).isEqualTo(known);

        assertThat(store.change(List.of(news), listed(known, NOON.plusSeconds(30))))
                .isPresent();
        assertThat(store.advance(listed(known, NOON.plusSeconds(60)))).isEmpty();
        assertThat(store.clock(FLEET).stamp()).contains(NOON.plusSeconds(30));
    }

    @Test
    public void aSignOfLifeMakesAnOlderClockWorthlessToo() {
        SourceClock known = store.advance(listed(store.clock(FLEET), NOON)).orElseThrow();
        store.advance(new SourceUpdate(
                known, known.stamp(), known.recent(), Optional.of(NOON), Optional.empty(), Instant.MIN));

        assertThat(store.advance(listed(known, NOON.plusSeconds(30)))).isEmpty();
    }

    @Test
    public void theVersionCountsChangesOfSightingsByWhomever() {
        SourceClock first = store.change(
                        List.of(sighted(running(ACME, "i-1"), FLEET, Optional.empty())),
                        listed(store.clock(FLEET), NOON))
                .orElseThrow();
        assertThat(store.clock(FLEET)).isEqualTo(first);

        store.change(List.of(sighted(running(ACME, "i-1"), FLEET, Optional.of(NOON.plusSeconds(120)))));
        SourceClock second = store.clock(FLEET);
        assertThat(second.version()).isGreaterThan(first.version());
        assertThat(store.advance(listed(first, NOON.plusSeconds(30)))).isEmpty();

        store.change(List.of(sighted(running(ACME, "i-1"), FLEET, Optional.of(NOON.plusSeconds(120)))));
        assertThat(store.clock(FLEET).version()).as("nothing changed").isEqualTo(second.version());

        store.change(List.of(sighted(running(ACME, "i-1"), "another", Optional.empty())));
        assertThat(store.clock(FLEET).version()).isGreaterThan(second.version());
        assertThat(store.clock("another").version()).isPositive();
        assertThat(store.clock("another").stamp()).isEmpty();
        assertThat(store.sightings(FLEET)).isEmpty();
        assertThat(store.sightings("another")).hasSize(1);

        SourceClock other = store.clock("another");
        assertThat(store.advance(listed(SourceClock.unknown("another", now), NOON)))
                .isEmpty();
        assertThat(store.advance(listed(other, NOON)).map(SourceClock::version)).contains(other.version());
    }

    @Test
    public void sightingsAreKeptAsTheyAre() {
        Sighting full = new Sighting(
                FLEET,
                instance(ACME, "i-1"),
                STOPPED,
                Optional.of(NOON.minusSeconds(1)),
                false,
                Optional.of(NOON.minusSeconds(2)),
                true,
                Optional.of(NOON.plusSeconds(3)));
        Sighting bare = new Sighting(
                FLEET,
                Instance.builder(OTHER, "i-1").build(),
                RUNNING,
                Optional.empty(),
                true,
                Optional.empty(),
                false,
                Optional.empty());
        store.change(List.of(kept(full), kept(bare)));

        assertThat(store.sightings(FLEET)).containsExactlyInAnyOrder(full, bare);
    }

    private static Change kept(Sighting sighting) {
        return new Change(
                sighting.key(),
                NOON,
                before -> new InstanceFacts(before.timeline(), before.pushes(), Optional.of(sighting), before.clock()));
    }

    @Test
    public void sightingsThatAreAbsentForLongAreForgotten() {
        Sighting gone = new Sighting(
                FLEET,
                instance(ACME, "gone"),
                RUNNING,
                Optional.empty(),
                false,
                Optional.of(NOON.minusSeconds(10)),
                true,
                Optional.empty());
        Sighting missed = new Sighting(
                FLEET,
                instance(ACME, "missed"),
                RUNNING,
                Optional.empty(),
                false,
                Optional.of(NOON.minusSeconds(10)),
                false,
                Optional.empty());
        store.change(List.of(kept(gone), kept(missed)));
        SourceClock before = store.clock(FLEET);
        SourceUpdate later = new SourceUpdate(
                before, Optional.of(NOON), List.of(NOON), Optional.empty(), Optional.empty(), NOON.minusSeconds(9));

        store.change(List.of(sighted(running(ACME, "new"), FLEET, Optional.empty())), later);

        assertThat(store.sightings(FLEET))
                .extracting(sighting -> sighting.key().instance().value())
                .containsExactlyInAnyOrder("missed", "new");
    }

    @Test
    public void aChangeIsMadeOfWhatIsStored() {
        Instance i1 = instance(ACME, "i-1");
        store.append(List.of(
                UsageInterval.between(i1, RUNNING, NOON.minusSeconds(500), NOON.minusSeconds(400)),
                UsageInterval.between(i1, IDLE, NOON.minusSeconds(100), NOON.minusSeconds(50)),
                UsageInterval.openFrom(i1, RUNNING, NOON.minusSeconds(50))));
        InstanceKey key = InstanceKey.of(i1);
        List<Push> pushes = new ArrayList<>();
        for (int at : List.of(-300, -200, -60, -10, 0)) {
            pushes.add(new Push(
                    key, NOON.plusSeconds(at), RUNNING, Optional.of(i1), at < -250 ? "one" : "two", at == -200));
        }
        store.change(List.of(new Change(
                key,
                Instant.MIN,
                before -> new InstanceFacts(before.timeline(), pushes, before.sighting(), before.clock()))));
        List<InstanceFacts> seen = new ArrayList<>();

        store.change(List.of(new Change(key, NOON.minusSeconds(100), before -> {
            seen.add(before);
            return before;
        })));

        assertThat(seen.get(0).timeline().intervals())
                .endsWith(
                        UsageInterval.between(i1, IDLE, NOON.minusSeconds(100), NOON.minusSeconds(50)),
                        UsageInterval.openFrom(i1, RUNNING, NOON.minusSeconds(50)));
        assertThat(seen.get(0).pushes())
                .as("the last one before that holds, and all later ones")
                .containsSubsequence(pushes.get(0), pushes.get(2), pushes.get(3), pushes.get(4));
    }

    @Test
    public void ofChangesOfWhichOneConflictsNoneIsMade() {
        UsageLedger ledger = ledger();
        ledger.changed(instance(ACME, "i-2"), RUNNING, NOON);
        AccountUsage before = store.usage(ACME);
        SourceClock clock = store.clock(FLEET);
        Change good = sighted(running(ACME, "i-1"), FLEET, Optional.empty());
        Change bad = new Change(new InstanceKey(ACME, InstanceId.of("i-2")), NOON, facts -> {
            facts.timeline().plus(UsageInterval.between(instance(ACME, "i-2"), IDLE, NOON, NOON.plusSeconds(9)));
            return facts;
        });

        assertThatThrownBy(() -> store.change(List.of(good, bad))).isInstanceOf(UsageConflictException.class);
        assertThatThrownBy(() -> store.change(List.of(good, bad), listed(clock, NOON)))
                .isInstanceOf(UsageConflictException.class);

        assertThat(store.usage(ACME)).isEqualTo(before);
        assertThat(store.sightings(FLEET)).isEmpty();
        assertThat(store.clock(FLEET)).isEqualTo(clock);
    }

    @Test
    public void whatWasPushedLastAndLastsIsKnownByItsLedger() {
        UsageLedger one = UsageLedger.builder(store).time(() -> now).name("one").build();
        UsageLedger two = UsageLedger.builder(store).time(() -> now).name("two").build();
        one.changed(instance(ACME, "i-1"), RUNNING, NOON.minusSeconds(100));
        one.changed(instance(ACME, "i-2"), RUNNING, NOON.minusSeconds(100));
        two.changed(instance(ACME, "i-2"), IDLE, NOON.minusSeconds(50));
        one.changed(instance(OTHER, "i-1"), IDLE, NOON.minusSeconds(40));
        one.changed(instance(OTHER, "i-1"), RUNNING, NOON.minusSeconds(60));
        two.changed(instance(OTHER, "i-2"), RUNNING, NOON.minusSeconds(60));
        one.ended(OTHER, InstanceId.of("i-2"), NOON.minusSeconds(30));

        assertThat(store.pushedThrough("one"))
                .extracting(push -> push.key() + " " + push.state())
                .containsExactlyInAnyOrder("acme/i-1 RUNNING", "other/i-1 IDLE");
        assertThat(store.pushedThrough("two"))
                .containsExactly(new Push(
                        new InstanceKey(ACME, InstanceId.of("i-2")),
                        NOON.minusSeconds(50),
                        IDLE,
                        Optional.of(instance(ACME, "i-2")),
                        "two",
                        false));

        store.correct(List.of(UsageInterval.openFrom(instance(ACME, "i-2"), STOPPED, NOON.minusSeconds(70))));
        assertThat(store.pushedThrough("two")).as("a correction took its place").isEmpty();
        assertThat(store.pushedThrough("one"))
                .extracting(push -> push.key() + " " + push.at())
                .contains("acme/i-2 " + NOON.minusSeconds(100));
        one.changed(instance(ACME, "i-2"), RUNNING, NOON);
        assertThat(store.pushedThrough("one"))
                .extracting(Push::key)
                .filteredOn(new InstanceKey(ACME, InstanceId.of("i-2"))::equals)
                .hasSize(1);
    }

    @Test
    public void usageSaysWhoWatchesOverWhatLasts() {
        UsageLedger ledger = ledger();
        ledger.observe(List.of(running(ACME, "i-1"), running(ACME, "i-2")), NOON);
        ledger.changed(instance(ACME, "i-3"), RUNNING, NOON);
        UsageLedger living =
                UsageLedger.builder(store).time(() -> now).name("living").build();
        living.changed(instance(ACME, "i-4"), RUNNING, NOON);
        living.alive(NOON.plusSeconds(7));
        now = NOON.plusSeconds(30);
        ledger.observe(List.of(running(ACME, "i-1"), running(ACME, "i-2")), now);
        now = NOON.plusSeconds(60);
        ledger.observe(List.of(running(ACME, "i-1")), now);

        assertThat(store.usage(ACME).watches())
                .isEqualTo(Map.of(
                        InstanceId.of("i-1"),
                        new AccountUsage.Watch(Optional.of(now), Optional.empty()),
                        InstanceId.of("i-4"),
                        new AccountUsage.Watch(Optional.empty(), Optional.of(NOON.plusSeconds(7)))));
        assertThat(store.usage(ACME).timelines())
                .isEqualTo(store.timelines(ACME))
                .hasSize(4);
    }

    @Test
    public void whatNobodySawThenIsNotTakenForSeen() {
        UsageLedger ledger = ledger();
        ledger.observe(List.of(running(ACME, "i-1")), NOON);
        now = NOON.plus(Duration.ofMinutes(30));
        ledger.observe(List.of(running(ACME, "i-1")), now);

        Instant inBetween = NOON.plus(Duration.ofMinutes(10));
        assertThat(store.usage(ACME, inBetween).watches())
                .isEqualTo(Map.of(InstanceId.of("i-1"), new AccountUsage.Watch(Optional.of(NOON), Optional.empty())));
        assertThat(store.usage(ACME, inBetween)
                        .at(inBetween, GapPolicy.STANDARD)
                        .observedUntil())
                .isEqualTo(NOON);
        assertThat(store.usage(ACME, now)).isEqualTo(store.usage(ACME));
    }

    /** Two hosts poll one source: of two that have read the same, one is taken, and the other looks again. */
    @Test
    public void hostsOfOneSourceTakeTurns() {
        for (int round = 0; round < 5; round++) {
            AccountId account = AccountId.of("account-" + round);
            String source = "source-" + round;
            SourceClock before = store.clock(source);
            List<Optional<SourceClock>> taken = new ArrayList<>();
            List<Runnable> hosts = new ArrayList<>();
            for (int host = 0; host < 4; host++) {
                Instant stamp = NOON.plusSeconds(host);
                Change news = sighted(running(account, "i-" + host), source, Optional.empty());
                hosts.add(() -> {
                    Optional<SourceClock> clock = store.change(List.of(news), listed(before, stamp));
                    synchronized (taken) {
                        taken.add(clock);
                    }
                });
            }

            Race.of(hosts).forEach(failure -> assertThat(failure).isEmpty());

            assertThat(taken).filteredOn(Optional::isPresent).hasSize(1);
            assertThat(store.sightings(source)).hasSize(1);
            SourceClock after = store.clock(source);
            assertThat(taken.stream().flatMap(Optional::stream).map(SourceClock::version))
                    .containsExactly(after.version());
        }
    }

    /** Pushes, listings of several hosts and sources, all of the same instances at the same time: none waits for ever, none is lost. */
    @Test
    public void pushesAndListingsMayMeet() {
        List<ObservedInstance> fleet = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            fleet.add(running(AccountId.of("account-" + i % 3), "i-" + i));
        }
        List<Runnable> tasks = new ArrayList<>();
        for (int host = 0; host < 2; host++) {
            UsageLedger ledger = ledger();
            tasks.add(() -> {
                for (int poll = 0; poll < 6; poll++) {
                    ledger.observe("first", fleet, NOON.plusSeconds(10L * poll));
                }
            });
            tasks.add(() -> {
                for (int poll = 0; poll < 6; poll++) {
                    ledger.observe("second", fleet.subList(6, 12), NOON.plusSeconds(10L * poll));
                }
            });
            int pusher = host;
            tasks.add(() -> {
                for (int i = pusher; i < 12; i += 2) {
                    ledger.changed(fleet.get(i).instance(), IDLE, NOON.plusSeconds(5));
                }
            });
        }

        Race.of(tasks).forEach(failure -> assertThat(failure).isEmpty());

        Set<InstanceKey> owned = new HashSet<>();
        for (String source : List.of("first", "second")) {
            store.sightings(source)
                    .forEach(sighting -> assertThat(owned.add(sighting.key()))
                            .as("one owner of " + sighting.key())
                            .isTrue());
        }
        assertThat(owned).hasSize(12);
        for (int account = 0; account < 3; account++) {
            assertThat(store.timelines(AccountId.of("account-" + account)))
                    .allSatisfy(timeline -> assertThat(timeline.openInterval())
                            .map(UsageInterval::state)
                            .contains(IDLE))
                    .hasSize(4);
        }
        assertThat(store.pushedThrough(UsageLedger.HOST)).hasSize(12);
    }

    /** Whatever restarts, repeats, arrives late or breaks down: it is as if somebody had known everything at once. */
    @Test
    public void theHistoryIsThatOfWhoeverKnewEverythingAtOnce() {
        holdFacts(25);
    }

    /** The same in many more cases. */
    @Test
    @Tag("full")
    public void theHistoryIsThatOfWhoeverKnewEverythingAtOnce_inManyMoreCases() {
        holdFacts(150);
    }

    private void holdFacts(int cases) {
        now = FactsLaw.END;
        int[] number = new int[1];
        Law.holds(cases, gen -> FactsLaw.check(gen, store, "-" + number[0]++));
    }

    /** Sums that are kept of this store give the answers that all of its facts give. */
    @Test
    public void whatIsKeptOfItAnswersAsItsFactsDo() {
        holdViews(4);
    }

    /** The same in many more cases. */
    @Test
    @Tag("full")
    public void whatIsKeptOfItAnswersAsItsFactsDo_inManyMoreCases() {
        holdViews(100);
    }

    private void holdViews(int cases) {
        int[] number = new int[1];
        Law.holds(
                cases,
                gen -> ViewsLaw.check(
                        gen,
                        clock -> {
                            time = clock;
                            return store;
                        },
                        "-" + number[0]++));
    }

    /** Whatever is pushed, seen, missed, corrected or appended, and in however many processes: it is as in memory. */
    @Test
    public void aLedgerComesToTheSameAsOverMemory() {
        holdAsOverMemory(12);
    }

    /** The same in many more cases. */
    @Test
    @Tag("full")
    public void aLedgerComesToTheSameAsOverMemory_inManyMoreCases() {
        holdAsOverMemory(50);
    }

    private void holdAsOverMemory(int most) {
        int[] cases = new int[2];
        Law.holds(most, gen -> cases[1] += new Script(gen, cases[0]++).run());
        if (cases[0] > 1) {
            assertThat(cases[1]).as("steps that changed something").isGreaterThan(5 * cases[0]);
        }
    }

    /** Random words of hosts and sources, said to this store and to one in memory. */
    private final class Script {

        private final Gen gen;
        private final List<Instance> machines = new ArrayList<>();
        private final List<AccountId> accounts;
        private final List<String> sources;
        private final List<String> hosts;
        private final HistoryStore memory = new InMemoryHistoryStore(() -> now);
        private final Map<String, UsageLedger> ledgers = new HashMap<>();
        private final Map<String, UsageLedger> expected = new HashMap<>();
        private final Map<String, Instant> launched = new HashMap<>();

        Script(Gen gen, int number) {
            this.gen = gen;
            // Far from the times of other cases, which the store knows too.
            now = NOON.plus(Duration.ofDays(1000L * number));
            accounts = List.of(AccountId.of("a-" + number), AccountId.of("b-" + number));
            sources = List.of("first-" + number, "second-" + number);
            hosts = List.of("host-" + number, "living-" + number);
            for (AccountId account : accounts) {
                machines.add(instance(account, "i-1"));
                machines.add(instance(account, "i-2"));
            }
        }

        int run() {
            int changes = 0;
            Object before = everything(memory, now);
            List<Instant> moments = new ArrayList<>();
            for (int steps = gen.between(5, 25); steps > 0; steps--) {
                now = now.plusSeconds(gen.pick(0, 1, 30, 30, 30, 60, 119, 121, 600, 3600, 3700, 90_000));
                moments.add(now);
                step();
                Object after = everything(memory, now);
                changes += after.equals(before) ? 0 : 1;
                before = after;
                assertThat(everything(store, now)).isEqualTo(after);
            }
            for (Instant moment : moments) {
                for (Instant then : List.of(moment, moment.plusSeconds(17))) {
                    for (AccountId account : accounts) {
                        assertThat(store.usage(account, then))
                                .as("%s as told at %s", account, then)
                                .isEqualTo(memory.usage(account, then));
                    }
                }
            }
            return changes;
        }

        private void step() {
            String host = gen.pick(hosts);
            if (gen.oneIn(6)) {
                ledgers.clear(); // the process ends, and another begins
                expected.clear();
            }
            UsageLedger real = ledgers.computeIfAbsent(host, name -> ledger(store, name));
            UsageLedger ideal = expected.computeIfAbsent(host, name -> ledger(memory, name));
            Instance machine = gen.pick(machines);
            Instance described = gen.oneIn(5) ? machine.withRate(HourlyRate.usd("0.88")) : machine;
            InstanceState state = gen.pick(RUNNING, RUNNING, RUNNING, IDLE, STOPPED);
            Instant at = now.minusSeconds(gen.pick(0, 0, 1, 30, 100, 130, 1000, 4000));
            switch (gen.between(1, 12)) {
                case 1, 2 -> both(() -> real.changed(described, state, at), () -> ideal.changed(described, state, at));
                case 3 ->
                    both(
                            () -> real.ended(machine.account(), machine.id(), at),
                            () -> ideal.ended(machine.account(), machine.id(), at));
                case 4 -> {
                    String living = hosts.get(1);
                    both(
                            () -> ledgers.computeIfAbsent(living, name -> ledger(store, name))
                                    .alive(now),
                            () -> expected.computeIfAbsent(living, name -> ledger(memory, name))
                                    .alive(now));
                }
                case 5 -> {
                    UsageInterval truth = gen.oneIn(2)
                            ? UsageInterval.openFrom(described, state, at)
                            : UsageInterval.between(described, state, at, at.plusSeconds(gen.between(1, 500)));
                    both(() -> store.correct(List.of(truth)), () -> memory.correct(List.of(truth)));
                }
                case 6 -> {
                    UsageInterval fact = gen.oneIn(4)
                            ? UsageInterval.openFrom(described, state, at)
                            : UsageInterval.between(described, state, at, at.plusSeconds(gen.between(1, 500)));
                    both(() -> store.append(List.of(fact)), () -> memory.append(List.of(fact)));
                }
                case 7 -> {
                    String source = gen.pick(sources);
                    both(() -> real.retire(source), () -> ideal.retire(source));
                }
                default -> {
                    String source = gen.oneIn(4) ? sources.get(1) : sources.get(0);
                    List<ObservedInstance> fleet = fleet();
                    Instant stamp = gen.oneIn(8) ? now.minusSeconds(40) : now;
                    both(() -> real.observe(source, fleet, stamp), () -> ideal.observe(source, fleet, stamp));
                }
            }
        }

        private List<ObservedInstance> fleet() {
            List<ObservedInstance> fleet = new ArrayList<>();
            for (Instance machine : machines) {
                if (gen.oneIn(4)) {
                    continue;
                }
                InstanceState state = gen.oneIn(5) ? gen.pick(IDLE, STOPPED) : RUNNING;
                Instance described = gen.oneIn(8) ? machine.withRate(HourlyRate.usd("0.88")) : machine;
                if (gen.oneIn(3)) {
                    String id = machine.account() + "/" + machine.id();
                    Instant since =
                            gen.oneIn(4) ? now.minusSeconds(gen.between(0, 5000)) : launched.getOrDefault(id, now);
                    launched.put(id, since);
                    fleet.add(new ObservedInstance(described, state, since));
                } else {
                    fleet.add(new ObservedInstance(described, state));
                }
            }
            return fleet;
        }

        private UsageLedger ledger(HistoryStore over, String name) {
            return UsageLedger.builder(over).time(() -> now).name(name).build();
        }

        private void both(Runnable real, Runnable ideal) {
            assertThat(failureOf(real)).isEqualTo(failureOf(ideal));
        }

        private Optional<String> failureOf(Runnable call) {
            try {
                call.run();
                return Optional.empty();
            } catch (EconomyException | IllegalStateException | IllegalArgumentException e) {
                return Optional.of(e.getClass().getSimpleName());
            }
        }

        private List<Object> everything(HistoryStore of, Instant at) {
            List<Object> all = new ArrayList<>();
            accounts.forEach(account -> {
                all.add(of.usage(account));
                all.add(of.usage(account).at(at, GapPolicy.STANDARD));
                all.add(of.timelines(account));
            });
            sources.forEach(source -> {
                SourceClock clock = of.clock(source);
                all.add(List.of(clock.stamp(), clock.recent(), clock.alive(), clock.storedAt()));
                all.add(Set.copyOf(of.sightings(source)));
            });
            hosts.forEach(host -> all.add(Set.copyOf(of.pushedThrough(host))));
            return all;
        }
    }
}
