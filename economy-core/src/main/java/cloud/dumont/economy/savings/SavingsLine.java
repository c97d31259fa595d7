package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One billable instance, now: its session and what that saves.
 *
 * @param instance what it is
 * @param state what it does
 * @param sessionStart when its unbroken billable run began
 * @param at the moment of the report
 * @param observedUntil up to when what it does is vouched for without reservation: when it was last seen, or {@code at} where it was
 *     pushed. What is counted after that is {@linkplain SavingsTotals#provisionalSeconds() provisional}
 * @param session totals of the session so far; they tell too how many of its seconds are provisional or inferred
 * @param equivalent what it is compared with, or why with nothing
 * @param equivalentRate what the equivalent costs per hour now; empty where the instance is not compared
 */
public record SavingsLine(
        Instance instance,
        InstanceState state,
        Instant sessionStart,
        Instant at,
        Instant observedUntil,
        SavingsTotals session,
        Equivalent equivalent,
        Optional<HourlyRate> equivalentRate) {

    /**
     * How long the session has lasted.
     *
     * @return whole seconds
     */
    public Duration running() {
        return Duration.between(sessionStart, at);
    }

    /**
     * What the instance saves each hour.
     *
     * @return equivalent minus effective rate, may be negative; empty where the instance is not compared
     */
    public Optional<HourlyRate> savingsPerHour() {
        return equivalentRate.map(rate -> rate.minus(instance.rate().orElseThrow()));
    }

    /**
     * How this line's figures came about, in words.
     *
     * @return a few sentences, from the instance to what its time rests on, the price and its source
     */
    public String explain() {
        String subject = instance.id() + " (" + instance.gpuCount() + " x "
                + instance.gpuName().orElse("unknown GPU")
                + instance.gpuMemory().map(memory -> " of " + memory).orElse("")
                + instance.physicalGpus()
                        .map(cards -> ", on " + cards + (cards.equals(GpuCount.ONE) ? " card" : " cards"))
                        .orElse("")
                + ") has run since " + sessionStart + ", "
                + running().toSeconds() + " s. " + evidence();
        if (equivalentRate.isEmpty()) {
            return subject
                    + (instance.rate().isEmpty() ? "What it costs is unknown, so it is not compared. " : "")
                    + equivalent.explanation();
        }
        return subject + "It costs " + instance.rate().orElseThrow() + ", so far " + session.effectiveCost() + ". "
                + equivalent.explanation()
                + equivalent.unseenChanges(sessionStart, sessionStart.plus(running())).stream()
                        .map(sentence -> " " + sentence)
                        .collect(Collectors.joining())
                + " The same time would have cost " + session.equivalentCost()
                + ", so it saved " + session.savings() + ".";
    }

    private String evidence() {
        String provisional = session.provisionalSeconds() == 0
                ? ""
                : "It was last seen at " + observedUntil + ": " + session.provisionalSeconds()
                        + " s since then count provisionally, until the next listing confirms them or takes them back. ";
        String inferred = session.inferredSeconds() == 0
                ? ""
                : "Of its time, " + session.inferredSeconds()
                        + " s are inferred: nobody looked then, but what was seen before and after agrees. ";
        return provisional + inferred;
    }
}
