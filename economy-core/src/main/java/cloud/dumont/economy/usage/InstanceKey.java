package cloud.dumont.economy.usage;

import java.util.Comparator;

/**
 * What an instance is known by: an instance's id is unique within its account only.
 *
 * @param account whose it is
 * @param instance its id in that account
 */
public record InstanceKey(AccountId account, InstanceId instance) implements Comparable<InstanceKey> {

    private static final Comparator<InstanceKey> ORDER =
            Comparator.comparing(InstanceKey::account).thenComparing(InstanceKey::instance);

    /**
     * The key of an instance.
     *
     * @param instance the instance
     * @return its account and id
     */
    public static InstanceKey of(Instance instance) {
        return new InstanceKey(instance.account(), instance.id());
    }

    /**
     * The key of the instance that an interval is about.
     *
     * @param interval the interval
     * @return its account and id
     */
    public static InstanceKey of(UsageInterval interval) {
        return of(interval.instance());
    }

    @Override
    public int compareTo(InstanceKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return account + "/" + instance;
    }
}
