package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import cloud.dumont.economy.usage.UsageLedger;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * An invented fleet, for a first look: the usage is made up and every name says so, the prices it is compared with are real.
 *
 * <p>It has one of everything that a screen must get right: many GPUs in one machine and a part of one, an idle machine, a hibernated
 * one, one whose rate is unknown, one that nobody else sells, and one that costs more than the list price.
 */
final class DemoFleet {

    /** Whatever belongs to this account is labelled as a demo. */
    static final AccountId ACCOUNT = AccountId.of("demo");

    private static final int DAYS = 45;
    private static final long SEED = 20_260_720;

    private final Instant now;
    private final List<UsageInterval> facts = new ArrayList<>();
    private final Random random = new Random(SEED);

    private DemoFleet(Instant now) {
        this.now = now;
    }

    /**
     * Says what the fleet did and does, unless an earlier start did: the sessions of then go on. What has ended is appended, as a usage file
     * would be; what lasts is pushed, as an orchestrator would, and so holds until something else is pushed.
     */
    static void settle(HistoryStore store, UsageLedger ledger, Instant now) {
        if (store.timelines(ACCOUNT).isEmpty()) {
            List<UsageInterval> facts = at(now);
            store.append(facts.stream().filter(fact -> !fact.isOpen()).toList());
            facts.stream()
                    .filter(UsageInterval::isOpen)
                    .forEach(fact -> ledger.changed(fact.instance(), fact.state(), fact.start()));
        }
    }

    /**
     * The fleet as it is first seen.
     *
     * @param now the present: the same one gives the same fleet
     * @return its usage over the days before, and what lasts
     */
    static List<UsageInterval> at(Instant now) {
        DemoFleet fleet = new DemoFleet(now.truncatedTo(ChronoUnit.MINUTES));
        fleet.runningNow();
        fleet.pausedNow();
        fleet.workdays();
        return List.copyOf(fleet.facts);
    }

    private void runningNow() {
        Instance train = machine("demo-train-8x-h100", "H100 SXM 80GB", "8", "19.92", "eu-central");
        training(train, 40, 31);
        training(train, 27, 44);
        training(train, 13, 26);
        lasting(train, Duration.ofHours(53));
        lasting(machine("demo-finetune-a100", "A100 SXM 80GB", "1", "1.35", "eu-central"), Duration.ofHours(9));
        lasting(machine("demo-inference-t4", "T4", "1", "0.15", "us-east"), Duration.ofDays(31));
        lasting(machine("demo-render-rtx4090", "RTX 4090", "1", "0.39", "eu-north"), Duration.ofMinutes(290));
        lasting(machine("demo-half-an-l4", "L4", "0.5", "0.21", "eu-north"), Duration.ofHours(20));
        lasting(machine("demo-costs-more-t4", "T4", "1", "0.61", "us-east"), Duration.ofHours(30));
        lasting(machine("demo-nobody-sells-mi325x", "MI325X", "1", "2.10", "eu-north"), Duration.ofHours(17));
        lasting(describe("demo-rate-unknown-v100", "V100 16GB", "1", "us-east").build(), Duration.ofHours(26));

        // Its rate fell: each hour counts at the rate of that hour.
        Instance before = machine("demo-inference-l4", "L4", "1", "0.44", "us-east");
        Instant cheaper = now.minus(Duration.ofDays(6));
        add(before, InstanceState.RUNNING, now.minus(Duration.ofDays(14)), Optional.of(cheaper));
        add(before.withRate(HourlyRate.usd("0.38")), InstanceState.RUNNING, cheaper, Optional.empty());

        Instance notebook = machine("demo-idle-notebook-l40s", "L40S", "1", "0.86", "eu-central");
        Instant idle = now.minus(Duration.ofMinutes(40));
        add(notebook, InstanceState.RUNNING, now.minus(Duration.ofHours(4)), Optional.of(idle));
        add(notebook, InstanceState.IDLE, idle, Optional.empty());
    }

    private void pausedNow() {
        Instance kept = describe("demo-hibernated-a100", "A100 SXM 40GB", "1", "eu-central")
                .rate(HourlyRate.usd("1.10"))
                .storageRate(HourlyRate.usd("0.012"))
                .build();
        Instant paused = now.minus(Duration.ofDays(6));
        add(kept, InstanceState.RUNNING, now.minus(Duration.ofDays(10)), Optional.of(paused));
        add(kept, InstanceState.HIBERNATED, paused, Optional.empty());
    }

    /** Jobs of the last weeks, most of them on working days. */
    private void workdays() {
        Instance team = machine("demo-team-4x-a100", "A100 SXM 40GB", "4", "4.60", "eu-central");
        Instance batch = machine("demo-batch-rtx3090", "RTX 3090", "1", "0.22", "eu-north");
        Instance nightly = machine("demo-nightly-a10g", "A10G", "1", "0.48", "us-east");
        LocalDate today = now.atZone(ZoneOffset.UTC).toLocalDate();
        for (int ago = DAYS; ago >= 1; ago--) {
            LocalDate day = today.minusDays(ago);
            boolean weekend = day.getDayOfWeek() == DayOfWeek.SATURDAY || day.getDayOfWeek() == DayOfWeek.SUNDAY;
            if (!weekend) {
                job(team, day, 7, 4 + random.nextInt(7));
            }
            if (random.nextInt(weekend ? 5 : 2) == 0) {
                job(batch, day, 1 + random.nextInt(8), 2 + random.nextInt(12));
            }
            job(nightly, day, 1, 2 + random.nextInt(3));
        }
    }

    private void job(Instance instance, LocalDate day, int hour, int hours) {
        Instant start = day.atTime(hour, random.nextInt(60)).toInstant(ZoneOffset.UTC);
        add(instance, InstanceState.RUNNING, start, Optional.of(start.plus(Duration.ofHours(hours))));
    }

    private void training(Instance instance, int daysAgo, int hours) {
        Instant start = now.minus(Duration.ofDays(daysAgo));
        add(instance, InstanceState.RUNNING, start, Optional.of(start.plus(Duration.ofHours(hours))));
    }

    private void lasting(Instance instance, Duration since) {
        add(instance, InstanceState.RUNNING, now.minus(since), Optional.empty());
    }

    private void add(Instance instance, InstanceState state, Instant start, Optional<Instant> end) {
        facts.add(new UsageInterval(instance, state, start, end));
    }

    private static Instance machine(String id, String gpu, String count, String rate, String region) {
        return describe(id, gpu, count, region).rate(HourlyRate.usd(rate)).build();
    }

    private static Instance.Builder describe(String id, String gpu, String count, String region) {
        return Instance.builder(ACCOUNT, id).gpu(gpu, GpuCount.parse(count)).region(Region.of(region));
    }
}
