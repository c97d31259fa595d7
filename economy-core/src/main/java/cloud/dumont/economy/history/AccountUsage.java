package cloud.dumont.economy.history;

import cloud.dumont.economy.usage.GapPolicy;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that is known of an account at one moment.
 *
 * @param timelines one per instance, in order of instance ids. An interval that lasts may rest on sightings: it is then vouched for up to
 *     the last one only, which {@link #at} applies
 * @param watches who watches over instances that last; those that nobody watches are missing
 */
public record AccountUsage(List<InstanceTimeline> timelines, Map<InstanceId, Watch> watches) {

    /**
     * Who watches over an instance that lasts.
     *
     * @param seen when its source last saw it; empty if no source shows it
     * @param alive when the host that pushed it last said that it lives; empty if that host never says so, and so vouches for good
     */
    public record Watch(Optional<Instant> seen, Optional<Instant> alive) {}

    /** Copies both. */
    public AccountUsage {
        timelines = List.copyOf(timelines);
        watches = Map.copyOf(watches);
    }

    /**
     * The usage that somebody vouches for at a moment. What rests on sightings counts up to the last one, and provisionally for at most
     * {@link GapPolicy#longestObserved()} more; what rests on pushes of a host that says that it lives, for
     * {@link GapPolicy#longestInferred()} after it last said so.
     *
     * @param now the moment
     * @param gaps how long what was seen counts
     * @return the usage, in which what is vouched for no longer has ended
     */
    public VouchedUsage at(Instant now, GapPolicy gaps) {
        List<InstanceTimeline> vouched = new ArrayList<>(timelines.size());
        Instant observedUntil = now;
        for (InstanceTimeline timeline : timelines) {
            observedUntil = earlier(observedUntil, Optional.of(observedUntil(timeline, now)));
            vouched.add(watch(timeline, now)
                    .map(watch -> vouched(timeline, timeline.openInterval().orElseThrow(), watch, now, gaps))
                    .orElse(timeline));
        }
        return new VouchedUsage(vouched, observedUntil);
    }

    /**
     * Up to when what an instance does is vouched for without reservation.
     *
     * @param timeline one of {@link #timelines}
     * @param now the moment
     * @return when it was last seen, or its host last said that it lives; the moment itself where nobody watches it, or nothing lasts
     */
    public Instant observedUntil(InstanceTimeline timeline, Instant now) {
        return watch(timeline, now)
                .map(watch -> {
                    UsageInterval last = timeline.openInterval().orElseThrow();
                    return earlier(earlier(now, since(last, watch.seen())), since(last, watch.alive()));
                })
                .orElse(now);
    }

    /** Who watches over what lasts then. What was seen, but is of no source that is known, was seen when it began. */
    private Optional<Watch> watch(InstanceTimeline timeline, Instant now) {
        return timeline.openInterval()
                .filter(last -> !last.start().isAfter(now))
                .map(last -> last.evidence().restsOnSightings()
                        ? watches.getOrDefault(
                                last.instance().id(), new Watch(Optional.of(last.start()), Optional.empty()))
                        : watches.get(last.instance().id()));
    }

    private static InstanceTimeline vouched(
            InstanceTimeline timeline, UsageInterval last, Watch watch, Instant now, GapPolicy gaps) {
        if (last.evidence().restsOnSightings()) {
            return watch.seen()
                    .map(seen -> later(seen, last.start()))
                    .map(seen -> timeline.provisionalAfter(seen, seen.plus(gaps.longestObserved()), now))
                    .orElse(timeline);
        }
        return watch.alive()
                .map(said -> later(said, last.start()).plus(gaps.longestInferred()))
                .filter(now::isAfter)
                .map(timeline::endedAt)
                .orElse(timeline);
    }

    /** Whoever last looked before it began says nothing against it: it began because somebody said so. */
    private static Optional<Instant> since(UsageInterval last, Optional<Instant> watched) {
        return watched.map(at -> later(at, last.start()));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    private static Instant earlier(Instant one, Optional<Instant> other) {
        return other.filter(one::isAfter).orElse(one);
    }
}
