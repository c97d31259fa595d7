package cloud.dumont.economy.usage;

import java.time.Instant;

/**
 * An instance as it was seen.
 *
 * @param instance what it is, and what is paid for it
 * @param state what it does
 * @param since since when it is in this state at this rate
 */
public record ObservedInstance(Instance instance, InstanceState state, Instant since) {}
