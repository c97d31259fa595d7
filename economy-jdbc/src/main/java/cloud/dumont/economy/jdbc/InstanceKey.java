package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.UsageInterval;
import java.util.Comparator;

/** What an instance is known by: an instance's id means something within its account only. */
record InstanceKey(AccountId account, InstanceId instance) implements Comparable<InstanceKey> {

    private static final Comparator<InstanceKey> ORDER =
            Comparator.comparing(InstanceKey::account).thenComparing(InstanceKey::instance);

    static InstanceKey of(UsageInterval interval) {
        return new InstanceKey(
                interval.instance().account(), interval.instance().id());
    }

    @Override
    public int compareTo(InstanceKey other) {
        return ORDER.compare(this, other);
    }
}
