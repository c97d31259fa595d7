package cloud.dumont.economy.usage;

import cloud.dumont.economy.usage.Observation.Finding;
import cloud.dumont.economy.usage.Observation.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a source shows, instance by instance, without what cannot be taken.
 *
 * @param shown each instance once
 * @param leftOut instances of which entries disagree: they count as there
 * @param findings what was left out, and why
 */
record Listing(Map<InstanceKey, ObservedInstance> shown, Set<InstanceKey> leftOut, List<Finding> findings) {

    static Listing of(Collection<ObservedInstance> fleet) {
        Map<InstanceKey, ObservedInstance> shown = new LinkedHashMap<>();
        Set<InstanceKey> leftOut = new HashSet<>();
        List<Finding> findings = new ArrayList<>();
        for (ObservedInstance seen : fleet) {
            if (seen == null) {
                findings.add(new Finding(Kind.LEFT_OUT, Optional.empty(), "an entry is null"));
                continue;
            }
            InstanceKey key = InstanceKey.of(seen.instance());
            ObservedInstance other = shown.putIfAbsent(key, seen);
            if (other != null && !other.equals(seen) && leftOut.add(key)) {
                findings.add(new Finding(
                        Kind.LEFT_OUT,
                        Optional.of(key),
                        "it is listed twice, and the two disagree: " + other + " and " + seen));
            }
        }
        shown.keySet().removeAll(leftOut);
        return new Listing(shown, leftOut, findings);
    }

    boolean has(InstanceKey key) {
        return shown.containsKey(key) || leftOut.contains(key);
    }
}
