package cloud.dumont.economy.history;

import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceTimeline;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What has changed of an account.
 *
 * @param changes instances of which something else is known now, each once
 * @param watches who watches over those of them, and of the instances that were asked about, that last; those that nobody watches are
 *     missing
 */
public record UsageNews(List<Change> changes, Map<InstanceId, AccountUsage.Watch> watches) {

    /** Copies both. */
    public UsageNews {
        changes = List.copyOf(changes);
        watches = Map.copyOf(watches);
    }

    /**
     * An instance of which something else is known now.
     *
     * @param instance its id
     * @param before all that was known of it; empty if nothing has changed up to and including the closing that was asked about
     * @param after what is known of it now: all of it if {@code before} is there or the caller did not know the instance; else at least what
     *     the caller remembers
     */
    public record Change(InstanceId instance, Optional<InstanceTimeline> before, InstanceTimeline after) {}
}
