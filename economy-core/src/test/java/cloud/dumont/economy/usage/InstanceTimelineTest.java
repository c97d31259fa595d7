package cloud.dumont.economy.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class InstanceTimelineTest {

    private static final AccountId ACCOUNT = AccountId.of("acme");
    private static final Instance CHEAP = Instance.builder(ACCOUNT, "vm-1")
            .gpu("T4", 1)
            .rate(HourlyRate.usd("0.20"))
            .build();
    private static final Instance DEAR = CHEAP.withRate(HourlyRate.usd("0.30"));

    private static Instant at(long second) {
        return Instant.ofEpochSecond(second);
    }

    private static UsageInterval running(long from, long to) {
        return UsageInterval.between(CHEAP, InstanceState.RUNNING, at(from), at(to));
    }

    private static UsageInterval runningFrom(long from) {
        return UsageInterval.openFrom(CHEAP, InstanceState.RUNNING, at(from));
    }

    private static UsageInterval idle(long from, long to) {
        return UsageInterval.between(CHEAP, InstanceState.IDLE, at(from), at(to));
    }

    private static UsageInterval idleFrom(long from) {
        return UsageInterval.openFrom(CHEAP, InstanceState.IDLE, at(from));
    }

    private static UsageInterval terminated(long from, long to) {
        return UsageInterval.between(CHEAP, InstanceState.TERMINATED, at(from), at(to));
    }

    private static UsageInterval terminatedFrom(long from) {
        return UsageInterval.openFrom(CHEAP, InstanceState.TERMINATED, at(from));
    }

    private static InstanceTimeline told(UsageInterval... intervals) {
        InstanceTimeline timeline = InstanceTimeline.EMPTY;
        for (UsageInterval interval : intervals) {
            timeline = timeline.plus(interval);
        }
        return timeline;
    }

    private static InstanceTimeline toldTogether(UsageInterval... intervals) {
        return InstanceTimeline.EMPTY.plusAll(List.of(intervals));
    }

    @Nested
    class Closed {

        @Test
        void plus_nothing_isEmpty() {
            assertThat(InstanceTimeline.EMPTY.intervals()).isEmpty();
            assertThat(InstanceTimeline.EMPTY.facts()).isEmpty();
            assertThat(InstanceTimeline.EMPTY.openInterval()).isEmpty();
        }

        @Test
        void plus_sameTwice_tellsNothingNew() {
            InstanceTimeline once = told(running(0, 10));

            assertThat(once.plus(running(0, 10))).isEqualTo(once);
        }

        @Test
        void plus_overlappingPiecesThatAgree_areOne() {
            assertThat(told(running(0, 10), running(5, 15)).intervals()).containsExactly(running(0, 15));
            assertThat(told(running(0, 10), running(2, 3)).intervals()).containsExactly(running(0, 10));
            assertThat(told(running(2, 3), running(0, 10)).intervals()).containsExactly(running(0, 10));
        }

        @Test
        void plus_piecesThatTouch_areJoined() {
            assertThat(told(running(0, 10), running(10, 20)).intervals()).containsExactly(running(0, 20));
            assertThat(told(running(0, 10), running(20, 30), running(10, 20)).intervals())
                    .containsExactly(running(0, 30));
        }

        @Test
        void plus_otherStateThatTouches_staysItsOwn() {
            assertThat(told(idle(10, 20), running(0, 10)).intervals()).containsExactly(running(0, 10), idle(10, 20));
        }

        @Test
        void plus_gap_staysUnknown() {
            assertThat(told(running(0, 10), running(11, 20)).intervals())
                    .containsExactly(running(0, 10), running(11, 20));
        }

        @Test
        void plus_otherRate_staysItsOwn() {
            UsageInterval dearer = UsageInterval.between(DEAR, InstanceState.RUNNING, at(10), at(20));

            assertThat(told(running(0, 10), dearer).intervals()).containsExactly(running(0, 10), dearer);
        }

        @Test
        void plus_nothingOfTime_changesNothingThatIsKnown() {
            assertThat(told(running(0, 10), idle(5, 5)).intervals()).containsExactly(running(0, 10));
            assertThat(told(idle(5, 5), running(0, 10)).intervals()).containsExactly(running(0, 10));
            assertThat(told(running(5, 5)).intervals()).isEmpty();
        }
    }

    @Nested
    class Open {

        @Test
        void plus_open_lasts() {
            assertThat(told(runningFrom(5)).intervals()).containsExactly(runningFrom(5));
            assertThat(told(runningFrom(5)).openInterval()).contains(runningFrom(5));
        }

        @Test
        void plus_closedThatCoversTheOpenStart_isItsEnd() {
            for (UsageInterval end : List.of(running(5, 20), running(0, 20), running(5, 6))) {
                assertThat(told(runningFrom(5), end)).isEqualTo(told(end));
                assertThat(told(end, runningFrom(5))).isEqualTo(told(end));
                assertThat(told(end, runningFrom(5)).openInterval()).isEmpty();
            }
        }

        @Test
        void plus_closedThatEndsWhereTheOpenStarts_isNotItsEnd() {
            assertThat(told(running(0, 5), runningFrom(5)).intervals()).containsExactly(running(0, 5), runningFrom(5));
            assertThat(told(runningFrom(5), running(0, 5))).isEqualTo(told(running(0, 5), runningFrom(5)));
        }

        @Test
        void plus_openToldAgainAfterItsEnd_staysEnded() {
            assertThat(told(runningFrom(5), running(5, 20), runningFrom(5), runningFrom(7))
                            .intervals())
                    .containsExactly(running(5, 20));
        }

        @Test
        void plus_closedInsideTheOpen_tellsNothingOfTheEnd() {
            InstanceTimeline timeline = told(runningFrom(5), running(20, 30));

            assertThat(timeline.intervals()).containsExactly(runningFrom(5));
            assertThat(timeline).isEqualTo(told(running(20, 30), runningFrom(5)));
        }

        @Test
        void plus_severalOpenThatAgree_theEarliestSpeaks() {
            assertThat(told(runningFrom(9), runningFrom(5)).openInterval()).contains(runningFrom(5));
            assertThat(told(runningFrom(5), runningFrom(9))).isEqualTo(told(runningFrom(9), runningFrom(5)));
            assertThat(told(runningFrom(5), runningFrom(9)).intervals()).containsExactly(runningFrom(5));
        }

        @Test
        void plus_endOfTheEarlierOfTwoOpen_leavesTheLater() {
            assertThat(told(runningFrom(5), runningFrom(9), running(5, 7)).intervals())
                    .containsExactly(running(5, 7), runningFrom(9));
        }

        @Test
        void plusAll_endAndNextState_inAnyOrder() {
            InstanceTimeline before = told(runningFrom(5));

            assertThat(before.plusAll(List.of(running(5, 20), idleFrom(20))).intervals())
                    .containsExactly(running(5, 20), idleFrom(20));
            assertThat(before.plusAll(List.of(idleFrom(20), running(5, 20))))
                    .isEqualTo(before.plusAll(List.of(running(5, 20), idleFrom(20))));
        }

        @Test
        void plus_endInTheSecondOfItsStart_leavesNothing() {
            assertThat(told(runningFrom(5), running(5, 5))).isEqualTo(InstanceTimeline.EMPTY);
        }

        /** Two changes within one second: the first state lasted no whole second, the second one stands. */
        @Test
        void plusAll_endInTheSecondOfItsStart_isItsEnd() {
            InstanceTimeline before = told(runningFrom(5));

            assertThat(before.plus(running(5, 5)).openInterval()).isEmpty();
            assertThat(before.plusAll(List.of(running(5, 5), idleFrom(5))).intervals())
                    .containsExactly(idleFrom(5));
            assertThat(toldTogether(runningFrom(5), running(5, 5), idleFrom(5)).intervals())
                    .containsExactly(idleFrom(5));
        }
    }

    @Nested
    class Conflicts {

        private void assertConflict(UsageInterval known, UsageInterval refused) {
            InstanceTimeline before = told(known);
            assertThatThrownBy(() -> before.plus(refused))
                    .isInstanceOfSatisfying(UsageConflictException.class, conflict -> {
                        assertThat(conflict.known()).isEqualTo(known);
                        assertThat(conflict.refused()).isEqualTo(refused);
                        assertThat(conflict).hasMessageContainingAll(known.toString(), refused.toString());
                    });
            assertThat(before).isEqualTo(told(known));
        }

        @Test
        void plus_otherStateAtTheSameTime_isRefusedAndBothAreNamed() {
            assertConflict(running(0, 10), idle(9, 20));
            assertConflict(running(5, 10), idle(0, 6));
            assertConflict(running(0, 10), idle(3, 4));
            assertConflict(running(3, 4), idle(0, 10));
        }

        @Test
        void plus_otherRateAtTheSameTime_isRefusedAndBothAreNamed() {
            assertConflict(running(0, 10), UsageInterval.between(DEAR, InstanceState.RUNNING, at(5), at(6)));
        }

        @Test
        void plus_otherMachineAtTheSameTime_isRefused() {
            Instance bigger = Instance.builder(ACCOUNT, "vm-1")
                    .gpu("T4", GpuCount.of(2))
                    .rate(HourlyRate.usd("0.20"))
                    .build();
            assertConflict(running(0, 10), UsageInterval.between(bigger, InstanceState.RUNNING, at(5), at(6)));
        }

        @Test
        void plus_openAgainstOther_isRefusedBothWays() {
            assertConflict(runningFrom(0), idle(10, 20));
            assertConflict(idle(10, 20), runningFrom(0));
            assertConflict(idle(10, 20), runningFrom(15));
            assertConflict(runningFrom(0), idleFrom(10));
            assertConflict(idleFrom(10), runningFrom(0));
        }

        @Test
        void plusAll_oneThatDisagrees_refusesAll() {
            InstanceTimeline before = told(running(0, 10));

            assertThatThrownBy(() -> before.plusAll(List.of(running(20, 30), idle(5, 6))))
                    .isInstanceOf(UsageConflictException.class);
            assertThat(before.intervals()).containsExactly(running(0, 10));
        }

        @Test
        void plusAll_twoOfTheNewThatDisagree_areRefused() {
            assertThatThrownBy(() -> toldTogether(running(0, 10), idle(5, 15)))
                    .isInstanceOf(UsageConflictException.class);
        }
    }

    @Nested
    class NamingConflicts {

        @Test
        void plusAll_pieceOfWhatIsJoined_namesThePiece() {
            assertThatThrownBy(() -> told(idle(10, 12)).plusAll(List.of(running(0, 5), running(5, 11))))
                    .isInstanceOfSatisfying(UsageConflictException.class, conflict -> {
                        assertThat(conflict.known()).isEqualTo(idle(10, 12));
                        assertThat(conflict.refused()).isEqualTo(running(5, 11));
                    });
            assertThatThrownBy(() -> toldTogether(running(0, 5), running(5, 11), idle(10, 12)))
                    .isInstanceOfSatisfying(UsageConflictException.class, conflict -> {
                        assertThat(conflict.known()).isEqualTo(running(5, 11));
                        assertThat(conflict.refused()).isEqualTo(idle(10, 12));
                    });
        }

        @Test
        void plusAll_openAgainstAPieceToldWithIt_namesThePiece() {
            assertThatThrownBy(() -> told(running(0, 5)).plusAll(List.of(running(5, 11), idleFrom(10))))
                    .isInstanceOfSatisfying(UsageConflictException.class, conflict -> {
                        assertThat(conflict.known()).isEqualTo(running(5, 11));
                        assertThat(conflict.refused()).isEqualTo(idleFrom(10));
                    });
        }
    }

    @Nested
    class Inferred {

        @Test
        void plus_inferred_isThereAndMarked() {
            assertThat(told(running(0, 10).inferred()).intervals())
                    .containsExactly(running(0, 10).inferred());
        }

        @Test
        void plus_inferredThatTouchesObserved_isNotJoined() {
            assertThat(told(running(0, 10), running(10, 20).inferred(), runningFrom(20))
                            .intervals())
                    .containsExactly(running(0, 10), running(10, 20).inferred(), runningFrom(20));
        }

        @Test
        void plus_inferredThatTouchInferred_areJoined() {
            assertThat(told(
                                    running(0, 10).inferred(),
                                    running(20, 30).inferred(),
                                    running(5, 20).inferred())
                            .facts())
                    .containsExactly(running(0, 30).inferred());
        }

        @Test
        void plus_observedOfTheSameTime_inferredYieldsInEitherOrder() {
            for (UsageInterval observed : List.of(idle(5, 8), running(5, 8))) {
                List<UsageInterval> left = List.of(
                        running(0, 5).inferred(), observed, running(8, 10).inferred());
                assertThat(told(running(0, 10).inferred(), observed).intervals())
                        .isEqualTo(left);
                assertThat(told(observed, running(0, 10).inferred()).intervals())
                        .isEqualTo(left);
            }
        }

        @Test
        void plus_openOfTheSameTime_inferredYieldsInEitherOrder() {
            assertThat(told(running(0, 10).inferred(), idleFrom(5)).intervals())
                    .containsExactly(running(0, 5).inferred(), idleFrom(5));
            assertThat(told(idleFrom(5), running(0, 10).inferred()).intervals())
                    .containsExactly(running(0, 5).inferred(), idleFrom(5));
        }

        /** Until its end is told, the open one speaks of that time; once it is, it does no more, and never did. */
        @Test
        void plus_endOfTheOpenThatHidIt_showsItInAnyOrder() {
            List<UsageInterval> shown = List.of(running(0, 3), idle(5, 10).inferred());

            assertThat(told(runningFrom(0), idle(5, 10).inferred()).intervals()).containsExactly(runningFrom(0));
            assertThat(told(runningFrom(0), idle(5, 10).inferred(), running(0, 3))
                            .intervals())
                    .isEqualTo(shown);
            assertThat(told(idle(5, 10).inferred(), runningFrom(0), running(0, 3))
                            .intervals())
                    .isEqualTo(shown);
            assertThat(told(running(0, 3), runningFrom(0), idle(5, 10).inferred())
                            .intervals())
                    .isEqualTo(shown);
        }

        @Test
        void plus_inferredThatCoversAnOpenStart_isNotItsEnd() {
            assertThat(told(runningFrom(5), running(0, 10).inferred()).openInterval())
                    .contains(runningFrom(5));
        }

        @Test
        void plus_twoInferredThatDisagree_areRefusedAndBothAreNamed() {
            assertThatThrownBy(() -> told(running(0, 10).inferred(), idle(9, 12).inferred()))
                    .isInstanceOfSatisfying(UsageConflictException.class, conflict -> {
                        assertThat(conflict.known()).isEqualTo(running(0, 10).inferred());
                        assertThat(conflict.refused()).isEqualTo(idle(9, 12).inferred());
                        assertThat(conflict)
                                .hasMessageContaining(running(0, 10).inferred().toString());
                    });
        }

        @Test
        void plus_twoInferredThatDisagreeOnlyWhereOneIsObserved_areNoConflict() {
            assertThat(told(idle(5, 12), running(0, 10).inferred(), idle(9, 20).inferred())
                            .intervals())
                    .containsExactly(
                            running(0, 5).inferred(), idle(5, 12), idle(12, 20).inferred());
        }
    }

    @Nested
    class Corrected {

        private InstanceTimeline corrected(InstanceTimeline timeline, UsageInterval... truth) {
            return timeline.corrected(List.of(truth));
        }

        @Test
        void corrected_nothing_isTheSame() {
            InstanceTimeline before = told(running(0, 10), running(10, 20).inferred(), idleFrom(20));

            assertThat(corrected(before)).isEqualTo(before);
            assertThat(corrected(before, idle(5, 5))).isEqualTo(before);
        }

        @Test
        void corrected_ofAnEmptyTimeline_isWhatIsTold() {
            assertThat(corrected(InstanceTimeline.EMPTY, running(0, 10), idleFrom(10)))
                    .isEqualTo(told(running(0, 10), idleFrom(10)));
        }

        @Test
        void corrected_closedThatSticksOut_isCut() {
            assertThat(corrected(told(running(0, 100)), idle(40, 60)).facts())
                    .containsExactly(running(0, 40), idle(40, 60), running(60, 100));
            assertThat(corrected(told(running(0, 10), idle(10, 20), running(20, 30)), terminated(5, 25))
                            .facts())
                    .containsExactly(running(0, 5), terminated(5, 25), running(25, 30));
        }

        @Test
        void corrected_open_isClosedBeforeAndLastsBehind() {
            assertThat(corrected(told(runningFrom(0)), idle(40, 60)).facts())
                    .containsExactly(running(0, 40), idle(40, 60), runningFrom(60));
            assertThat(corrected(told(runningFrom(40)), idle(40, 60)).facts())
                    .containsExactly(idle(40, 60), runningFrom(60));
            assertThat(corrected(told(runningFrom(50)), idle(40, 60)).facts())
                    .containsExactly(idle(40, 60), runningFrom(60));
        }

        @Test
        void corrected_openTruth_replacesAllFromItsStartOn() {
            InstanceTimeline before =
                    told(running(0, 30), idle(30, 40), running(50, 60).inferred(), idleFrom(70));

            assertThat(corrected(before, terminatedFrom(20)).facts())
                    .containsExactly(running(0, 20), terminatedFrom(20));
        }

        @Test
        void corrected_inferred_givesWay() {
            assertThat(corrected(told(running(0, 100).inferred()), terminated(40, 60))
                            .facts())
                    .containsExactly(
                            terminated(40, 60),
                            running(0, 40).inferred(),
                            running(60, 100).inferred());
        }

        @Test
        void corrected_byWhatAgrees_changesNoMomentAndEndsNothing() {
            assertThat(corrected(told(running(0, 100)), running(40, 60))).isEqualTo(told(running(0, 100)));
            assertThat(corrected(told(runningFrom(0)), running(40, 60)).intervals())
                    .containsExactly(running(0, 60), runningFrom(60));
        }

        /** The piece inside was no end of the open interval before it was cut, and is none afterwards. */
        @Test
        void corrected_openWithAPieceInside_lastsBehindThePiece() {
            for (UsageInterval piece : List.of(running(15, 25), running(20, 25))) {
                InstanceTimeline corrected = corrected(told(runningFrom(0), piece), idle(5, 20));

                assertThat(corrected.intervals())
                        .containsExactly(running(0, 5), idle(5, 20), running(20, 25), runningFrom(25));
                assertThat(corrected.plus(running(20, 25))).isEqualTo(corrected);
                assertThat(InstanceTimeline.EMPTY.plusAll(corrected.facts())).isEqualTo(corrected);
            }
        }

        /** It never ended: whoever tells that end again tells nothing new. */
        @Test
        void corrected_endThatWasNone_isNoEndIfToldAgain() {
            InstanceTimeline corrected = corrected(told(running(0, 30), idleFrom(30)), runningFrom(10));

            assertThat(corrected.intervals()).containsExactly(running(0, 30), runningFrom(30));
            assertThat(corrected.plus(running(0, 30))).isEqualTo(corrected);
            assertThat(corrected.plus(running(10, 30))).isEqualTo(corrected);
            assertThatThrownBy(() -> corrected.plus(idleFrom(30))).isInstanceOf(UsageConflictException.class);
        }

        @Test
        void plus_theWithdrawnFactAgain_isRefused() {
            InstanceTimeline closed = corrected(told(running(0, 100)), terminated(40, 60));
            InstanceTimeline open = corrected(told(runningFrom(0)), terminatedFrom(0));

            assertThatThrownBy(() -> closed.plus(running(0, 100)))
                    .isInstanceOf(UsageConflictException.class)
                    .hasMessageContaining(terminated(40, 60).toString());
            assertThatThrownBy(() -> open.plus(runningFrom(0))).isInstanceOf(UsageConflictException.class);
        }

        @Test
        void corrected_contradictoryTruth_isRefusedWithBothNamed() {
            assertThatThrownBy(() -> corrected(told(running(0, 100)), idle(10, 20), running(0, 5), terminated(19, 30)))
                    .isInstanceOfSatisfying(UsageConflictException.class, conflict -> {
                        assertThat(conflict.known()).isEqualTo(idle(10, 20));
                        assertThat(conflict.refused()).isEqualTo(terminated(19, 30));
                    });
        }

        @Test
        void corrected_inferredTruth_isRefused() {
            assertThatThrownBy(
                            () -> corrected(told(running(0, 100)), idle(10, 20).inferred()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(idle(10, 20).inferred().toString());
        }
    }

    @Nested
    class Laws {

        private static final int CASES = 5_000;

        /** What really happened: neighbours differ or are apart, perhaps with a last one that lasts. */
        private List<UsageInterval> truth(Gen gen) {
            List<UsageInterval> truth = new ArrayList<>();
            long second = gen.between(0L, 100L);
            UsageInterval last = null;
            for (int i = gen.between(1, 6); i > 0; i--) {
                Instance instance = gen.pick(CHEAP, DEAR);
                InstanceState state = gen.pick(InstanceState.values());
                long from = second + (gen.oneIn(2) ? 0 : gen.between(1L, 50L));
                boolean joined = last != null
                        && from == second
                        && last.state() == state
                        && last.instance().equals(instance);
                if (joined) {
                    from++;
                }
                second = from + gen.between(1L, 100L);
                last = i == 1 && gen.oneIn(2)
                        ? UsageInterval.openFrom(instance, state, at(from))
                        : UsageInterval.between(instance, state, at(from), at(second));
                truth.add(last);
            }
            return truth;
        }

        /** The same, cut into pieces that touch or overlap; what has ended may have been told open, too. */
        private List<UsageInterval> pieces(List<UsageInterval> truth, Gen gen) {
            List<UsageInterval> pieces = new ArrayList<>();
            for (UsageInterval interval : truth) {
                if (interval.isOpen()) {
                    pieces.add(interval);
                    continue;
                }
                long from = interval.start().getEpochSecond();
                long to = interval.end().orElseThrow().getEpochSecond();
                TreeSet<Long> cuts = new TreeSet<>(List.of(from, to));
                for (int i = gen.between(0, 3); i > 0; i--) {
                    cuts.add(gen.between(from, to));
                }
                Long start = null;
                for (long cut : cuts) {
                    if (start != null) {
                        long early = gen.oneIn(3) ? gen.between(from, start) : start;
                        long late = gen.oneIn(3) ? gen.between(cut, to) : cut;
                        pieces.add(UsageInterval.between(interval.instance(), interval.state(), at(early), at(late)));
                    }
                    start = cut;
                }
            }
            return pieces;
        }

        @Test
        void anyPiecesInAnyOrder_toldOneByOne_areTheTruth() {
            Law.holds(CASES, gen -> {
                List<UsageInterval> truth = truth(gen);
                InstanceTimeline timeline =
                        told(gen.shuffledAndDoubled(pieces(truth, gen)).toArray(UsageInterval[]::new));
                assertThat(timeline.intervals()).isEqualTo(truth);
                assertThat(timeline).isEqualTo(told(truth.toArray(UsageInterval[]::new)));
            });
        }

        @Test
        void anyPiecesWithOpenOnesThatEnded_toldInAnyBatches_areTheTruth() {
            Law.holds(CASES, gen -> {
                List<UsageInterval> truth = truth(gen);
                List<UsageInterval> pieces = pieces(truth, gen);
                // What is over was open once: it was told without its end, and may be told so again at any time later.
                truth.stream()
                        .filter(interval -> !interval.isOpen())
                        .forEach(interval -> pieces.add(
                                UsageInterval.openFrom(interval.instance(), interval.state(), interval.start())));
                InstanceTimeline timeline = InstanceTimeline.EMPTY.plusAll(gen.shuffledAndDoubled(pieces));
                assertThat(timeline.intervals()).isEqualTo(truth);
                for (UsageInterval again : gen.shuffled(pieces)) {
                    timeline = timeline.plus(again);
                }
                assertThat(timeline.intervals()).isEqualTo(truth);
            });
        }

        @Test
        void facts_toldAgainToAnEmptyTimeline_giveTheSame() {
            Law.holds(CASES, gen -> {
                List<UsageInterval> told = new ArrayList<>(pieces(truth(gen), gen));
                told.add(UsageInterval.openFrom(
                        told.get(told.size() - 1).instance(),
                        told.get(told.size() - 1).state(),
                        told.stream()
                                .map(UsageInterval::start)
                                .max(Comparator.naturalOrder())
                                .orElseThrow()));
                InstanceTimeline timeline = InstanceTimeline.EMPTY.plusAll(told);
                assertThat(InstanceTimeline.EMPTY.plusAll(gen.shuffled(timeline.facts())))
                        .isEqualTo(timeline);
                assertThat(timeline.plusAll(gen.shuffled(timeline.facts()))).isEqualTo(timeline);
            });
        }

        @Test
        void intervals_always_areDisjointAndInOrderAndOnlyTheLastLasts() {
            Law.holds(CASES, gen -> {
                InstanceTimeline timeline = InstanceTimeline.EMPTY;
                for (int i = 0; i < 12; i++) {
                    Instance instance = gen.pick(CHEAP, CHEAP, DEAR);
                    InstanceState state = gen.pick(InstanceState.RUNNING, InstanceState.RUNNING, InstanceState.IDLE);
                    Instant start = at(gen.between(0L, 40L));
                    UsageInterval any = gen.oneIn(4)
                            ? UsageInterval.openFrom(instance, state, start)
                            : UsageInterval.between(instance, state, start, start.plusSeconds(gen.between(0L, 10L)));
                    try {
                        timeline = timeline.plus(any);
                    } catch (UsageConflictException refused) {
                        assertThat(refused.refused().agreesWith(any)).isTrue();
                    }
                }
                List<UsageInterval> intervals = timeline.intervals();
                for (int i = 1; i < intervals.size(); i++) {
                    assertThat(intervals.get(i - 1).end().orElseThrow())
                            .isBeforeOrEqualTo(intervals.get(i).start());
                }
                assertThat(intervals)
                        .allSatisfy(interval -> assertThat(interval.isOpen()
                                        || interval.start()
                                                .isBefore(interval.end().orElseThrow()))
                                .isTrue());
                assertThat(InstanceTimeline.EMPTY.plusAll(timeline.facts())).isEqualTo(timeline);
            });
        }

        /** Two tellings that are both accepted give one timeline, in whichever order. */
        @Test
        void plus_anyTwo_commuteWhereBothOrdersAreAccepted() {
            Law.holds(4 * CASES, gen -> {
                List<UsageInterval> facts = new ArrayList<>();
                for (int i = gen.between(2, 4); i > 0; i--) {
                    InstanceState state = gen.pick(InstanceState.RUNNING, InstanceState.RUNNING, InstanceState.IDLE);
                    Instant start = at(gen.between(0L, 12L));
                    facts.add(
                            gen.oneIn(2)
                                    ? UsageInterval.openFrom(CHEAP, state, start)
                                    : UsageInterval.between(
                                            CHEAP, state, start, start.plusSeconds(gen.between(1L, 8L))));
                }
                InstanceTimeline one;
                InstanceTimeline other;
                try {
                    one = told(facts.toArray(UsageInterval[]::new));
                    other = told(gen.shuffled(facts).toArray(UsageInterval[]::new));
                } catch (UsageConflictException e) {
                    return;
                }
                assertThat(one).as("%s", facts).isEqualTo(other);
            });
        }

        /** What a timeline shows at a second; empty where nothing is known. */
        private Optional<UsageInterval> shown(InstanceTimeline timeline, long second) {
            List<UsageInterval> there = timeline.intervals().stream()
                    .filter(interval -> interval.covers(at(second)))
                    .toList();
            assertThat(there).hasSizeLessThan(2);
            return there.stream().findFirst();
        }

        private void assertTellsTheSame(Optional<UsageInterval> actual, Optional<UsageInterval> expected, long second) {
            assertThat(actual.isPresent()).as("known at %s", second).isEqualTo(expected.isPresent());
            if (actual.isPresent()) {
                assertThat(actual.get().agreesWith(expected.get()))
                        .as("%s instead of %s", actual.get(), expected.get())
                        .isTrue();
                assertThat(actual.get().evidence()).isEqualTo(expected.get().evidence());
            }
        }

        private List<UsageInterval> guesses(Gen gen) {
            return pieces(truth(gen), gen).stream()
                    .filter(piece -> !piece.isOpen())
                    .map(UsageInterval::inferred)
                    .toList();
        }

        @Test
        void inferred_inAnyOrder_showsJustWhereNothingIsObserved() {
            Law.holds(CASES, gen -> {
                List<UsageInterval> truth = truth(gen);
                List<UsageInterval> guesses = guesses(gen);
                List<UsageInterval> all = pieces(truth, gen);
                all.addAll(guesses);
                InstanceTimeline timeline = told(gen.shuffledAndDoubled(all).toArray(UsageInterval[]::new));
                InstanceTimeline observed = told(truth.toArray(UsageInterval[]::new));
                InstanceTimeline guessed = told(guesses.toArray(UsageInterval[]::new));

                for (long second = 0; second < 1_000; second += gen.between(1, 20)) {
                    Optional<UsageInterval> seen = shown(observed, second);
                    assertTellsTheSame(
                            shown(timeline, second), seen.isPresent() ? seen : shown(guessed, second), second);
                }
                assertThat(timeline.openInterval()).isEqualTo(observed.openInterval());
                truth.stream()
                        .filter(interval -> !interval.isOpen())
                        .forEach(interval -> all.add(
                                UsageInterval.openFrom(interval.instance(), interval.state(), interval.start())));
                assertThat(InstanceTimeline.EMPTY.plusAll(gen.shuffled(all))).isEqualTo(timeline);
                assertThat(InstanceTimeline.EMPTY.plusAll(gen.shuffled(timeline.facts())))
                        .isEqualTo(timeline);
            });
        }

        /** Anything that was told and accepted: open and closed, seen and inferred. */
        private List<UsageInterval> anythingTold(Gen gen) {
            List<UsageInterval> told = new ArrayList<>();
            InstanceTimeline timeline = InstanceTimeline.EMPTY;
            for (int i = gen.between(1, 10); i > 0; i--) {
                Instant start = at(gen.between(0L, 40L));
                UsageInterval open = UsageInterval.openFrom(
                        gen.pick(CHEAP, CHEAP, DEAR), gen.pick(InstanceState.RUNNING, InstanceState.IDLE), start);
                UsageInterval any = gen.oneIn(3) ? open : open.endedAt(start.plusSeconds(gen.between(1L, 20L)));
                any = !any.isOpen() && gen.oneIn(3) ? any.inferred() : any;
                try {
                    timeline = timeline.plus(any);
                    told.add(any);
                } catch (UsageConflictException refused) {
                    assertThat(refused.refused().agreesWith(any)).isTrue();
                }
            }
            return told;
        }

        private List<UsageInterval> anyTruth(Gen gen) {
            return truth(gen).stream()
                    .map(interval -> UsageInterval.openFrom(
                            interval.instance(),
                            interval.state(),
                            at(interval.start().getEpochSecond() / 4)))
                    .map(interval -> gen.oneIn(8)
                            ? interval
                            : interval.endedAt(interval.start().plusSeconds(gen.between(0L, 12L))))
                    .limit(gen.between(1, 3))
                    .toList();
        }

        @Test
        void corrected_anything_isTheTruthInItsTimeAndAsBeforeElsewhere() {
            int[] done = new int[1];
            Law.holds(4 * CASES, gen -> {
                List<UsageInterval> told = anythingTold(gen);
                InstanceTimeline before = told(told.toArray(UsageInterval[]::new));
                List<UsageInterval> truth = anyTruth(gen);
                InstanceTimeline corrected;
                InstanceTimeline alone;
                try {
                    alone = InstanceTimeline.EMPTY.plusAll(truth);
                    corrected = before.corrected(truth);
                } catch (UsageConflictException e) {
                    return;
                }
                done[0]++;
                for (long second = 0; second < 80; second++) {
                    Optional<UsageInterval> wanted = shown(alone, second);
                    assertTellsTheSame(
                            shown(corrected, second), wanted.isPresent() ? wanted : shown(before, second), second);
                }
                assertThat(corrected.corrected(truth)).isEqualTo(corrected);
                assertThat(InstanceTimeline.EMPTY.plusAll(gen.shuffled(corrected.facts())))
                        .isEqualTo(corrected);
                // What was told before and is told again is known, or refused; it changes nothing.
                for (UsageInterval again : gen.shuffled(told)) {
                    try {
                        assertThat(corrected.plus(again).intervals()).isEqualTo(corrected.intervals());
                    } catch (UsageConflictException refused) {
                        assertThat(refused.refused().agreesWith(again)).isTrue();
                    }
                }
            });
            assertThat(done[0]).isGreaterThan(CASES);
        }
    }
}
