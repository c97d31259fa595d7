package cloud.dumont.economy.usage;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A change of what is stored of one instance, decided from what is stored when it is made. A store reads the facts, asks for those to
 * store instead, and stores the difference, all in one transaction; it may do so more than once.
 */
public interface InstanceChange {

    /**
     * Which instance.
     *
     * @return its account and id
     */
    InstanceKey key();

    /**
     * From when on facts matter.
     *
     * @return what ended before this moment is neither needed nor changed
     */
    Instant from();

    /**
     * The facts to store.
     *
     * @param before what is stored
     * @return what is to be stored instead
     * @throws UsageConflictException if the change contradicts what is stored
     */
    InstanceFacts apply(InstanceFacts before);

    /**
     * The changes that put right what was recorded wrong.
     *
     * @param truth intervals of any instances, none inferred
     * @return one change an instance
     * @throws IllegalArgumentException if one is inferred, or its time cannot be recorded
     */
    static List<InstanceChange> corrections(Collection<UsageInterval> truth) {
        truth.forEach(RecordedTime::require);
        return truth.stream()
                .collect(Collectors.groupingBy(InstanceKey::of, TreeMap::new, Collectors.toList()))
                .values()
                .stream()
                .<InstanceChange>map(CorrectionChange::new)
                .toList();
    }
}
