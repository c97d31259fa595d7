package cloud.dumont.economy.history;

import static cloud.dumont.economy.usage.InstanceState.HIBERNATED;
import static cloud.dumont.economy.usage.InstanceState.IDLE;
import static cloud.dumont.economy.usage.InstanceState.RUNNING;
import static cloud.dumont.economy.usage.InstanceState.STOPPED;
import static cloud.dumont.economy.usage.InstanceState.TERMINATED;
import static cloud.dumont.economy.usage.UsageInterval.between;
import static cloud.dumont.economy.usage.UsageInterval.openFrom;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageConflictException;
import cloud.dumont.economy.usage.UsageInterval;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link HistoryStore} must do. A store's test extends this and says how to make an empty one. */
public abstract class HistoryStoreContract extends LedgerContract {

    private static final AccountId ACME = AccountId.of("acme");
    private static final AccountId OTHER = AccountId.of("other");

    /** Second 0 of the times that are told here. */
    private static final Instant BEGINNING = Instant.parse("2026-03-01T00:00:00Z");

    private static final Instance I1 = described(ACME, "i-1");
    private static final Instance I2 = described(ACME, "i-2");

    /** What the store's clock shows. */
    private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");

    private HistoryStore store;

    @BeforeEach
    void makeStore() {
        store = newStore(() -> now);
    }

    @Test
    public void anEmptyStoreKnowsNothing() {
        assertThat(store.accounts()).isEmpty();
        assertThat(store.timelines(ACME)).isEmpty();
    }

    @Test
    public void appendingNothingChangesNothing() {
        store.append(List.of());

        assertThat(store.accounts()).isEmpty();
    }

    @Test
    public void whatIsToldIsThere() {
        store.append(List.of(closed(I1, RUNNING, 0, 10), closed(I1, IDLE, 20, 30), open(I1, HIBERNATED, 30)));

        assertThat(intervals(I1))
                .containsExactly(closed(I1, RUNNING, 0, 10), closed(I1, IDLE, 20, 30), open(I1, HIBERNATED, 30));
        assertThat(store.accounts()).containsExactly(ACME);
    }

    @Test
    public void appendingTwiceChangesNothing() {
        List<UsageInterval> facts =
                List.of(closed(I1, RUNNING, 0, 10), open(I1, IDLE, 10), open(I1, IDLE, 15), open(I2, RUNNING, 5));
        store.append(facts);
        List<InstanceTimeline> once = store.timelines(ACME);

        store.append(facts);
        facts.forEach(fact -> store.append(List.of(fact)));

        assertThat(store.timelines(ACME)).isEqualTo(once);
    }

    @Test
    public void aFactTwiceInOneBatchIsOne() {
        store.append(
                List.of(open(I1, RUNNING, 0), closed(I2, IDLE, 0, 5), open(I1, RUNNING, 0), closed(I2, IDLE, 0, 5)));

        assertThat(facts(I1)).containsExactly(open(I1, RUNNING, 0));
        assertThat(facts(I2)).containsExactly(closed(I2, IDLE, 0, 5));
    }

    @Test
    public void laterFactsMayComeFirst() {
        store.append(List.of(closed(I1, RUNNING, 20, 30)));
        store.append(List.of(closed(I1, RUNNING, 0, 10)));
        store.append(List.of(closed(I1, IDLE, 10, 20)));

        assertThat(intervals(I1))
                .containsExactly(closed(I1, RUNNING, 0, 10), closed(I1, IDLE, 10, 20), closed(I1, RUNNING, 20, 30));
    }

    @Test
    public void overlappingPiecesThatAgreeAreOne() {
        store.append(List.of(closed(I1, RUNNING, 0, 10)));
        store.append(List.of(closed(I1, RUNNING, 20, 30), closed(I1, RUNNING, 22, 25)));
        store.append(List.of(closed(I1, RUNNING, 5, 20)));

        assertThat(facts(I1)).containsExactly(closed(I1, RUNNING, 0, 30));
    }

    @Test
    public void anEndClosesWhatWasOpen() {
        store.append(List.of(open(I1, RUNNING, 0)));
        store.append(List.of(closed(I1, RUNNING, 0, 10)));

        assertThat(facts(I1)).containsExactly(closed(I1, RUNNING, 0, 10));
    }

    @Test
    public void anEndStaysWhenTheOpenIntervalIsToldAgain() {
        store.append(List.of(open(I1, RUNNING, 0)));
        store.append(List.of(closed(I1, RUNNING, 0, 10), open(I1, IDLE, 10)));

        store.append(List.of(open(I1, RUNNING, 0)));
        store.append(List.of(open(I1, RUNNING, 9)));

        assertThat(facts(I1)).containsExactly(closed(I1, RUNNING, 0, 10), open(I1, IDLE, 10));
    }

    /** An open interval seen twice, and a piece of it: neither is an end of the first, and each has to be kept. */
    @Test
    public void openIntervalsKeepAllThatWasTold() {
        store.append(List.of(open(I1, RUNNING, 10)));
        store.append(List.of(open(I1, RUNNING, 0)));
        store.append(List.of(closed(I1, RUNNING, 3, 5)));

        assertThat(facts(I1)).containsExactly(closed(I1, RUNNING, 3, 5), open(I1, RUNNING, 0), open(I1, RUNNING, 10));
        assertThat(intervals(I1)).containsExactly(open(I1, RUNNING, 0));

        store.append(List.of(closed(I1, RUNNING, 0, 4)));

        assertThat(facts(I1)).containsExactly(closed(I1, RUNNING, 0, 5), open(I1, RUNNING, 10));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    public void anEndAndWhatFollowsItMayComeInAnyOrder(boolean endLast) {
        store.append(List.of(open(I1, RUNNING, 0)));
        List<UsageInterval> batch = Arrays.asList(closed(I1, RUNNING, 0, 10), open(I1, IDLE, 10));
        if (endLast) {
            Collections.reverse(batch);
        }

        store.append(batch);

        assertThat(facts(I1)).containsExactly(closed(I1, RUNNING, 0, 10), open(I1, IDLE, 10));
    }

    @Test
    public void anEndInTheSecondOfTheStartLeavesNothing() {
        store.append(List.of(open(I1, RUNNING, 5)));
        store.append(List.of(closed(I1, RUNNING, 5, 5)));

        assertThat(store.accounts()).isEmpty();
        assertThat(store.timelines(ACME)).isEmpty();
    }

    @Test
    public void whatIsInferredIsMarked() {
        List<UsageInterval> facts =
                List.of(closed(I1, RUNNING, 0, 10), closed(I1, RUNNING, 10, 20).inferred(), open(I1, RUNNING, 20));
        store.append(facts);
        store.append(facts);

        assertThat(intervals(I1)).containsExactlyElementsOf(facts);
    }

    /** It may show yet, if the open one ends before. */
    @Test
    public void whatIsInferredMayBeginWhereAnOpenIntervalDoes() {
        store.append(List.of(closed(I1, IDLE, 5, 20).inferred()));
        store.append(List.of(open(I1, RUNNING, 5)));
        assertThat(intervals(I1)).containsExactly(open(I1, RUNNING, 5));

        store.append(List.of(closed(I1, RUNNING, 5, 7)));

        assertThat(intervals(I1))
                .containsExactly(
                        closed(I1, RUNNING, 5, 7), closed(I1, IDLE, 7, 20).inferred());
    }

    @Test
    public void whatDisagreesIsRefusedWithBothNamed() {
        UsageInterval known = closed(I1, RUNNING, 0, 10);
        UsageInterval refused = closed(I1, IDLE, 9, 12);
        store.append(List.of(known));

        UsageConflictException conflict = refusal(refused);

        assertThat(conflict.known()).isEqualTo(known);
        assertThat(conflict.refused()).isEqualTo(refused);
        assertThat(conflict).hasMessageContainingAll(known.toString(), refused.toString());
        assertThat(facts(I1)).containsExactly(known);
    }

    @Test
    public void anotherRateForTheSameTimeIsRefused() {
        store.append(List.of(open(I1, RUNNING, 0)));

        refusal(closed(I1.withRate(HourlyRate.usd("0.441")), RUNNING, 5, 6));

        assertThat(facts(I1)).containsExactly(open(I1, RUNNING, 0));
    }

    @Test
    public void anotherStateWithoutTheEndOfTheOneBeforeIsRefused() {
        store.append(List.of(open(I1, RUNNING, 0)));

        refusal(open(I1, IDLE, 10));

        assertThat(facts(I1)).containsExactly(open(I1, RUNNING, 0));
    }

    @Test
    public void aConflictRefusesTheWholeBatch() {
        Instance elsewhere = described(OTHER, "i-9");
        store.append(List.of(open(I1, RUNNING, 0), open(I2, RUNNING, 0)));

        refusal(
                open(elsewhere, RUNNING, 0),
                closed(I1, RUNNING, 0, 10),
                closed(I2, IDLE, 5, 6),
                open(described(ACME, "i-3"), RUNNING, 0));

        assertThat(store.accounts()).containsExactly(ACME);
        assertThat(store.timelines(ACME)).hasSize(2);
        assertThat(facts(I1)).containsExactly(open(I1, RUNNING, 0));
        assertThat(facts(I2)).containsExactly(open(I2, RUNNING, 0));
    }

    @Test
    public void aBatchThatDisagreesWithItselfIsRefused() {
        refusal(closed(I2, RUNNING, 0, 10), closed(I1, RUNNING, 0, 10), closed(I1, IDLE, 5, 6));

        assertThat(store.accounts()).isEmpty();
    }

    @Test
    public void accountsDoNotSeeEachOther() {
        Instance sameName = described(OTHER, "i-1");
        store.append(List.of(closed(I1, RUNNING, 0, 10), closed(sameName, IDLE, 5, 15)));

        assertThat(facts(I1)).containsExactly(closed(I1, RUNNING, 0, 10));
        assertThat(facts(sameName)).containsExactly(closed(sameName, IDLE, 5, 15));
        assertThat(store.timelines(AccountId.of("third"))).isEmpty();
        assertThat(store.accounts()).containsExactly(ACME, OTHER);
    }

    /** Databases fold case, cut off blanks at the end and compare by language; ids are none of that. */
    @Test
    public void idsThatLookAlikeAreDifferent() {
        List<String> ids =
                List.of("a", "A", "a ", " a", "á", "a'", "a\"b", "a%", "a_", "a\\", ":a", "<a>", "?", "ａ", "😀");
        List<UsageInterval> all = new ArrayList<>();
        for (String account : ids) {
            for (String instance : ids) {
                all.add(open(described(AccountId.of(account), instance), RUNNING, all.size()));
            }
        }

        store.append(all);

        assertThat(store.accounts())
                .containsExactlyElementsOf(
                        ids.stream().map(AccountId::of).sorted().toList());
        assertThat(ids.stream().flatMap(account -> store.timelines(AccountId.of(account)).stream()))
                .flatMap(InstanceTimeline::facts)
                .containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    public void timelinesComeInOrderOfInstanceIds() {
        List<String> ids = List.of("b", "B", "a-10", "a-2", "a", "ä", "_", "~", "10", "9", "ｚ", "😀");
        store.append(
                ids.stream().map(id -> open(described(ACME, id), RUNNING, 0)).toList());

        assertThat(store.timelines(ACME))
                .extracting(timeline -> timeline.facts().get(0).instance().id().value())
                .containsExactlyElementsOf(ids.stream().sorted().toList());
    }

    @ParameterizedTest
    @EnumSource
    public void everyStateIsKept(InstanceState state) {
        store.append(List.of(closed(I1, state, 0, 10), open(I2, state, 0)));

        assertThat(facts(I1)).containsExactly(closed(I1, state, 0, 10));
        assertThat(facts(I2)).containsExactly(open(I2, state, 0));
    }

    @Test
    public void whatIsUnknownStaysUnknown() {
        UsageInterval unknown = open(Instance.builder(ACME, "i-1").build(), RUNNING, 0);
        store.append(List.of(unknown));

        assertThat(facts(unknown.instance())).containsExactly(unknown);
    }

    @ParameterizedTest
    @MethodSource
    public void gpuCountsAreExact(GpuCount count) {
        assertIsKept(Instance.builder(ACME, "i-1").gpu("H100", count).build());
    }

    static Stream<GpuCount> gpuCountsAreExact() {
        return Stream.of(
                new GpuCount(1, 3),
                GpuCount.parse("0.46"),
                GpuCount.parse("0.000001"),
                new GpuCount(999_999, 1_000_000),
                new GpuCount(999_983, 999_979),
                GpuCount.of(1_000_000));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 526_000_000, (1L << 53) + 1, Long.MAX_VALUE - 1, Long.MAX_VALUE})
    public void ratesAreExact(long nanoUsdPerHour) {
        HourlyRate rate = HourlyRate.ofNanoUsd(nanoUsdPerHour);

        assertIsKept(Instance.builder(ACME, "i-1").rate(rate).build());
        assertIsKept(Instance.builder(ACME, "i-2").storageRate(rate).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1", "100", "1E+2", "1099.51", "0.333333333333333333333333333333", "1E-9", "0"})
    public void decimalsAreExact(String number) {
        assertIsKept(
                Instance.builder(ACME, "i-1").memoryGib(new BigDecimal(number)).build());
        assertIsKept(Instance.builder(ACME, "i-2").vcpus(new BigDecimal(number)).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RTX 4090", "NVIDIA \"A100\" <80GB> 'SXM' :x ? \\ %", "显卡 😀"})
    public void textIsKeptAsItIs(String text) {
        assertIsKept(Instance.builder(ACME, "i-1")
                .gpu(text, 1)
                .region(Region.of(text))
                .build());
    }

    @Test
    public void timesAreExact() {
        List<UsageInterval> facts = List.of(
                between(I1, RUNNING, Instant.parse("2000-01-01T00:00:00Z"), Instant.parse("2001-09-09T01:46:40Z")),
                between(I1, IDLE, Instant.parse("2001-09-09T01:46:40Z"), Instant.parse("2038-01-19T03:14:08Z")),
                between(I1, RUNNING, Instant.parse("2040-03-25T01:59:59Z"), Instant.parse("2040-03-25T02:00:00Z")),
                openFrom(I1, IDLE, Instant.parse("9999-12-31T23:59:59Z")));
        store.append(facts);

        assertThat(facts(I1)).containsExactlyElementsOf(facts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1999-12-31T23:59:59Z"})
    public void zeroValuesOfOtherLanguagesAreRefusedAsTimes(Instant zero) {
        List<UsageInterval> facts = List.of(open(I2, RUNNING, 0), openFrom(I1, RUNNING, zero));

        assertThatThrownBy(() -> store.append(facts))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(facts.get(1).toString());
        assertThatThrownBy(() -> store.correct(facts)).isInstanceOf(IllegalArgumentException.class);
        assertThat(store.accounts()).isEmpty();
    }

    @Test
    public void anAnswerDoesNotChangeLater() {
        store.append(List.of(open(I1, RUNNING, 0)));
        List<InstanceTimeline> timelines = store.timelines(ACME);
        var accounts = store.accounts();

        store.append(List.of(open(I2, RUNNING, 0), open(described(OTHER, "i-1"), RUNNING, 0)));

        assertThat(timelines).hasSize(1);
        assertThat(accounts).containsExactly(ACME);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    public void anyOrderInAnyBatchesGivesTheSame(long seed) {
        Random random = new Random(seed);
        AgreeingFacts facts = AgreeingFacts.random(random);
        HistoryStore atOnce = new InMemoryHistoryStore();
        atOnce.append(facts.all());

        facts.inRandomBatches(random).forEach(store::append);
        assertSame(store, atOnce);
        facts.inRandomBatches(random).forEach(store::append);
        assertSame(store, atOnce);
        facts.stale().forEach(fact -> store.append(List.of(fact)));
        assertSame(store, atOnce);

        assertThat(store.accounts().stream()
                        .flatMap(account -> store.timelines(account).stream())
                        .map(InstanceTimeline::intervals)
                        .toList())
                .as("what really happened")
                .isEqualTo(facts.truth());
    }

    @Test
    public void aCorrectionTakesThePlaceOfWhatWasKnownInItsTime() {
        store.append(List.of(closed(I1, RUNNING, 0, 100), open(I1, IDLE, 100), open(I2, RUNNING, 0)));

        store.correct(
                List.of(closed(I1, TERMINATED, 40, 60), closed(I1, RUNNING, 90, 110), closed(I2, HIBERNATED, 10, 20)));

        assertThat(intervals(I1))
                .containsExactly(
                        closed(I1, RUNNING, 0, 40),
                        closed(I1, TERMINATED, 40, 60),
                        closed(I1, RUNNING, 60, 110),
                        open(I1, IDLE, 110));
        assertThat(intervals(I2))
                .containsExactly(closed(I2, RUNNING, 0, 10), closed(I2, HIBERNATED, 10, 20), open(I2, RUNNING, 20));
    }

    @Test
    public void correctingTwiceChangesNothing() {
        List<UsageInterval> truth = List.of(closed(I1, IDLE, 40, 60), open(I2, TERMINATED, 20));
        store.append(List.of(open(I1, RUNNING, 0), open(I2, RUNNING, 0)));
        store.correct(truth);
        List<InstanceTimeline> once = store.timelines(ACME);
        Instant then = now;
        now = now.plusSeconds(1);

        store.correct(truth);

        assertThat(store.timelines(ACME)).isEqualTo(once);
        assertThat(store.timelines(ACME, then)).isEqualTo(once);
    }

    @Test
    public void correctingNothingChangesNothing() {
        store.correct(List.of());
        store.correct(List.of(closed(I1, RUNNING, 5, 5)));

        assertThat(store.accounts()).isEmpty();
    }

    @Test
    public void aCorrectionMayBeTheFirstThatIsTold() {
        store.correct(List.of(open(I1, RUNNING, 0)));

        assertThat(facts(I1)).containsExactly(open(I1, RUNNING, 0));
    }

    @Test
    public void whatWasCorrectedIsRefusedIfItIsToldAgain() {
        List<UsageInterval> told = List.of(closed(I1, RUNNING, 0, 100), open(I2, RUNNING, 0));
        store.append(told);
        store.correct(List.of(closed(I1, TERMINATED, 40, 60), open(I2, STOPPED, 0)));
        List<InstanceTimeline> corrected = store.timelines(ACME);

        told.forEach(this::refusal);

        assertThat(store.timelines(ACME)).isEqualTo(corrected);
    }

    @Test
    public void aCorrectionThatDisagreesWithItselfIsRefusedWithBothNamed() {
        UsageInterval first = closed(I2, IDLE, 10, 20);
        UsageInterval second = closed(I2, TERMINATED, 19, 30);
        store.append(List.of(open(I1, RUNNING, 0), open(I2, RUNNING, 0)));
        List<InstanceTimeline> before = store.timelines(ACME);

        assertThatThrownBy(() -> store.correct(
                        List.of(closed(I1, IDLE, 5, 6), open(described(OTHER, "i-1"), RUNNING, 0), first, second)))
                .isInstanceOf(UsageConflictException.class)
                .hasMessageContainingAll(first.toString(), second.toString());

        assertThat(store.timelines(ACME)).isEqualTo(before);
        assertThat(store.accounts()).containsExactly(ACME);
    }

    @Test
    public void aCorrectionThatIsInferredIsRefused() {
        UsageInterval guess = closed(I2, IDLE, 10, 20).inferred();
        store.append(List.of(open(I1, RUNNING, 0), open(I2, RUNNING, 0)));
        List<InstanceTimeline> before = store.timelines(ACME);

        assertThatThrownBy(() -> store.correct(List.of(closed(I1, IDLE, 5, 6), guess)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(guess.toString());

        assertThat(store.timelines(ACME)).isEqualTo(before);
    }

    @Test
    public void aCorrectionIsOfItsOwnAccountAlone() {
        Instance sameName = described(OTHER, "i-1");
        store.append(List.of(open(I1, RUNNING, 0), open(sameName, RUNNING, 0)));
        Instant then = now;
        now = now.plusSeconds(1);

        store.correct(List.of(closed(I1, TERMINATED, 5, 10)));

        assertThat(facts(sameName)).containsExactly(open(sameName, RUNNING, 0));
        assertThat(asTold(OTHER, then)).containsExactly(List.of(open(sameName, RUNNING, 0)));
        assertThat(asTold(ACME, then)).containsExactly(List.of(open(I1, RUNNING, 0)));
    }

    @Test
    public void whatWasSaidThenCanBeAsked() {
        Instant opened = now;
        store.append(List.of(open(I1, RUNNING, 0), open(I2, RUNNING, 0)));
        now = now.plusSeconds(3600);
        Instant ended = now;
        store.append(List.of(closed(I1, RUNNING, 0, 100), open(I1, IDLE, 100)));
        now = now.plusSeconds(3600);
        Instant corrected = now;
        store.correct(List.of(closed(I1, TERMINATED, 40, 60)));

        assertThat(store.timelines(ACME, opened.minusNanos(1))).isEmpty();
        assertThat(asTold(ACME, opened)).containsExactly(List.of(open(I1, RUNNING, 0)), List.of(open(I2, RUNNING, 0)));
        assertThat(store.timelines(ACME, ended.minusNanos(1))).isEqualTo(store.timelines(ACME, opened));
        assertThat(asTold(ACME, ended))
                .containsExactly(
                        List.of(closed(I1, RUNNING, 0, 100), open(I1, IDLE, 100)), List.of(open(I2, RUNNING, 0)));
        assertThat(store.timelines(ACME, corrected.minusNanos(1))).isEqualTo(store.timelines(ACME, ended));
        assertThat(store.timelines(ACME, corrected)).isEqualTo(store.timelines(ACME));
        assertThat(store.timelines(ACME, Instant.MAX)).isEqualTo(store.timelines(ACME));
        assertThat(store.timelines(ACME, Instant.MIN)).isEmpty();
        assertThat(store.timelines(OTHER, corrected)).isEmpty();
    }

    @Test
    public void whatIsGoneNowCanBeAsked() {
        store.append(List.of(open(I1, RUNNING, 5)));
        Instant then = now;
        now = now.plusSeconds(1);
        store.append(List.of(closed(I1, RUNNING, 5, 5)));

        assertThat(store.accounts()).isEmpty();
        assertThat(asTold(ACME, then)).containsExactly(List.of(open(I1, RUNNING, 5)));
        assertThat(store.timelines(ACME, now)).isEmpty();
    }

    @Test
    public void ofSeveralChangesAtOneTimeTheLastCounts() {
        Instant before = now.minusNanos(1000);
        store.append(List.of(open(I1, RUNNING, 0)));
        store.correct(List.of(closed(I1, IDLE, 5, 10)));
        store.correct(List.of(closed(I1, RUNNING, 5, 10)));
        store.correct(List.of(closed(I1, IDLE, 5, 10)));
        now = now.plusNanos(999);
        store.append(List.of(closed(I1, RUNNING, 10, 20)));
        Instant then = now;
        List<InstanceTimeline> last = store.timelines(ACME);
        now = now.plusNanos(1000);
        store.correct(List.of(open(I1, TERMINATED, 0)));

        assertThat(store.timelines(ACME, before)).isEmpty();
        assertThat(store.timelines(ACME, then)).isEqualTo(last);
        assertThat(store.timelines(ACME, then.minusNanos(999))).isEqualTo(last);
    }

    @Test
    public void aClockThatGoesBackTellsNothingEarlier() {
        Instant first = now;
        store.append(List.of(open(I1, RUNNING, 0)));
        now = first.minusSeconds(100);
        store.append(List.of(open(I2, RUNNING, 0)));
        store.append(List.of(open(described(OTHER, "i-1"), RUNNING, 0)));

        assertThat(store.timelines(ACME, first.minusNanos(1))).isEmpty();
        assertThat(store.timelines(ACME, first))
                .isEqualTo(store.timelines(ACME))
                .hasSize(2);
        assertThat(store.timelines(OTHER, now)).as("another account's clock").hasSize(1);
    }

    @Test
    public void timesBefore1970AreAsGoodAsAny() {
        now = Instant.parse("1969-07-20T20:17:40.000001500Z");
        store.append(List.of(open(I1, RUNNING, 0)));

        assertThat(store.timelines(ACME, now.minusNanos(501))).isEmpty();
        assertThat(store.timelines(ACME, now.minusNanos(500))).hasSize(1);
    }

    /** Anything told, told again, refused or corrected, at times that a clock may show: each answer that was given can be had again. */
    @Test
    public void everyAnswerThatWasGivenCanBeHadAgain() {
        int[] cases = new int[2];
        Law.holds(80, gen -> {
            AccountId account = AccountId.of("account-" + cases[0]++);
            List<Instance> instances = List.of(described(account, "i-1"), described(account, "i-2"));
            List<List<UsageInterval>> told = new ArrayList<>();
            TreeMap<Instant, List<InstanceTimeline>> answers = new TreeMap<>();
            List<InstanceTimeline> known = List.of();
            Instant latest = now;
            for (int writes = gen.between(5, 25); writes > 0; writes--) {
                now = now.plusNanos(gen.pick(0L, 0L, 1L, 1_000L, 1_000L, 5_000_000_000L, -3_000L, -2_000_000_000L));
                List<UsageInterval> batch = !told.isEmpty() && gen.oneIn(4)
                        ? gen.shuffledAndDoubled(gen.pick(told))
                        : anything(gen, instances);
                try {
                    if (gen.oneIn(3)) {
                        store.correct(batch.stream()
                                .filter(fact -> !fact.isInferred())
                                .toList());
                    } else {
                        store.append(batch);
                    }
                    told.add(batch);
                } catch (UsageConflictException refused) {
                    assertThat(store.timelines(account)).isEqualTo(known);
                }
                List<InstanceTimeline> after = store.timelines(account);
                if (!after.equals(known)) {
                    cases[1]++;
                    latest = now.isBefore(latest) && !answers.isEmpty() ? latest : now;
                    answers.put(latest.truncatedTo(ChronoUnit.MICROS), after);
                    known = after;
                }
            }
            assertThat(store.timelines(account, now.minusSeconds(1_000_000))).isEmpty();
            answers.forEach((when, answer) -> {
                assertThat(store.timelines(account, when)).isEqualTo(answer);
                assertThat(store.timelines(account, when.plusNanos(999))).isEqualTo(answer);
                Map.Entry<Instant, List<InstanceTimeline>> earlier = answers.lowerEntry(when);
                assertThat(store.timelines(account, when.minusNanos(1)))
                        .isEqualTo(earlier == null ? List.of() : earlier.getValue());
            });
        });
        if (cases[0] > 1) {
            assertThat(cases[1]).as("changes").isGreaterThan(5 * cases[0]);
        }
    }

    private static List<UsageInterval> anything(Gen gen, List<Instance> instances) {
        List<UsageInterval> facts = new ArrayList<>();
        for (int i = gen.between(1, 4); i > 0; i--) {
            long from = gen.between(0L, 60L);
            UsageInterval open = open(gen.pick(instances), gen.pick(RUNNING, RUNNING, IDLE, TERMINATED), from);
            UsageInterval closed = open.endedAt(at(from + gen.between(0L, 20L)));
            facts.add(gen.oneIn(3) ? open : gen.oneIn(4) ? closed.inferred() : closed);
        }
        return facts;
    }

    @Test
    public void correctionsAtTheSameTimeLoseNothing() {
        Instance instance = I1;
        store.append(List.of(open(instance, RUNNING, 0)));
        Instant then = now;
        now = now.plusSeconds(1);
        List<Runnable> writers = new ArrayList<>();
        for (int writer = 0; writer < 6; writer++) {
            List<UsageInterval> truth = List.of(closed(instance, IDLE, 10 + writer * 10, 15 + writer * 10));
            writers.add(() -> store.correct(truth));
        }

        Race.of(writers).forEach(failure -> assertThat(failure).isEmpty());

        assertThat(intervals(instance))
                .hasSize(13)
                .filteredOn(interval -> interval.state() == IDLE)
                .hasSize(6);
        assertThat(asTold(ACME, then)).containsExactly(List.of(open(instance, RUNNING, 0)));
    }

    /** One seed alone: -Dseed=42. */
    static LongStream seeds() {
        Long one = Long.getLong("seed");
        return one == null ? LongStream.rangeClosed(1, 12) : LongStream.of(one);
    }

    @Test
    public void writersOfOneInstanceLoseNothingAndDoubleNothing() {
        for (int round = 0; round < 6; round++) {
            AccountId account = AccountId.of("account-" + round);
            Instance shared = described(account, "shared");
            HistoryStore atOnce = new InMemoryHistoryStore();
            if (round % 2 == 1) {
                // Now the account is known, which is another race than the one to be its first writer.
                List<UsageInterval> before = List.of(closed(shared, IDLE, 1000, 1001));
                atOnce.append(before);
                store.append(before);
            }
            List<Runnable> writers = new ArrayList<>();
            for (int writer = 0; writer < 6; writer++) {
                // Neighbours overlap: whoever writes from an old reading loses a piece or keeps two.
                List<UsageInterval> pieces = List.of(
                        closed(shared, RUNNING, writer * 10, writer * 10 + 15),
                        closed(described(account, "own-" + writer), IDLE, 0, 10),
                        open(described(account, "all"), RUNNING, 0));
                atOnce.append(pieces);
                writers.add(() -> store.append(pieces));
            }

            Race.of(writers).forEach(failure -> assertThat(failure).isEmpty());

            assertThat(store.timelines(account)).isEqualTo(atOnce.timelines(account));
        }
    }

    @Test
    public void ofWritersThatDisagreeOneIsBelieved() {
        for (int round = 0; round < 5; round++) {
            Instance instance = described(AccountId.of("account-" + round), "i-1");
            List<UsageInterval> claims = Stream.of(InstanceState.values())
                    .map(state -> closed(instance, state, 0, 10))
                    .toList();

            List<Optional<Throwable>> failures = Race.of(claims.stream()
                    .map(claim -> (Runnable) () -> store.append(List.of(claim)))
                    .toList());

            List<UsageInterval> believed = facts(instance);
            assertThat(believed).hasSize(1);
            for (int i = 0; i < claims.size(); i++) {
                if (claims.get(i).equals(believed.get(0))) {
                    assertThat(failures.get(i)).isEmpty();
                } else {
                    assertThat(failures.get(i)).get().isInstanceOf(UsageConflictException.class);
                }
            }
        }
    }

    private static Instance described(AccountId account, String id) {
        return Instance.builder(account, id)
                .gpu("RTX 4090", GpuCount.parse("0.46"))
                .vcpus(new BigDecimal("7.5"))
                .memoryGib(new BigDecimal("31.25"))
                .region(Region.of("eu-central"))
                .rate(HourlyRate.usd("0.44"))
                .storageRate(HourlyRate.usd("0.01"))
                .build();
    }

    private static Instant at(long second) {
        return BEGINNING.plusSeconds(second);
    }

    private static UsageInterval closed(Instance instance, InstanceState state, long from, long to) {
        return between(instance, state, at(from), at(to));
    }

    private static UsageInterval open(Instance instance, InstanceState state, long from) {
        return openFrom(instance, state, at(from));
    }

    private UsageConflictException refusal(UsageInterval... batch) {
        UsageConflictException conflict =
                catchThrowableOfType(UsageConflictException.class, () -> store.append(List.of(batch)));
        assertThat(conflict).as("what append threw").isNotNull();
        return conflict;
    }

    private void assertIsKept(Instance instance) {
        UsageInterval fact = open(instance, RUNNING, 0);
        store.append(List.of(fact));
        store.append(List.of(fact));

        assertThat(facts(instance)).containsExactly(fact);
    }

    private List<List<UsageInterval>> asTold(AccountId account, Instant at) {
        return store.timelines(account, at).stream()
                .map(InstanceTimeline::facts)
                .toList();
    }

    private InstanceTimeline timeline(Instance instance) {
        return store.timelines(instance.account()).stream()
                .filter(timeline -> timeline.facts().get(0).instance().id().equals(instance.id()))
                .reduce((one, two) -> {
                    throw new AssertionError("two timelines of " + instance.id());
                })
                .orElseThrow();
    }

    private List<UsageInterval> facts(Instance instance) {
        return timeline(instance).facts();
    }

    private List<UsageInterval> intervals(Instance instance) {
        return timeline(instance).intervals();
    }

    private static void assertSame(HistoryStore actual, HistoryStore expected) {
        assertThat(actual.accounts()).isEqualTo(expected.accounts());
        expected.accounts()
                .forEach(account -> assertThat(actual.timelines(account)).isEqualTo(expected.timelines(account)));
    }
}
