package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.util.Optional;

/**
 * A billable interval with what it is compared with.
 *
 * @param interval the fact
 * @param kind what it is counted with, and what stands for it
 * @param sessionStart when its unbroken billable run began, if that run lasts; else empty
 */
record PricedUsage(UsageInterval interval, PricedKind kind, Optional<Instant> sessionStart) {

    record InstanceKey(AccountId account, InstanceId instance) {}

    Instance instance() {
        return interval.instance();
    }

    InstanceKey key() {
        return new InstanceKey(instance().account(), instance().id());
    }

    Equivalent equivalent() {
        return kind.equivalent();
    }

    /** What it is compared with; empty where either side has no price, for then both sides leave it out. */
    Optional<Equivalent.Match> match() {
        return kind.match();
    }

    /** Only where there is a match, which takes a known rate. */
    long effectiveNanoUsdPerHour() {
        return instance().rate().orElseThrow().nanoUsdPerHour();
    }

    /** What it has in common with others of its group. */
    String name(Dimension by) {
        return switch (by) {
            case ACCOUNT -> instance().account().value();
            case GPU -> kind.gpuName();
            case INSTANCE -> instance().id().value();
            case REGION -> kind.regionName();
        };
    }
}
