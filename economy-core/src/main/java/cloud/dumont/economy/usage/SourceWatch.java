package cloud.dumont.economy.usage;

import cloud.dumont.economy.usage.Observation.Finding;
import cloud.dumont.economy.usage.Observation.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes in the listings of one source. What it remembers of the store is good only while the source's version there says so: a listing
 * without news then needs no more than one statement.
 */
final class SourceWatch {

    /** Another host can be faster a few times, not for ever. */
    private static final int MOST_TRIES = 20;

    private final LedgerStore store;
    private final String source;
    private final GapPolicy gaps;
    private final ListingClock listingClock;

    private @Nullable SourceClock clock;
    private final Map<InstanceKey, Sighting> sightings = new HashMap<>();

    /** Since when the clocks of instances stand still of which the store refuses everything, this too. */
    private final Map<InstanceKey, Instant> unstored = new HashMap<>();

    SourceWatch(LedgerStore store, String source, GapPolicy gaps, ListingClock listingClock) {
        this.store = store;
        this.source = source;
        this.gaps = gaps;
        this.listingClock = listingClock;
    }

    synchronized Observation observe(Collection<ObservedInstance> fleet, Instant asked) {
        Listing listing = Listing.of(fleet);
        Instant stamp = asked.truncatedTo(ChronoUnit.SECONDS);
        if (!listingClock.accepts(known(), stamp)) {
            return new Observation(
                    source,
                    stamp,
                    0,
                    List.of(new Finding(
                            Kind.LEFT_OUT,
                            Optional.empty(),
                            "the whole listing: its time lies further ahead of the last one's than time has passed")));
        }
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Optional<Observation> taken = take(listing, stamp);
            if (taken.isPresent()) {
                return taken.get();
            }
            clock = null;
        }
        throw new IllegalStateException("source '" + source + "' was changed " + MOST_TRIES
                + " times by other hosts while one listing was taken in; poll it less often");
    }

    synchronized Observation retire() {
        SourceClock known = readAgain();
        Instant stamp = known.stamp().orElse(Instant.EPOCH);
        List<RecordedChange> ends = sightings.values().stream()
                .filter(sighting -> !sighting.absent() || sighting.reviewAfter().isPresent())
                .map(sighting -> new RecordedChange(AbsenceChange.of(sighting, stamp, Instant.MAX, gaps)))
                .toList();
        store.change(ends);
        clock = null;
        return new Observation(
                source,
                stamp,
                0,
                ends.stream().flatMap(RecordedChange::findings).toList());
    }

    private SourceClock readAgain() {
        clock = null;
        return known();
    }

    /** Reads what is stored of the source, unless it is known. */
    private SourceClock known() {
        SourceClock known = clock;
        if (known == null) {
            // In this order: sightings that are newer than the clock are found out by its version.
            known = store.clock(source);
            sightings.clear();
            store.sightings(source).forEach(sighting -> sightings.put(sighting.key(), sighting));
            clock = known;
        }
        return known;
    }

    /** Empty if another host has changed the source meanwhile. */
    private Optional<Observation> take(Listing listing, Instant asked) {
        SourceClock known = known();
        if (showsAnotherScope(listing)) {
            known = readAgain(); // other hosts may have taken in what makes the difference
            if (showsAnotherScope(listing)) {
                doubt(known);
                throw new IllegalStateException("listings of source '" + source
                        + "' are disjoint in turn: two scopes go by one name; give each scope a name of its own");
            }
        }
        Instant stamp = known.stamp().filter(asked::isBefore).orElse(asked);
        News news = new News(listing, known, stamp);
        SourceUpdate update = new SourceUpdate(
                known,
                Optional.of(stamp),
                known.recentWith(stamp),
                known.alive(),
                UsageLedger.gapFrom(known, stamp, gaps),
                known.recent().isEmpty() ? Instant.MIN : known.recent().get(0));
        List<Finding> findings = new ArrayList<>(listing.findings());
        Set<InstanceKey> refused = new HashSet<>();
        if (!store(news.changes, update, findings, refused)) {
            return Optional.empty();
        }
        news.changes.stream()
                .filter(change -> !refused.contains(change.key()))
                .flatMap(RecordedChange::findings)
                .forEach(findings::add);
        news.changes.stream()
                .filter(change -> change.refusal().isPresent())
                .map(RecordedChange::key)
                .forEach(refused::add);
        long taken = listing.shown().keySet().stream()
                .filter(key -> !refused.contains(key))
                .count();
        return Optional.of(new Observation(source, stamp, Math.toIntExact(taken), findings));
    }

    /** What was shown last is doubted from now on: whatever the next listing shows is believed. */
    private void doubt(SourceClock known) {
        List<MissedChange> doubts = known.stamp().stream()
                .flatMap(last -> sightings.values().stream()
                        .filter(sighting ->
                                !sighting.absent() && sighting.lastSeen().isEmpty())
                        .map(sighting -> new MissedChange(sighting.key(), source, last)))
                .toList();
        clock = null;
        try {
            store.change(doubts, SourceUpdate.none(known));
        } catch (RuntimeException byChance) {
            store.change(doubts, SourceUpdate.none(known));
        }
    }

    /** Nothing of what the last listing showed, and something of what that one lacked. */
    private boolean showsAnotherScope(Listing listing) {
        boolean shownLast = false;
        boolean doubted = false;
        for (Sighting sighting : sightings.values()) {
            boolean wasShown = !sighting.absent() && sighting.lastSeen().isEmpty();
            if (wasShown && listing.has(sighting.key())) {
                return false;
            }
            shownLast |= wasShown;
            doubted |= !sighting.absent() && !wasShown && listing.has(sighting.key());
        }
        return shownLast && doubted;
    }

    /** False if another host has changed the source meanwhile. */
    private boolean store(
            List<RecordedChange> changes, SourceUpdate update, List<Finding> findings, Set<InstanceKey> refused) {
        if (changes.isEmpty()) {
            return known(store.advance(update), changes);
        }
        try {
            return known(store.change(changes, update), changes);
        } catch (RuntimeException first) {
            if (isOvertaken(update)) {
                return false;
            }
        }
        // What failed by chance succeeds now, and whole: a process that ends between parts leaves a listing half taken.
        try {
            return known(store.change(changes, update), changes);
        } catch (RuntimeException again) {
            return !isOvertaken(update) && storeInParts(changes, update, findings, refused, again);
        }
    }

    /** Whether the source was changed since it was read: by another host, or by a call of which the answer was lost. */
    private boolean isOvertaken(SourceUpdate update) {
        clock = null;
        SourceClock now = store.clock(source);
        return now.version() != update.before().version()
                || !now.stamp().equals(update.before().stamp());
    }

    /** One instance, account or server that refuses keeps no other from being stored. */
    private boolean storeInParts(
            List<RecordedChange> changes,
            SourceUpdate update,
            List<Finding> findings,
            Set<InstanceKey> refused,
            RuntimeException all) {
        // Doubts go with the stamp, so that the same listing does not confirm them when it is delivered again.
        List<RecordedChange> doubts = new ArrayList<>();
        List<RecordedChange> others = new ArrayList<>();
        changes.forEach(change -> (change.isDoubt() ? doubts : others).add(change));
        Parts parts = new Parts(store, update.before(), all);
        if (!parts.store(others)) {
            return false;
        }
        parts.refused().forEach((key, reason) -> {
            findings.add(new Finding(Kind.LEFT_OUT, Optional.of(key), reason));
            refused.add(key);
        });
        return stopClocks(parts, doubts, update);
    }

    /**
     * Stores the stamp, and that the clocks of what was refused stop. Where even that is refused, since its server is down, this host
     * remembers it until it can be stored.
     */
    private boolean stopClocks(Parts parts, List<RecordedChange> doubts, SourceUpdate update) {
        Optional<Instant> before = update.before().stamp();
        // Of what was never stored there is no clock to stop.
        List<RecordedChange> stops = before.stream()
                .flatMap(last -> parts.refused().keySet().stream()
                        .filter(sightings::containsKey)
                        .map(key -> new MissedChange(key, source, unstored.getOrDefault(key, last))))
                .map(RecordedChange::new)
                .toList();
        List<RecordedChange> all = new ArrayList<>(doubts);
        all.addAll(stops);
        try {
            return stored(parts, all, store.change(all, update.after(parts.clock())));
        } catch (RuntimeException down) {
            before.ifPresent(last -> stops.forEach(stop -> unstored.putIfAbsent(stop.key(), last)));
        }
        try {
            return stored(parts, doubts, store.change(doubts, update.after(parts.clock())));
        } catch (RuntimeException down) {
            if (!parts.store(doubts)) {
                return false;
            }
            doubts.stream()
                    .map(RecordedChange::key)
                    .filter(parts.refused()::containsKey)
                    .forEach(key -> before.ifPresent(last -> unstored.putIfAbsent(key, last)));
            return stored(parts, List.of(), store.advance(update.after(parts.clock())));
        }
    }

    private boolean stored(Parts parts, List<RecordedChange> last, Optional<SourceClock> now) {
        List<RecordedChange> changes = new ArrayList<>(parts.stored());
        changes.addAll(last);
        return known(now, changes);
    }

    /** Remembers what was stored. */
    private boolean known(Optional<SourceClock> now, List<RecordedChange> changes) {
        clock = now.orElse(null);
        changes.forEach(change -> change.sighting().ifPresent(sighting -> {
            unstored.remove(sighting.key());
            if (sighting.source().equals(source)) {
                sightings.put(sighting.key(), sighting);
            }
        }));
        return now.isPresent();
    }

    /** What a listing says that is not known. */
    private final class News {

        private final Listing listing;
        private final SourceClock known;
        private final Instant stamp;
        private final List<RecordedChange> changes = new ArrayList<>();

        News(Listing listing, SourceClock known, Instant stamp) {
            this.listing = listing;
            this.known = known;
            this.stamp = stamp;
            listing.shown().forEach((key, seen) -> {
                Sighting sighting = sightings.get(key);
                if (sighting == null || unstored.containsKey(key) || isNews(sighting, seen)) {
                    add(new SightingChange(seen, known, stamp, gaps));
                }
            });
            known.stamp().ifPresent(this::addMissing);
            changes.sort((one, other) -> one.key().compareTo(other.key()));
        }

        private void add(InstanceChange change) {
            Optional<MissedChange> missed = Optional.ofNullable(unstored.get(change.key()))
                    .map(since -> new MissedChange(change.key(), source, since));
            changes.add(new RecordedChange(change, missed));
        }

        private boolean isNews(Sighting sighting, ObservedInstance seen) {
            if (sighting.absent() || sighting.lastSeen().isPresent() || !sighting.shows(seen)) {
                return true;
            }
            if (sighting.reviewAfter().filter(stamp::isAfter).isPresent()) {
                return true;
            }
            boolean sameStart = sighting.since().isPresent()
                    ? seen.since()
                            .filter(since ->
                                    isShort(Duration.between(sighting.since().get(), since)
                                            .abs()))
                            .isPresent()
                    : seen.since().isEmpty();
            boolean vouched = sighting.sinceBelieved() && sighting.since().isPresent();
            return !sameStart
                    || (!vouched && !isShort(Duration.between(known.stamp().orElse(stamp), stamp)));
        }

        private boolean isShort(Duration gap) {
            return gap.compareTo(gaps.longestObserved()) <= 0;
        }

        private void addMissing(Instant last) {
            List<Sighting> missing = new ArrayList<>();
            int shownLast = 0;
            for (Sighting sighting : sightings.values()) {
                InstanceKey key = sighting.key();
                if (listing.shown().containsKey(key)) {
                    shownLast += sighting.absent() || sighting.lastSeen().isPresent() ? 0 : 1;
                } else if (sighting.absent()) {
                    // The host has said later that it is there.
                    if (!listing.leftOut().contains(key)
                            && sighting.reviewAfter().filter(stamp::isAfter).isPresent()) {
                        add(AbsenceChange.of(sighting, last, stamp, gaps));
                    }
                } else if (sighting.lastSeen().isPresent()) {
                    // A listing that is delivered again does not confirm itself.
                    if (!listing.leftOut().contains(key) && stamp.isAfter(last)) {
                        add(AbsenceChange.of(sighting, last, stamp, gaps));
                    }
                } else if (listing.leftOut().contains(key)) {
                    shownLast++;
                    add(new MissedChange(key, source, last));
                } else {
                    shownLast++;
                    missing.add(sighting);
                }
            }
            boolean doubtful = missing.size() * 2L > shownLast;
            for (Sighting sighting : missing) {
                add(
                        doubtful
                                ? new MissedChange(sighting.key(), source, last)
                                : AbsenceChange.of(sighting, last, stamp, gaps));
            }
        }
    }
}
