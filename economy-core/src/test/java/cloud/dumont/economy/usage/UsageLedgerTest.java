package cloud.dumont.economy.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.testing.Law;
import java.time.Duration;
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

    /** What a source tells that only sees what is there now. */
    private static ObservedInstance seen(Instance instance, InstanceState state) {
        return new ObservedInstance(instance, state);
    }

    private static UsageInterval idleFrom(Instance instance, long from) {
        return UsageInterval.openFrom(instance, InstanceState.IDLE, at(from));
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

    /** Up to 120 s a state counts as seen without a break, up to 3,600 s it is inferred. */
    @Nested
    class Glimpsed {

        private static final Instance DEARER = VM.withRate(HourlyRate.usd("0.30"));

        private void glimpse(long second, InstanceState state) {
            ledger.observe(List.of(seen(VM, state)), at(second));
        }

        @Test
        void observe_first_opensWhenItIsSeen() {
            glimpse(10, InstanceState.RUNNING);

            assertThat(batches).containsExactly(List.of(runningFrom(VM, 10)));
        }

        @Test
        void observe_sameWithinTheLongestObserved_goesOn() {
            for (long second = 10; second <= 1_210; second += 120) {
                glimpse(second, InstanceState.RUNNING);
            }

            assertThat(batches).hasSize(1);
            assertThat(stored(VM)).containsExactly(runningFrom(VM, 10));
        }

        @Test
        void observe_sameAfterAGap_isInferredForTheTimeBetween() {
            for (long gap : List.of(121L, 3_600L)) {
                UsageLedgerTest fresh = new UsageLedgerTest();
                fresh.ledger.observe(List.of(seen(VM, InstanceState.RUNNING)), at(10));
                fresh.ledger.observe(List.of(seen(VM, InstanceState.RUNNING)), at(40));
                fresh.ledger.observe(List.of(seen(VM, InstanceState.RUNNING)), at(40 + gap));

                assertThat(fresh.batches).hasSize(2);
                assertThat(fresh.stored(VM))
                        .containsExactly(
                                running(VM, 10, 40), running(VM, 40, 40 + gap).inferred(), runningFrom(VM, 40 + gap));
            }
        }

        @Test
        void observe_sameAfterAGapTooLong_theTimeBetweenIsUnknown() {
            glimpse(10, InstanceState.RUNNING);
            glimpse(40, InstanceState.RUNNING);
            glimpse(3_641, InstanceState.RUNNING);

            assertThat(stored(VM)).containsExactly(running(VM, 10, 40), runningFrom(VM, 3_641));
        }

        @Test
        void observe_otherStateWithinTheLongestObserved_changesWhenItIsSeen() {
            glimpse(10, InstanceState.RUNNING);
            glimpse(130, InstanceState.IDLE);

            assertThat(stored(VM)).containsExactly(running(VM, 10, 130), idleFrom(VM, 130));
        }

        @Test
        void observe_otherStateAfterAGap_theTimeBetweenIsUnknown() {
            glimpse(10, InstanceState.RUNNING);
            glimpse(40, InstanceState.RUNNING);
            glimpse(161, InstanceState.IDLE);

            assertThat(stored(VM)).containsExactly(running(VM, 10, 40), idleFrom(VM, 161));
        }

        @Test
        void observe_otherRateOrSizeAfterAGap_theTimeBetweenIsUnknown() {
            Instance bigger = Instance.builder(ACCOUNT, "vm-1")
                    .gpu("T4", 2)
                    .rate(HourlyRate.usd("0.20"))
                    .build();
            for (Instance other : List.of(DEARER, bigger)) {
                UsageLedgerTest fresh = new UsageLedgerTest();
                fresh.ledger.observe(List.of(seen(VM, InstanceState.RUNNING)), at(10));
                fresh.ledger.observe(List.of(seen(VM, InstanceState.RUNNING)), at(40));
                fresh.ledger.observe(List.of(seen(other, InstanceState.RUNNING)), at(400));

                assertThat(fresh.stored(VM)).containsExactly(running(VM, 10, 40), runningFrom(other, 400));
            }
        }

        @Test
        void observe_otherRateWithinTheLongestObserved_changesWhenItIsSeen() {
            glimpse(10, InstanceState.RUNNING);
            ledger.observe(List.of(seen(DEARER, InstanceState.RUNNING)), at(40));

            assertThat(stored(VM)).containsExactly(running(VM, 10, 40), runningFrom(DEARER, 40));
        }

        @Test
        void observe_vanished_endedWhenItWasLastSeen_andBeginsAnewWhenItIsBack() {
            glimpse(10, InstanceState.RUNNING);
            glimpse(40, InstanceState.RUNNING);
            ledger.observe(List.of(), at(70));
            glimpse(100, InstanceState.RUNNING);

            assertThat(stored(VM)).containsExactly(running(VM, 10, 40), runningFrom(VM, 100));
        }

        /** Seen once, then not for long: told again, the sighting is over, as the second it was made in was told with its end. */
        @Test
        void observe_seenOnceBeforeAGap_staysEndedIfToldAgain() {
            for (long gap : List.of(500L, 5_000L)) {
                UsageLedgerTest fresh = new UsageLedgerTest();
                fresh.ledger.observe(List.of(seen(VM, InstanceState.RUNNING)), at(10).plusMillis(400));
                fresh.ledger.observe(List.of(seen(VM, InstanceState.RUNNING)), at(10 + gap));
                List<UsageInterval> stored = fresh.stored(VM);
                assertThat(stored).startsWith(running(VM, 10, 11)).endsWith(runningFrom(VM, 10 + gap));

                fresh.batches.forEach(fresh.store::append);

                assertThat(fresh.stored(VM)).isEqualTo(stored);
            }
        }

        /** A push is as good as a look: the gap is what has passed since. */
        @Test
        void observe_afterAPush_theGapBeginsWithThePush() {
            glimpse(10, InstanceState.RUNNING);
            ledger.changed(VM, InstanceState.IDLE, at(200));
            glimpse(300, InstanceState.IDLE);

            assertThat(stored(VM)).containsExactly(running(VM, 10, 200), idleFrom(VM, 200));
        }

        @Test
        void observe_pushedAndNeverSeenBefore_goesOnOrChangesWhenItIsSeen() {
            ledger.changed(VM, InstanceState.RUNNING, at(10));
            ledger.changed(OTHER, InstanceState.RUNNING, at(10));
            ledger.observe(List.of(seen(VM, InstanceState.RUNNING), seen(OTHER, InstanceState.IDLE)), at(9_000));

            assertThat(stored(VM)).containsExactly(runningFrom(VM, 10));
            assertThat(stored(OTHER)).containsExactly(running(OTHER, 10, 9_000), idleFrom(OTHER, 9_000));
        }

        @Test
        void observe_byAClockThatWentBack_undoesNothing() {
            glimpse(1_000, InstanceState.RUNNING);
            glimpse(1_030, InstanceState.RUNNING);
            glimpse(500, InstanceState.IDLE);
            ledger.observe(List.of(), at(530));
            glimpse(560, InstanceState.RUNNING);

            assertThat(stored(VM)).containsExactly(running(VM, 1_000, 1_030), runningFrom(VM, 1_030));
        }

        @Test
        void observe_sinceIsKnown_vouchesForTheGap() {
            ledger.observe(List.of(seen(VM, InstanceState.RUNNING, 3)), at(10));
            ledger.observe(List.of(seen(VM, InstanceState.RUNNING, 3)), at(100_000));
            ledger.observe(List.of(seen(VM, InstanceState.IDLE, 150_000)), at(200_000));

            assertThat(stored(VM)).containsExactly(running(VM, 3, 150_000), idleFrom(VM, 150_000));
        }

        @Test
        void observe_limitsOfTheHost_areKept() {
            UsageLedger strict =
                    new UsageLedger(store::append, new GapPolicy(Duration.ofSeconds(5), Duration.ofSeconds(10)));
            for (long second : List.of(10L, 15L, 25L, 36L)) {
                strict.observe(List.of(seen(VM, InstanceState.RUNNING)), at(second));
            }

            assertThat(stored(VM))
                    .containsExactly(
                            running(VM, 10, 15),
                            running(VM, 15, 25).inferred(),
                            running(VM, 25, 26),
                            runningFrom(VM, 36));
        }

        @Test
        void observe_sinkFails_theNextOneTellsAll() {
            glimpse(10, InstanceState.RUNNING);
            glimpse(40, InstanceState.RUNNING);
            broken = true;
            assertThatThrownBy(() -> glimpse(500, InstanceState.RUNNING)).hasMessage("the store is down");
            broken = false;
            glimpse(600, InstanceState.RUNNING);

            assertThat(stored(VM))
                    .containsExactly(running(VM, 10, 40), running(VM, 40, 600).inferred(), runningFrom(VM, 600));
        }

        @Test
        void gapPolicy_limitsThatMeanNothing_areRefused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new GapPolicy(Duration.ofMillis(999), Duration.ofHours(1)))
                    .withMessageContaining("PT0.999S");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new GapPolicy(Duration.ofSeconds(30), Duration.ofSeconds(29)))
                    .withMessageContaining("PT29S")
                    .withMessageContaining("PT30S");
        }

        /** How often anybody looked shows in what is marked as inferred at most, not in what ran. */
        @Test
        void observe_anyPollsWithoutALongGap_giveTheSameTime() {
            Law.holds(500, gen -> {
                InMemoryHistoryStore history = new InMemoryHistoryStore();
                UsageLedger polled = new UsageLedger(history::append);
                long second = gen.between(0L, 100L);
                long first = second;
                boolean gap = false;
                for (int polls = gen.between(2, 20); polls > 0; polls--) {
                    polled.observe(List.of(seen(VM, InstanceState.RUNNING)), at(second));
                    if (polls > 1) {
                        long wait = gen.oneIn(4) ? gen.between(121L, 3_600L) : gen.between(0L, 120L);
                        gap |= wait > 120;
                        second += wait;
                    }
                }
                List<UsageInterval> told = history.timelines(ACCOUNT).get(0).intervals();
                assertThat(told.get(0).start()).isEqualTo(at(first));
                for (int i = 1; i < told.size(); i++) {
                    assertThat(told.get(i - 1).end()).contains(told.get(i).start());
                }
                assertThat(told.get(told.size() - 1).isOpen()).isTrue();
                assertThat(told.stream().anyMatch(UsageInterval::isInferred)).isEqualTo(gap);
            });
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

    /** The host was down: what an earlier run had open, and when it last looked. */
    @Nested
    class Restarted {

        private UsageLedgerTest after(ObservedInstance seen, long second) {
            UsageLedgerTest restarted = new UsageLedgerTest();
            restarted.store.append(List.of(runningFrom(VM, 5)));
            restarted.ledger.resume(List.of(runningFrom(VM, 5)), at(100));
            restarted.ledger.observe(List.of(seen), at(second));
            return restarted;
        }

        @Test
        void resume_seenTheSame_isAGapLikeAnyOther() {
            assertThat(after(seen(VM, InstanceState.RUNNING), 220).stored(VM)).containsExactly(runningFrom(VM, 5));
            assertThat(after(seen(VM, InstanceState.RUNNING), 3_700).stored(VM))
                    .containsExactly(
                            running(VM, 5, 100), running(VM, 100, 3_700).inferred(), runningFrom(VM, 3_700));
            assertThat(after(seen(VM, InstanceState.RUNNING), 3_701).stored(VM))
                    .containsExactly(running(VM, 5, 100), runningFrom(VM, 3_701));
        }

        @Test
        void resume_seenInAnotherState_isAGapLikeAnyOther() {
            assertThat(after(seen(VM, InstanceState.IDLE), 220).stored(VM))
                    .containsExactly(running(VM, 5, 220), idleFrom(VM, 220));
            assertThat(after(seen(VM, InstanceState.IDLE), 221).stored(VM))
                    .containsExactly(running(VM, 5, 100), idleFrom(VM, 221));
        }

        @Test
        void resume_vanished_endedWhenItWasLastSeen() {
            assertThat(after(seen(OTHER, InstanceState.RUNNING), 110).stored(VM))
                    .containsExactly(running(VM, 5, 100));
        }

        @Test
        void resume_sinceIsKnown_vouchesForTheTimeDown() {
            assertThat(after(seen(VM, InstanceState.RUNNING, 5), 90_000).stored(VM))
                    .containsExactly(runningFrom(VM, 5));
            assertThat(after(seen(VM, InstanceState.IDLE, 300), 90_000).stored(VM))
                    .containsExactly(running(VM, 5, 300), idleFrom(VM, 300));
            assertThat(after(seen(VM, InstanceState.RUNNING, 300), 90_000).stored(VM))
                    .containsExactly(running(VM, 5, 100), runningFrom(VM, 300));
        }

        @Test
        void resume_ofSeveralAccounts_oneAfterTheOther() {
            UsageInterval theirs =
                    runningFrom(Instance.builder(AccountId.of("rival"), "vm-1").build(), 7);
            store.append(List.of(runningFrom(VM, 5), theirs));
            ledger.resume(List.of(runningFrom(VM, 5)), at(100));
            ledger.resume(List.of(theirs), at(100));
            ledger.observe(List.of(), at(110));

            assertThat(stored(VM)).containsExactly(running(VM, 5, 100));
            assertThat(stored(theirs.instance())).containsExactly(theirs.endedAt(at(100)));
        }

        @Test
        void resume_closedInterval_isRefusedAndNothingIsTakenUp() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ledger.resume(List.of(runningFrom(OTHER, 1), running(VM, 5, 9)), at(10)))
                    .withMessageContaining("vm-1");
            assertThat(ledger.observe(List.of(), at(20))).isEmpty();
            assertThat(batches).isEmpty();
        }

        /** A ledger goes by what it was told; once the history is corrected, it has to be told. */
        @Test
        void resume_afterACorrection_goesOnFromWhatIsOpenNow() {
            ledger.observe(List.of(seen(VM, InstanceState.RUNNING)), at(10));
            ledger.observe(List.of(seen(VM, InstanceState.RUNNING)), at(40));
            store.correct(List.of(UsageInterval.between(VM, InstanceState.STOPPED, at(20), at(30))));
            assertThatThrownBy(() -> ledger.ended(ACCOUNT, VM.id(), at(50))).isInstanceOf(UsageConflictException.class);

            ledger.resume(store.timelines(ACCOUNT).stream()
                    .flatMap(timeline -> timeline.openInterval().stream())
                    .toList());
            ledger.ended(ACCOUNT, VM.id(), at(50));

            assertThat(stored(VM))
                    .containsExactly(
                            running(VM, 10, 20),
                            UsageInterval.between(VM, InstanceState.STOPPED, at(20), at(30)),
                            running(VM, 30, 50));
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
