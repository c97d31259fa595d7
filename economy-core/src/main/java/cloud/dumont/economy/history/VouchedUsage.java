package cloud.dumont.economy.history;

import cloud.dumont.economy.usage.InstanceTimeline;
import java.time.Instant;
import java.util.List;

/**
 * The usage of an account that somebody vouches for at a moment.
 *
 * @param timelines one per instance, in order of instance ids; what lasts in them is vouched for at the moment, or counts
 *     {@linkplain cloud.dumont.economy.usage.Evidence#PROVISIONAL provisionally}
 * @param observedUntil up to when all that lasts is vouched for without reservation: the oldest sight over its sources, or the moment itself
 */
public record VouchedUsage(List<InstanceTimeline> timelines, Instant observedUntil) {

    /** Copies the timelines. */
    public VouchedUsage {
        timelines = List.copyOf(timelines);
    }
}
