package cloud.dumont.economy.usage;

import java.util.Collection;

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
}
