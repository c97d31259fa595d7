package cloud.dumont.economy.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.testing.Law;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Time is the instants that are told; nothing here looks at a clock. */
class UsageLedgerTest {

    private static final AccountId ACCOUNT = AccountId.of("acme");
    private static final Instance VM = instance("vm-1");
    private static final Instance OTHER = instance("vm-2");

    private final List<List<UsageInterval>> batches = new ArrayList<>();
    private final InMemoryHistoryStore store = new InMemoryHistoryStore();
    private boolean broken;

    private final UsageLedger ledger = new UsageLedger(this::take);

    private void take(List<UsageInterval> batch) {
        if (broken) {
            throw new IllegalStateException("the store is down");
        }
        store.append(batch);
        batches.add(batch);
    }

    private static Instance instance(String id) {
        return Instance.builder(ACCOUNT, id)
                .gpu("T4", 1)
                .rate(HourlyRate.usd("0.20"))
                .build();
    }

    private static Instant at(long second) {
        return Instant.ofEpochSecond(second);
    }

    private static UsageInterval running(Instance instance, long from, long to) {
        return UsageInterval.between(instance, InstanceState.RUNNING, at(from), at(to));
    }

    private static UsageInterval runningFrom(Instance instance, long from) {
        return UsageInterval.openFrom(instance, InstanceState.RUNNING, at(from));
    }

    private static ObservedInstance seen(Instance instance, InstanceState state, long since) {
        return new ObservedInstance(instance, state, at(since));
    }

    private List<UsageInterval> stored(Instance instance) {
        return store.timelines(instance.account()).stream()
                .map(InstanceTimeline::intervals)
                .filter(intervals -> intervals.get(0).instance().id().equals(instance.id()))
                .findFirst()
                .orElse(List.of());
    }

    @Nested
    class Pushed {

        @Test
        void changed_first_opens() {
            ledger.changed(VM, InstanceState.RUNNING, at(5));

            assertThat(batches).containsExactly(List.of(runningFrom(VM, 5)));
        }

        @Test
        void changed_state_endsTheLastTogetherWithTheNext() {
            ledger.changed(VM, InstanceState.RUNNING, at(5));
            ledger.changed(VM, InstanceState.HIBERNATED, at(20));

            assertThat(batches.get(1))
                    .containsExactlyInAnyOrder(
                            running(VM, 5, 20), UsageInterval.openFrom(VM, InstanceState.HIBERNATED, at(20)));
        }

        @Test
        void changed_rate_endsTheLast() {
            Instance dearer = VM.withRate(HourlyRate.usd("0.30"));
            ledger.changed(VM, InstanceState.RUNNING, at(5));
            ledger.changed(dearer, InstanceState.RUNNING, at(20));

            assertThat(stored(VM)).containsExactly(running(VM, 5, 20), runningFrom(dearer, 20));
        }

        @Test
        void changed_whatIsKnown_tellsNothing() {
            ledger.changed(VM, InstanceState.RUNNING, at(5));
            ledger.changed(VM, InstanceState.RUNNING, at(5));
            ledger.changed(VM, InstanceState.RUNNING, at(9));

            assertThat(batches).hasSize(1);
        }

        @Test
        void changed_beforeTheLastChange_isRefusedAndChangesNothing() {
            ledger.changed(VM, InstanceState.RUNNING, at(5));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ledger.changed(VM, InstanceState.IDLE, at(4)))
                    .withMessageContaining("vm-1")
                    .withMessageContaining("1970-01-01T00:00:04Z");
            ledger.ended(ACCOUNT, VM.id(), at(9));
            assertThat(stored(VM)).containsExactly(running(VM, 5, 9));
        }

        @Test
        void changed_twiceInOneSecond_theLastStateStands() {
            ledger.changed(VM, InstanceState.RUNNING, at(5).plusMillis(200));
            ledger.changed(VM, InstanceState.IDLE, at(5).plusMillis(800));
            ledger.changed(VM, InstanceState.STOPPED, at(9));

            assertThat(stored(VM))
                    .containsExactly(
                            UsageInterval.between(VM, InstanceState.IDLE, at(5), at(9)),
                            UsageInterval.openFrom(VM, InstanceState.STOPPED, at(9)));
        }

        @Test
        void ended_inTheSecondItStarted_isNotOpenForEver() {
            ledger.changed(VM, InstanceState.RUNNING, at(5));
            ledger.ended(ACCOUNT, VM.id(), at(5).plusMillis(900));

            assertThat(store.timelines(ACCOUNT))
                    .allSatisfy(timeline -> assertThat(timeline.openInterval()).isEmpty());
        }

        @Test
        void ended_once_closes() {
            ledger.changed(VM, InstanceState.RUNNING, at(5));
            ledger.ended(ACCOUNT, VM.id(), at(20));

            assertThat(batches.get(1)).containsExactly(running(VM, 5, 20));
        }

        @Test
        void ended_againOrUnknown_tellsNothing() {
            ledger.ended(ACCOUNT, VM.id(), at(1));
            ledger.changed(VM, InstanceState.RUNNING, at(5));
            ledger.ended(ACCOUNT, VM.id(), at(20));
            ledger.ended(ACCOUNT, VM.id(), at(30));
            ledger.ended(AccountId.of("other"), VM.id(), at(30));

            assertThat(batches).hasSize(2);
            assertThat(stored(VM)).containsExactly(running(VM, 5, 20));
        }

        @Test
        void ended_beforeTheLastChange_isRefusedAndChangesNothing() {
            ledger.changed(VM, InstanceState.RUNNING, at(5));

            assertThatIllegalArgumentException().isThrownBy(() -> ledger.ended(ACCOUNT, VM.id(), at(4)));
            assertThat(stored(VM)).containsExactly(runningFrom(VM, 5));
        }

        @Test
        void changed_sameIdOfAnotherAccount_isAnotherInstance() {
            Instance theirs = Instance.builder(AccountId.of("rival"), "vm-1").build();
            ledger.changed(VM, InstanceState.RUNNING, at(5));
            ledger.changed(theirs, InstanceState.STOPPED, at(3));

            assertThat(stored(VM)).containsExactly(runningFrom(VM, 5));
            assertThat(store.timelines(theirs.account())).hasSize(1);
        }
    }

    @Nested
    class Observed {

        @Test
        void observe_newInstances_openSinceWhenTheyAreInTheirState() {
            ledger.observe(List.of(seen(VM, InstanceState.RUNNING, 3), seen(OTHER, InstanceState.STOPPED, 1)), at(10));

            assertThat(batches).hasSize(1);
            assertThat(stored(VM)).containsExactly(runningFrom(VM, 3));
            assertThat(stored(OTHER)).containsExactly(UsageInterval.openFrom(OTHER, InstanceState.STOPPED, at(1)));
        }

        @Test
        void observe_sameAgain_tellsNothing() {
            for (int poll = 10; poll < 1_000; poll += 10) {
                ledger.observe(List.of(seen(VM, InstanceState.RUNNING, 3)), at(poll));
            }

            assertThat(batches).hasSize(1);
        }

        @Test
        void observe_changedState_endsTheLastWhereItChanged() {
            ledger.observe(List.of(seen(VM, InstanceState.RUNNING, 3)), at(10));
            ledger.observe(List.of(seen(VM, InstanceState.IDLE, 15)), at(20));

            assertThat(stored(VM))
                    .containsExactly(running(VM, 3, 15), UsageInterval.openFrom(VM, InstanceState.IDLE, at(15)));
        }

        @Test
        void observe_vanished_endedWhenItWasLastSeen() {
            ledger.observe(List.of(seen(VM, InstanceState.RUNNING, 3), seen(OTHER, InstanceState.RUNNING, 3)), at(10));
            ledger.observe(List.of(seen(VM, InstanceState.RUNNING, 3), seen(OTHER, InstanceState.RUNNING, 3)), at(20));
            ledger.observe(List.of(seen(OTHER, InstanceState.RUNNING, 3)), at(30));
            ledger.observe(List.of(seen(OTHER, InstanceState.RUNNING, 3)), at(40));

            assertThat(stored(VM)).containsExactly(running(VM, 3, 20));
            assertThat(stored(OTHER)).containsExactly(runningFrom(OTHER, 3));
        }

        @Test
        void observe_vanishedAfterAPushedChange_endedAtThatChange() {
            ledger.observe(List.of(seen(VM, InstanceState.RUNNING, 3)), at(10));
            ledger.changed(VM, InstanceState.IDLE, at(15));
            ledger.observe(List.of(), at(20));

            assertThat(stored(VM)).startsWith(running(VM, 3, 15));
            assertThat(store.timelines(ACCOUNT).get(0).openInterval()).isEmpty();
        }

        @Test
        void observe_seenOnlyInTheSecondItStarted_isNotOpenForEver() {
            ledger.observe(List.of(seen(VM, InstanceState.RUNNING, 10)), at(10));
            ledger.observe(List.of(), at(40));

            assertThat(store.timelines(ACCOUNT))
                    .allSatisfy(timeline -> assertThat(timeline.openInterval()).isEmpty());
        }

        /** A source that forgets an instance once (half an answer, a lagging replica) must not end it for good. */
        @Test
        void observe_vanishedAndSeenAgain_goesOn() {
            ledger.observe(List.of(seen(VM, InstanceState.RUNNING, 3)), at(10));
            ledger.observe(List.of(), at(20));
            ledger.observe(List.of(seen(VM, InstanceState.RUNNING, 3)), at(30));
            ledger.observe(List.of(seen(VM, InstanceState.RUNNING, 3)), at(40));

            assertThat(store.timelines(ACCOUNT).get(0).openInterval())
                    .hasValueSatisfying(open -> assertThat(open.start()).isBeforeOrEqualTo(at(30)));
            ledger.ended(ACCOUNT, VM.id(), at(50));
            assertThat(stored(VM).get(stored(VM).size() - 1).end()).contains(at(50));
            assertThat(store.timelines(ACCOUNT).get(0).openInterval()).isEmpty();
        }

        /** It left the state and came back while nobody looked: the source says so, that time is unknown, not billed. */
        @Test
        void observe_sameStateSinceLater_theTimeBetweenIsUnknown() {
            ledger.observe(List.of(seen(VM, InstanceState.RUNNING, 3)), at(10));
            ledger.observe(List.of(seen(VM, InstanceState.RUNNING, 25)), at(30));

            assertThat(stored(VM)).containsExactly(running(VM, 3, 10), runningFrom(VM, 25));
        }

        @Test
        void observe_returns_openInstancesThatItNeverShowed() {
            ledger.changed(OTHER, InstanceState.RUNNING, at(1));

            assertThat(ledger.observe(List.of(seen(VM, InstanceState.RUNNING, 3)), at(10)))
                    .containsExactly(runningFrom(OTHER, 1));
            assertThat(ledger.observe(List.of(), at(20))).containsExactly(runningFrom(OTHER, 1));
            assertThat(stored(OTHER)).containsExactly(runningFrom(OTHER, 1));
        }

        @Test
        void observe_oneOlderThanWhatIsKnown_staysAsItIs_andTheOthersAreSeen() {
            ledger.observe(List.of(seen(VM, InstanceState.RUNNING, 5)), at(10));

            ledger.observe(List.of(seen(OTHER, InstanceState.RUNNING, 12), seen(VM, InstanceState.IDLE, 4)), at(20));

            assertThat(stored(VM)).containsExactly(UsageInterval.openFrom(VM, InstanceState.RUNNING, at(5)));
            assertThat(stored(OTHER)).containsExactly(UsageInterval.openFrom(OTHER, InstanceState.RUNNING, at(12)));
            ledger.observe(List.of(), at(30));
            assertThat(stored(VM)).containsExactly(running(VM, 5, 20));
        }
    }

    @Nested
    class FailingSink {

        @Test
        void changed_sinkFails_changesNothingAndCanBeMadeAgain() {
            ledger.changed(VM, InstanceState.RUNNING, at(5));
            broken = true;
            assertThatThrownBy(() -> ledger.changed(VM, InstanceState.IDLE, at(10)))
                    .hasMessage("the store is down");
            broken = false;
            ledger.changed(VM, InstanceState.IDLE, at(10));

            assertThat(stored(VM))
                    .containsExactly(running(VM, 5, 10), UsageInterval.openFrom(VM, InstanceState.IDLE, at(10)));
        }

        @Test
        void ended_sinkFails_canBeMadeAgain() {
            ledger.changed(VM, InstanceState.RUNNING, at(5));
            broken = true;
            assertThatThrownBy(() -> ledger.ended(ACCOUNT, VM.id(), at(10))).hasMessage("the store is down");
            broken = false;
            ledger.ended(ACCOUNT, VM.id(), at(10));

            assertThat(stored(VM)).containsExactly(running(VM, 5, 10));
        }

        @Test
        void observe_sinkFails_theNextOneStillKnowsWhatWasSeenBefore() {
            ledger.observe(List.of(seen(VM, InstanceState.RUNNING, 5)), at(10));
            broken = true;
            assertThatThrownBy(() -> ledger.observe(List.of(), at(20))).hasMessage("the store is down");
            broken = false;
            ledger.observe(List.of(), at(30));

            assertThat(stored(VM)).containsExactly(running(VM, 5, 10));
        }
    }

    @Nested
    class Resumed {

        @Test
        void resume_openIntervals_goOnAsIfNothingHadHappened() {
            ledger.resume(List.of(runningFrom(VM, 5)));
            ledger.changed(VM, InstanceState.RUNNING, at(7));
            assertThat(batches).isEmpty();
            ledger.changed(VM, InstanceState.IDLE, at(9));

            assertThat(batches)
                    .containsExactly(List.of(running(VM, 5, 9), UsageInterval.openFrom(VM, InstanceState.IDLE, at(9))));
        }

        @Test
        void resume_closedInterval_isRefused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ledger.resume(List.of(running(VM, 5, 9))))
                    .withMessageContaining("vm-1");
        }

        @Test
        void resume_thenObserveWithoutIt_leavesItUntilItIsToldOrSeen() {
            ledger.resume(List.of(runningFrom(VM, 5)));

            assertThat(ledger.observe(List.of(), at(10))).containsExactly(runningFrom(VM, 5));
            assertThat(ledger.observe(List.of(), at(20))).containsExactly(runningFrom(VM, 5));
            assertThat(batches).isEmpty();
        }

        @Test
        void resume_thenObserveTheSame_tellsNothing() {
            ledger.resume(List.of(runningFrom(VM, 5)));
            ledger.observe(List.of(seen(VM, InstanceState.RUNNING, 5)), at(10));

            assertThat(batches).isEmpty();
        }
    }

    /** What a fleet did, told by pushes and seen by polls at any times, is stored as it was. */
    @Test
    void anyPushesAndPolls_giveWhatHappened() {
        Law.holds(2_000, gen -> {
            InMemoryHistoryStore history = new InMemoryHistoryStore();
            UsageLedger told = new UsageLedger(history::append);
            Map<String, List<UsageInterval>> truth = new HashMap<>();
            Map<String, ObservedInstance> fleet = new HashMap<>();
            for (long second = 1; second <= 120; second++) {
                for (Instance instance : List.of(VM, OTHER, instance("vm-3"))) {
                    if (!gen.oneIn(20)) {
                        continue;
                    }
                    String id = instance.id().value();
                    List<UsageInterval> past = truth.computeIfAbsent(id, i -> new ArrayList<>());
                    ObservedInstance now = fleet.get(id);
                    boolean ends = now != null && gen.oneIn(6);
                    InstanceState next = gen.pick(InstanceState.values());
                    if (now != null && !ends && now.state() == next) {
                        continue;
                    }
                    if (now != null) {
                        past.set(past.size() - 1, past.get(past.size() - 1).endedAt(at(second)));
                    }
                    if (ends) {
                        fleet.remove(id);
                        told.ended(ACCOUNT, instance.id(), at(second));
                    } else {
                        past.add(UsageInterval.openFrom(instance, next, at(second)));
                        fleet.put(id, seen(instance, next, second));
                        if (gen.oneIn(2)) {
                            told.changed(instance, next, at(second));
                        } else {
                            told.observe(gen.shuffled(List.copyOf(fleet.values())), at(second));
                        }
                    }
                }
                for (int polls = gen.between(0, 3); polls > 0 && gen.oneIn(2); polls--) {
                    told.observe(gen.shuffled(List.copyOf(fleet.values())), at(second));
                }
            }
            Stream<InstanceTimeline> timelines = history.timelines(ACCOUNT).stream();
            assertThat(timelines.map(InstanceTimeline::intervals))
                    .containsExactlyInAnyOrderElementsOf(truth.values().stream()
                            .filter(intervals -> !intervals.isEmpty())
                            .toList());
        });
    }
}
