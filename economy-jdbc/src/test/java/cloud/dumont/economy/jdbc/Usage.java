package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.util.List;

/** Facts to store. */
final class Usage {

    /** Second 0 of the times that are told in tests, in seconds since 1970. */
    static final long BEGINNING = Instant.parse("2026-03-01T00:00:00Z").getEpochSecond();

    private Usage() {}

    static Instant at(long second) {
        return Instant.ofEpochSecond(BEGINNING + second);
    }

    static Instance instance(AccountId account, String id) {
        return Instance.builder(account, id)
                .gpu("RTX 4090", 1)
                .rate(HourlyRate.usd("0.44"))
                .build();
    }

    static UsageInterval closed(Instance instance, InstanceState state, long from, long to) {
        return UsageInterval.between(instance, state, at(from), at(to));
    }

    static UsageInterval open(Instance instance, InstanceState state, long from) {
        return UsageInterval.openFrom(instance, state, at(from));
    }

    static List<UsageInterval> twoInstancesOf(AccountId account) {
        return List.of(
                closed(instance(account, "i-1"), InstanceState.RUNNING, 0, 10),
                open(instance(account, "i-1"), InstanceState.IDLE, 10),
                open(instance(account, "i-2"), InstanceState.RUNNING, 5));
    }
}
