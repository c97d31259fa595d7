package cloud.dumont.economy.testing;

import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.usage.InstanceChange;
import cloud.dumont.economy.usage.InstanceFacts;
import cloud.dumont.economy.usage.InstanceKey;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A store that reads no more for a change than the change asks for, as a database does: what ended earlier is missing. */
public final class SparingStore {

    private SparingStore() {}

    /**
     * A store that keeps from every change what it does not ask for.
     *
     * @param store what it writes to
     * @return the store
     */
    public static HistoryStore of(HistoryStore store) {
        return (HistoryStore) Proxy.newProxyInstance(
                SparingStore.class.getClassLoader(),
                new Class<?>[] {HistoryStore.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("change")) {
                        arguments[0] = ((Collection<?>) arguments[0])
                                .stream()
                                        .map(change -> new Sparing((InstanceChange) change))
                                        .toList();
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private record Sparing(InstanceChange change) implements InstanceChange {

        @Override
        public InstanceKey key() {
            return change.key();
        }

        @Override
        public Instant from() {
            return change.from();
        }

        @Override
        public InstanceFacts apply(InstanceFacts all) {
            Predicate<UsageInterval> needed =
                    fact -> fact.end().filter(from()::isAfter).isEmpty();
            List<UsageInterval> facts = all.timeline().facts();
            InstanceFacts before = with(all, facts.stream().filter(needed).toList());
            InstanceFacts after = change.apply(before);
            return after.equals(before)
                    ? all
                    : with(after, join(facts.stream().filter(needed.negate()).toList(), after.timeline()));
        }

        private static List<UsageInterval> join(List<UsageInterval> earlier, InstanceTimeline later) {
            return Stream.concat(earlier.stream(), later.facts().stream()).toList();
        }

        private static InstanceFacts with(InstanceFacts facts, List<UsageInterval> usage) {
            return new InstanceFacts(
                    usage.isEmpty() ? InstanceTimeline.EMPTY : InstanceTimeline.EMPTY.plusAll(usage),
                    facts.pushes(),
                    facts.sighting(),
                    facts.clock());
        }
    }
}
