package cloud.dumont.economy.usage;

import cloud.dumont.economy.usage.Observation.Finding;
import cloud.dumont.economy.usage.Observation.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the listener and the log what became of listings; what is left out at every poll, once. Thread-safe. */
final class ObservationReport {

    private static final Logger LOG = LoggerFactory.getLogger(UsageLedger.class);

    private final ObservationListener listener;

    /** What each source's last listing left out. */
    private final Map<String, Set<Finding>> leftOut = new HashMap<>();

    ObservationReport(ObservationListener listener) {
        this.listener = listener;
    }

    void add(Observation observation) {
        List<Finding> fresh = fresh(observation);
        if (fresh.isEmpty()) {
            return;
        }
        fresh.forEach(finding -> log(observation.source(), finding));
        try {
            listener.observed(new Observation(observation.source(), observation.at(), observation.taken(), fresh));
        } catch (RuntimeException e) {
            LOG.warn("a listener of observations failed", e);
        }
    }

    private synchronized List<Finding> fresh(Observation observation) {
        Set<Finding> before = leftOut.getOrDefault(observation.source(), Set.of());
        leftOut.put(observation.source(), Set.copyOf(observation.leftOut()));
        return observation.findings().stream()
                .filter(finding -> finding.kind() != Kind.LEFT_OUT || !before.contains(finding))
                .toList();
    }

    private static void log(String source, Finding finding) {
        switch (finding.kind()) {
            case LEFT_OUT, DOUBTED -> LOG.warn("source '{}': {}", source, finding);
            case INFERRED, UNKNOWN -> LOG.info("source '{}': {}", source, finding);
            case STARTED, CHANGED, ENDED -> LOG.debug("source '{}': {}", source, finding);
        }
    }
}
