package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.savings.MeterTimeline.Segment;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.Run;
import cloud.dumont.economy.usage.UsageInterval;
import cloud.dumont.economy.usage.UsageKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Live totals of one account against one baseline, in constant time however large the fleet is: the same figures as
 * {@link SavingsCalculator}, to the quantum.
 *
 * <p>Cost is linear in time, so between two changes every total is {@code slope x time + constant}. A start, a stop, a new rate, a
 * price that takes effect, the end of a billing minimum: each is a change at its second, known as soon as the fact is told, and applied
 * when time gets there. Reading a total is one multiplication and one addition; time that moves back takes changes back.
 *
 * <p>The meter rests on one catalog snapshot; for another, make another meter. It keeps all that it was told in memory.
 *
 * <p>Thread-safe. Readers take no lock while no change lies between the last reading and theirs.
 */
public final class SavingsMeter {

    private final PricedSnapshot prices;
    private final Map<InstanceId, InstanceTimeline> timelines = new HashMap<>();
    private final MeterTimeline lifetime = new MeterTimeline();
    private final MeterTimeline session = new MeterTimeline();

    /** What reading needs; replaced as a whole. */
    private record Reading(Segment lifetime, Segment session) {

        boolean covers(long second) {
            return lifetime.covers(second) && session.covers(second);
        }
    }

    private volatile Reading reading;

    private SavingsMeter(PriceCatalog catalog, GpuCatalog gpus, EquivalencePolicy policy, Baseline baseline) {
        this.prices = new PricedSnapshot(catalog, gpus, policy, baseline);
        this.reading = new Reading(lifetime.at(Long.MIN_VALUE), session.at(Long.MIN_VALUE));
    }

    /**
     * A meter that knows of no usage yet.
     *
     * @param catalog the prices that every total rests on
     * @param gpus the models that GPU names are looked up in
     * @param policy what decides on equivalents
     * @param baseline compared with what
     * @return the meter
     * @throws IllegalArgumentException if the catalog does not know the baseline's provider or region; the message lists those it
     *     knows
     */
    public static SavingsMeter create(
            PriceCatalog catalog, GpuCatalog gpus, EquivalencePolicy policy, Baseline baseline) {
        return new SavingsMeter(
                Objects.requireNonNull(catalog, "catalog"),
                Objects.requireNonNull(gpus, "gpus"),
                Objects.requireNonNull(policy, "policy"),
                Objects.requireNonNull(baseline, "baseline"));
    }

    /**
     * Takes in facts, all of them or none; as a history store does, and from the same batches.
     *
     * @param intervals intervals of the meter's one account
     * @throws cloud.dumont.economy.usage.UsageConflictException if one disagrees with what is known; nothing is changed then
     * @throws ArithmeticException if a total does not fit where it was last read; nothing is changed then
     * @throws IllegalArgumentException if one lasts but rests on sightings, which vouch for it up to the last one only; nothing is changed
     *     then: use {@link #replace}
     */
    public synchronized void append(Collection<UsageInterval> intervals) {
        Map<InstanceId, List<UsageInterval>> byInstance = Objects.requireNonNull(intervals, "intervals").stream()
                .collect(Collectors.groupingBy(interval -> interval.instance().id()));
        Map<InstanceId, InstanceTimeline> changed = new HashMap<>();
        byInstance.forEach((id, added) -> changed.put(
                id, timelines.getOrDefault(id, InstanceTimeline.EMPTY).plusAll(added)));
        exchange(changed);
    }

    /**
     * Puts all that is known of some instances in the place of what this meter knew of them, of all of them or none. Where a source is
     * polled, this is how its sightings reach the meter: {@code usage.at(Instant.MAX, gaps).timelines()} of a
     * {@link cloud.dumont.economy.history.AccountUsage} says how far each instance counts if no other listing comes.
     *
     * @param known timelines of instances of the meter's one account
     * @throws ArithmeticException if a total does not fit where it was last read; nothing is changed then
     * @throws IllegalArgumentException if something lasts but rests on sightings; nothing is changed then
     */
    public synchronized void replace(Collection<InstanceTimeline> known) {
        Map<InstanceId, InstanceTimeline> changed = new HashMap<>();
        for (InstanceTimeline timeline : Objects.requireNonNull(known, "known")) {
            timeline.facts().stream()
                    .findFirst()
                    .ifPresent(any -> changed.put(any.instance().id(), timeline));
        }
        exchange(changed);
    }

    private static void requireBounded(InstanceTimeline timeline) {
        timeline.openInterval()
                .filter(last -> last.evidence().restsOnSightings())
                .ifPresent(last -> {
                    throw new IllegalArgumentException(
                            last + " is vouched for up to the last sighting only, and a meter"
                                    + " counts what lasts without end; give it with replace, as AccountUsage.at(Instant.MAX, gaps) has it");
                });
    }

    private void exchange(Map<InstanceId, InstanceTimeline> changed) {
        changed.values().forEach(SavingsMeter::requireBounded);
        Difference difference = new Difference();
        changed.forEach((id, after) -> difference.add(timelines.getOrDefault(id, InstanceTimeline.EMPTY), after));
        MeterTimeline.Exchange inLifetime = lifetime.prepare(difference.goneOfLifetime, difference.comeToLifetime);
        MeterTimeline.Exchange inSession = session.prepare(difference.goneOfSession, difference.comeToSession);
        // From here on nothing can fail.
        inLifetime.make();
        inSession.make();
        timelines.putAll(changed);
        // Readings stay where they are in time; only their lines are other ones now.
        reading = new Reading(lifetime.here(), session.here());
    }

    /** What a batch changes: as a rule the last run of each instance. */
    private final class Difference {

        private final List<MeterChange> goneOfLifetime = new ArrayList<>();
        private final List<MeterChange> comeToLifetime = new ArrayList<>();
        private final List<MeterChange> goneOfSession = new ArrayList<>();
        private final List<MeterChange> comeToSession = new ArrayList<>();

        /** Exchanges the runs in which the timelines differ. */
        void add(InstanceTimeline before, InstanceTimeline after) {
            List<Run> gone = Run.of(before);
            List<Run> come = Run.of(after);
            int same = 0;
            while (same < gone.size() && same < come.size() && gone.get(same).equals(come.get(same))) {
                same++;
            }
            for (Run run : gone.subList(same, gone.size())) {
                List<MeterChange> changes = changes(run);
                goneOfLifetime.addAll(changes);
                goneOfSession.addAll(inSession(run, changes));
            }
            for (Run run : come.subList(same, come.size())) {
                List<MeterChange> changes = changes(run);
                comeToLifetime.addAll(changes);
                comeToSession.addAll(inSession(run, changes));
            }
        }
    }

    private List<MeterChange> changes(Run run) {
        return RunChanges.of(
                run.intervals().stream()
                        .map(interval ->
                                new PricedUsage(interval, prices.kind(UsageKind.of(interval)), Optional.empty()))
                        .toList(),
                prices.charging(run));
    }

    /** A session is a run as long as it lasts: when it ends, all that it did is taken back. */
    private static List<MeterChange> inSession(Run run, List<MeterChange> changes) {
        Optional<Instant> end = run.end();
        if (end.isEmpty()) {
            return changes;
        }
        List<MeterChange> session = new ArrayList<>(changes);
        changes.forEach(
                change -> session.add(change.reversed().movedTo(end.get().getEpochSecond())));
        return session;
    }

    /**
     * What was saved up to a moment: the one figure of a live counter.
     *
     * @param at the moment, cut to whole seconds
     * @return equivalent minus effective cost of all usage up to then
     */
    public Amount savings(Instant at) {
        Objects.requireNonNull(at, "at");
        long second = at.getEpochSecond();
        return reading(second).lifetime().at(second, Measure.SAVINGS);
    }

    /**
     * All totals at a moment.
     *
     * @param at the moment, cut to whole seconds
     * @return the totals
     */
    public LiveTotals at(Instant at) {
        Objects.requireNonNull(at, "at");
        long second = at.getEpochSecond();
        Reading current = reading(second);
        return new LiveTotals(
                Instant.ofEpochSecond(second),
                sum(current.lifetime(), second),
                sum(current.session(), second),
                rate(current, second, Measure.EFFECTIVE_RATE),
                rate(current, second, Measure.EQUIVALENT_RATE),
                current.lifetime().at(second, Measure.BILLABLE_INSTANCES).toQuantaExact());
    }

    private static HourlyRate rate(Reading reading, long second, Measure measure) {
        return HourlyRate.ofNanoUsd(reading.lifetime().at(second, measure).toQuantaExact());
    }

    private static LiveTotals.Sum sum(Segment segment, long second) {
        Map<Tier, TierTotals> tiers = new EnumMap<>(Tier.class);
        for (Tier tier : List.of(Tier.LIKE_FOR_LIKE, Tier.SAME_GPU, Tier.NEAREST)) {
            tiers.put(
                    tier,
                    new TierTotals(
                            segment.at(second, Measure.effective(tier)), segment.at(second, Measure.equivalent(tier))));
        }
        return new LiveTotals.Sum(
                tiers,
                segment.at(second, Measure.UNCOMPARED_COST),
                segment.at(second, Measure.COMPARED_SECONDS).toQuantaExact(),
                segment.at(second, Measure.BILLABLE_SECONDS).toQuantaExact());
    }

    private Reading reading(long second) {
        Reading current = reading;
        return current.covers(second) ? current : read(second);
    }

    private synchronized Reading read(long second) {
        Reading next = new Reading(lifetime.at(second), session.at(second));
        reading = next;
        return next;
    }
}
