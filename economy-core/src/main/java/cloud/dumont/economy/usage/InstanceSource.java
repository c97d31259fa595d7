package cloud.dumont.economy.usage;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/** Tells which instances a host's accounts have now. It is polled; it must be safe to call from any one thread at a time. */
@FunctionalInterface
public interface InstanceSource {

    /**
     * All instances that are not gone.
     *
     * @return each instance once, with its state, and since when it is in it where that is known
     * @throws Exception if they cannot be told now; the poll counts as failed and nothing is concluded from it
     */
    Collection<ObservedInstance> instances() throws Exception;

    /**
     * How long {@link #instances()} may take: a source that reads page by page may need a minute. A call that takes longer is
     * interrupted and counts as failed.
     *
     * @return longer than zero, or empty for the host's own setting, ten seconds by default
     */
    default Optional<Duration> pollDeadline() {
        return Optional.empty();
    }
}
