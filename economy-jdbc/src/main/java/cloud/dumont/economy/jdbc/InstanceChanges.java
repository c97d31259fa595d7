package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceChange;
import cloud.dumont.economy.usage.InstanceFacts;
import cloud.dumont.economy.usage.InstanceKey;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.Push;
import cloud.dumont.economy.usage.Sighting;
import cloud.dumont.economy.usage.SourceClock;
import cloud.dumont.economy.usage.SourceUpdate;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Changes what is stored of instances, in the transaction of one connection. */
final class InstanceChanges {

    private static final String FORGET =
            "DELETE FROM usage_sighting WHERE source = :source AND absent = TRUE AND last_seen < :before";

    private final Handle handle;
    private final Dialect dialect;
    private final StoreClock clock;
    private final SourceTable sources;
    private final UsageStatements statements;

    InstanceChanges(Handle handle, Dialect dialect, StoreClock clock) {
        this.handle = handle;
        this.dialect = dialect;
        this.clock = clock;
        this.sources = new SourceTable(handle, dialect, clock);
        this.statements = dialect.statements(handle);
    }

    /** What is stored of an instance: the rows, and what they say. */
    private record Stored(List<UsageInterval> rows, Set<KeptPush> pushes, InstanceFacts facts) {

        static final Stored NOTHING = new Stored(List.of(), Set.of(), InstanceFacts.NONE);
    }

    /** What there is to write. */
    private static final class Difference {

        private final Map<AccountId, Write> locked;
        private final List<UsageInterval> gone = new ArrayList<>();
        private final List<UsageInterval> added = new ArrayList<>();
        private final List<KeptPush> pushes = new ArrayList<>();
        private final List<Sighting> sightings = new ArrayList<>();
        private final NavigableSet<String> sources = new TreeSet<>();

        Difference(Map<AccountId, Write> locked) {
            this.locked = locked;
        }

        void add(Stored before, InstanceFacts after) {
            if (!after.timeline().equals(before.facts.timeline())) {
                // Rows, not facts: of two that touch one fact is made when they are read together.
                List<UsageInterval> facts = after.timeline().facts();
                Set<UsageInterval> stay = new HashSet<>(facts);
                before.rows.stream().filter(row -> !stay.contains(row)).forEach(gone::add);
                Set<UsageInterval> known = new HashSet<>(before.rows);
                facts.stream().filter(fact -> !known.contains(fact)).forEach(added::add);
            }
            if (!after.pushes().equals(before.facts.pushes())) {
                KeptPush.of(after.pushes()).stream()
                        .filter(push -> !before.pushes.contains(push))
                        .forEach(pushes::add);
            }
            after.sighting()
                    .filter(sighting -> !before.facts.sighting().equals(Optional.of(sighting)))
                    .ifPresent(sighting -> {
                        sightings.add(sighting);
                        sources.add(sighting.source());
                        before.facts.sighting().map(Sighting::source).ifPresent(sources::add);
                    });
        }

        boolean isEmpty() {
            return gone.isEmpty() && added.isEmpty() && pushes.isEmpty() && sightings.isEmpty();
        }

        UsageNews news(long now) {
            return new UsageNews(UsageAccountTable.timed(accounts(), locked, now), gone, added, pushes, sightings);
        }

        private NavigableSet<AccountId> accounts() {
            return Stream.concat(
                            Stream.of(gone, added)
                                    .flatMap(List::stream)
                                    .map(fact -> fact.instance().account()),
                            pushes.stream().map(kept -> kept.push().key().account()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Makes changes that are of no listing. */
    void make(Collection<? extends InstanceChange> changes) {
        Difference difference = difference(changes, Optional.empty());
        write(difference);
        countUpElsewhere(difference.sources);
    }

    /**
     * Makes the changes of a listing.
     *
     * @return the source's clock now; empty if the source was changed since its clock was read, and nothing is written
     */
    Optional<SourceClock> make(Collection<? extends InstanceChange> changes, SourceUpdate update) {
        // First: hosts that poll one source take turns here, and none decides anything of what another is about to
        // change.
        Optional<SourceClock> taken = sources.take(update);
        if (taken.isEmpty() || changes.isEmpty()) {
            return taken;
        }
        Difference difference = difference(changes, Optional.of(update.before()));
        write(difference);
        forget(update, changes);
        String source = update.before().source();
        boolean news = difference.sources.remove(source);
        if (news) {
            sources.countUp(source);
        }
        countUpElsewhere(difference.sources);
        return news ? taken.map(InstanceChanges::countedUp) : taken;
    }

    private static SourceClock countedUp(SourceClock clock) {
        return new SourceClock(
                clock.source(),
                clock.version() + 1,
                clock.stamp(),
                clock.recent(),
                clock.alive(),
                clock.storedAt(),
                clock.readAt());
    }

    private void countUpElsewhere(NavigableSet<String> changed) {
        if (!changed.isEmpty()) {
            sources.countUpElsewhere(changed);
        }
    }

    private Difference difference(Collection<? extends InstanceChange> changes, Optional<SourceClock> known) {
        Map<InstanceKey, Long> from = new LinkedHashMap<>();
        changes.forEach(change -> from.merge(change.key(), change.from().getEpochSecond(), Math::min));
        List<TouchedTime> times = from.entrySet().stream()
                .map(entry -> TouchedTime.since(entry.getKey(), entry.getValue()))
                .toList();
        UsageStatements.Locked locked = new UsageAccountTable(handle, dialect)
                .lockAndRead(
                        from.keySet().stream().map(InstanceKey::account).collect(Collectors.toCollection(TreeSet::new)),
                        times);
        Map<InstanceKey, Stored> stored = stored(locked.known(), times, known);
        Map<InstanceKey, InstanceFacts> decided = new LinkedHashMap<>();
        changes.forEach(change -> decided.compute(
                change.key(),
                (key, earlier) ->
                        change.apply(earlier == null ? stored.getOrDefault(key, Stored.NOTHING).facts : earlier)));
        Difference difference = new Difference(locked.writes());
        decided.forEach((key, after) -> difference.add(stored.getOrDefault(key, Stored.NOTHING), after));
        return difference;
    }

    private Map<InstanceKey, Stored> stored(UsageRows known, List<TouchedTime> times, Optional<SourceClock> before) {
        Map<InstanceKey, List<UsageInterval>> rows = UsageIntervalTable.ofInstances(known.facts());
        Map<InstanceKey, List<KeptPush>> pushes = known.pushes().stream()
                .collect(Collectors.groupingBy(kept -> kept.push().key()));
        Map<InstanceKey, Sighting> sightings =
                known.sightings().stream().collect(Collectors.toMap(Sighting::key, Function.identity()));
        Map<String, SourceClock> clocks = new HashMap<>();
        before.ifPresent(clock -> clocks.put(clock.source(), clock));
        Map<InstanceKey, Stored> stored = new HashMap<>();
        for (TouchedTime time : times) {
            InstanceKey key = time.key();
            Optional<Sighting> sighting = Optional.ofNullable(sightings.get(key));
            List<UsageInterval> ofInstance = rows.getOrDefault(key, List.of());
            List<KeptPush> pushed = pushes.getOrDefault(key, List.of());
            if (!ofInstance.isEmpty() || !pushed.isEmpty() || sighting.isPresent()) {
                stored.put(
                        key,
                        new Stored(
                                ofInstance,
                                Set.copyOf(pushed),
                                new InstanceFacts(
                                        timeline(key, ofInstance),
                                        inOrder(pushed),
                                        sighting,
                                        sighting.map(seen -> clockOf(seen, clocks)))));
            }
        }
        return stored;
    }

    private SourceClock clockOf(Sighting seen, Map<String, SourceClock> clocks) {
        SourceClock clock = clocks.computeIfAbsent(seen.source(), sources::clock);
        if (SourceTable.rests(seen)) {
            SourceTable.requireKnown(clock);
        }
        return clock;
    }

    private static InstanceTimeline timeline(InstanceKey key, List<UsageInterval> rows) {
        return rows.isEmpty() ? InstanceTimeline.EMPTY : UsageIntervalTable.timeline(key, rows);
    }

    private static List<Push> inOrder(List<KeptPush> pushes) {
        return pushes.stream()
                .map(KeptPush::push)
                .sorted(Comparator.comparing(Push::at))
                .toList();
    }

    private void write(Difference difference) {
        if (!difference.isEmpty()) {
            statements.write(difference.news(clock.micros()));
        }
    }

    /** On shards of the changed accounts alone: a server that is down must not keep those of others from being stored. */
    private void forget(SourceUpdate update, Collection<? extends InstanceChange> changes) {
        if (!update.forgetBefore().isAfter(Instant.EPOCH)) {
            return;
        }
        String source = update.before().source();
        if (dialect != Dialect.POSTGRESQL_SHARDS) {
            handle.createUpdate(FORGET)
                    .bind("source", source)
                    .bind("before", update.forgetBefore().getEpochSecond())
                    .execute();
            return;
        }
        for (List<AccountId> part : UsageIntervalTable.partsOf(
                changes.stream()
                        .map(change -> change.key().account())
                        .distinct()
                        .toList(),
                1000)) {
            UsageAccountTable.bindAll(
                            handle.createUpdate(
                                    FORGET + " AND account_id IN (" + UsageAccountTable.names(part.size()) + ")"),
                            part)
                    .bind("source", source)
                    .bind("before", update.forgetBefore().getEpochSecond())
                    .execute();
        }
    }
}
