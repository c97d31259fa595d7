package cloud.dumont.economy.history;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A random history, and what might be told of it in any order.
 *
 * @param truth what each instance did, in order of accounts and instances
 * @param all overlapping pieces of it that together tell it all
 * @param stale open intervals that have ended in the truth: to be told last, as nobody could agree with them before the end is known
 */
record AgreeingFacts(List<List<UsageInterval>> truth, List<UsageInterval> all, List<UsageInterval> stale) {

    static AgreeingFacts random(Random random) {
        AgreeingFacts facts = new AgreeingFacts(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int account = 0; account < 2; account++) {
            for (int instance = 0; instance < 3; instance++) {
                facts.addInstance(AccountId.of("account-" + account), "instance-" + instance, random);
            }
        }
        return facts;
    }

    private void addInstance(AccountId account, String id, Random random) {
        Instance instance = Instance.builder(account, id)
                .gpu("A100", new GpuCount(1 + random.nextInt(8), 1 + random.nextInt(3)))
                .build();
        List<UsageInterval> done = new ArrayList<>();
        int states = 1 + random.nextInt(6);
        long at = random.nextInt(1000);
        for (int i = 0; i < states; i++) {
            // Never the rate of the one before: two that agree and touch would be one.
            instance = instance.withRate(HourlyRate.ofNanoUsd(2L * random.nextInt(1_000_000) + i % 2));
            InstanceState state = InstanceState.values()[random.nextInt(InstanceState.values().length)];
            boolean lasts = i == states - 1 && random.nextBoolean();
            long end = at + 1 + random.nextInt(100);
            done.add(lasts ? open(instance, state, at) : closed(instance, state, at, end));
            if (lasts) {
                tellOpen(instance, state, at, random);
            } else {
                tellInPieces(instance, state, at, end, random);
            }
            at = end + (random.nextBoolean() ? 0 : random.nextInt(50));
        }
        truth.add(done);
    }

    private void tellOpen(Instance instance, InstanceState state, long start, Random random) {
        all.add(open(instance, state, start));
        for (int again = random.nextInt(3); again > 0; again--) {
            all.add(open(instance, state, start + random.nextInt(100)));
        }
        if (random.nextBoolean()) {
            // Beyond every start, so it is nobody's end.
            all.add(closed(instance, state, start + 200, start + 201 + random.nextInt(100)));
        }
    }

    private void tellInPieces(Instance instance, InstanceState state, long start, long end, Random random) {
        for (long from = start; from < end; ) {
            long to = from + 1 + random.nextInt((int) (end - from));
            long earlier = from - random.nextInt((int) (from - start) + 1);
            all.add(closed(instance, state, earlier, to));
            from = to;
        }
        stale.add(open(instance, state, start + random.nextInt((int) (end - start))));
    }

    private static Instant at(long second) {
        return Instant.parse("2026-03-01T00:00:00Z").plusSeconds(second);
    }

    private static UsageInterval closed(Instance instance, InstanceState state, long from, long to) {
        return UsageInterval.between(instance, state, at(from), at(to));
    }

    private static UsageInterval open(Instance instance, InstanceState state, long from) {
        return UsageInterval.openFrom(instance, state, at(from));
    }

    /** All of it, shuffled, in one to many batches. */
    List<List<UsageInterval>> inRandomBatches(Random random) {
        List<UsageInterval> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, random);
        List<List<UsageInterval>> batches = new ArrayList<>();
        for (int from = 0; from < shuffled.size(); ) {
            int to = Math.min(shuffled.size(), from + 1 + random.nextInt(10));
            batches.add(List.copyOf(shuffled.subList(from, to)));
            from = to;
        }
        return batches;
    }
}
