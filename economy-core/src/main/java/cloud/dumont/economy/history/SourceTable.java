package cloud.dumont.economy.history;

import cloud.dumont.economy.usage.InstanceKey;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.Sighting;
import cloud.dumont.economy.usage.SourceClock;
import cloud.dumont.economy.usage.SourceUpdate;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What sources have shown, in memory. Owned by one thread at a time. */
final class SourceTable {

    /** A time in which nobody looked. */
    private record Gap(Instant from, Instant to) {}

    private static final class Source {

        private SourceClock clock;
        private final List<Gap> gaps = new ArrayList<>();
        private final Map<InstanceKey, Sighting> sightings = new LinkedHashMap<>();

        Source(String name) {
            clock = SourceClock.unknown(name, Instant.MIN);
        }

        void countUp() {
            clock = new SourceClock(
                    clock.source(),
                    clock.version() + 1,
                    clock.stamp(),
                    clock.recent(),
                    clock.alive(),
                    clock.storedAt(),
                    clock.readAt());
        }
    }

    private final Map<String, Source> sources = new TreeMap<>();
    private final Map<InstanceKey, Sighting> sightings = new HashMap<>();

    SourceClock clock(String name, Instant now) {
        Source source = sources.get(name);
        if (source == null) {
            return SourceClock.unknown(name, now);
        }
        SourceClock clock = source.clock;
        return new SourceClock(
                name, clock.version(), clock.stamp(), clock.recent(), clock.alive(), clock.storedAt(), now);
    }

    boolean isUnchanged(SourceClock known) {
        SourceClock stored = clock(known.source(), known.readAt());
        return stored.version() == known.version()
                && stored.stamp().equals(known.stamp())
                && stored.alive().equals(known.alive());
    }

    void take(SourceUpdate update, Instant now) {
        Source source = source(update.before().source());
        update.gapFrom()
                .ifPresent(from -> source.gaps.add(new Gap(from, update.stamp().orElse(from))));
        source.clock = new SourceClock(
                source.clock.source(),
                source.clock.version(),
                update.stamp(),
                update.recent(),
                update.alive(),
                Optional.of(now),
                now);
        source.sightings
                .values()
                .removeIf(sighting -> sighting.absent()
                        && sighting.lastSeen()
                                .filter(update.forgetBefore()::isAfter)
                                .isPresent()
                        && sightings.remove(sighting.key(), sighting));
    }

    private Source source(String name) {
        return sources.computeIfAbsent(name, Source::new);
    }

    /** Keeps a sighting in place of what was known of its instance, and counts the sources up that it concerns. */
    void keep(Sighting sighting) {
        Sighting before = sightings.put(sighting.key(), sighting);
        if (sighting.equals(before)) {
            return;
        }
        if (before != null && !before.source().equals(sighting.source())) {
            source(before.source()).countUp();
            source(before.source()).sightings.remove(before.key());
        }
        source(sighting.source()).countUp();
        source(sighting.source()).sightings.put(sighting.key(), sighting);
    }

    List<Sighting> sightings(String name) {
        Source source = sources.get(name);
        return source == null ? List.of() : List.copyOf(source.sightings.values());
    }

    Optional<Sighting> sighting(InstanceKey key) {
        return Optional.ofNullable(sightings.get(key));
    }

    /** When an instance that lasts was last seen by its source. */
    Optional<Instant> lastSeen(InstanceKey key) {
        return sighting(key)
                .filter(sighting -> !sighting.absent())
                .flatMap(sighting -> sighting.lastSeen()
                        .or(() -> source(sighting.source()).clock.stamp()));
    }

    /**
     * When an instance was last seen by its source, as far as was known at some moment. Which source that was is known only as long as
     * its sighting is kept; after that, any may have been.
     *
     * @param lasting what lasted then
     * @param timeline what is known of it now
     */
    Optional<Instant> lastSeen(InstanceKey key, UsageInterval lasting, Instant then, InstanceTimeline timeline) {
        Optional<Sighting> sighting = sighting(key);
        if (sighting.isEmpty() && !lasting.evidence().restsOnSightings()) {
            return Optional.empty();
        }
        Optional<Instant> inGap = sources.values().stream()
                .filter(source -> sighting.map(seen -> seen.source().equals(source.clock.source()))
                        .orElse(true))
                .flatMap(source -> source.gaps.stream())
                .filter(gap -> gap.from().isBefore(then) && gap.to().isAfter(then))
                .map(Gap::from)
                .min(Instant::compareTo);
        Optional<Instant> since = lastSeen(key)
                .or(() -> timeline.intervals().stream()
                        .filter(known -> known.evidence().restsOnSightings())
                        .filter(known -> !known.start().isAfter(then))
                        .reduce((earlier, later) -> later)
                        .flatMap(UsageInterval::end))
                .map(seen -> seen.isAfter(then) ? then : seen);
        return inGap.or(() -> since);
    }
}
