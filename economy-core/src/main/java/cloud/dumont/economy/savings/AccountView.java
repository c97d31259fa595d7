package cloud.dumont.economy.savings;

import cloud.dumont.economy.history.AccountUsage;
import cloud.dumont.economy.history.UsageFollower;
import cloud.dumont.economy.history.UsageNews;
import cloud.dumont.economy.history.VouchedUsage;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.GapPolicy;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.Run;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one account, kept ready to be asked: sums of all hours that have closed, and what is open. A question reads what has changed
 * since the last one and walks the open hours only, so that it costs the same after ten years as after a day. Every answer is that of
 * {@link SavingsCalculator}, to the quantum.
 *
 * <p>An hour of UTC closes once it has ended and all that lasts in it is vouched for, so that nothing provisional is ever in the sums. What is
 * recorded later of closed hours is taken off as it was and added as it is.
 *
 * <p>Thread-safe: one question at a time.
 */
final class AccountView {

    private static final long HOUR = 3600;

    /** Whoever has waited for others speaks of a moment that has passed: its hour is not closed before he is done. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Each keeps some hundred bytes for each of its keys. The one that was not asked for the longest time gives way. */
    private static final int MOST_PLACEMENTS = 6;

    private static final Placement<Integer> LIFETIME = new Placement.Whole();

    private final AccountId account;
    private final List<Sums> sums;
    private final UsageFollower follower;
    private final GapPolicy gaps;
    private final Duration longestPause;
    private final InstantSource time;

    /** How far back rounding may reach from the end of a run. */
    private final Duration memory;

    /** In the order in which they were asked for last, but for the lifetime, which is always there. */
    private final Set<Placement<?>> asked = new LinkedHashSet<>();

    private volatile int intervals;
    private boolean isKnown;
    private Instant closed = Instant.MIN;
    private final NavigableMap<InstanceId, Open> open = new TreeMap<>();
    private Map<InstanceId, AccountUsage.Watch> watches = Map.of();
    private Pauses pauses;
    private Optional<Instant> first = Optional.empty();

    /** What is known of an instance from shortly before the closing on, and what its past means for it. */
    private record Open(InstanceTimeline timeline, Optional<Run> run, Pauses.Past paused) {

        /** Its runs since, of which the one that goes over the closing may have begun earlier. */
        List<Run> runs(InstanceTimeline since, Instant closed) {
            List<Run> runs = Run.of(since);
            run.ifPresent(begun -> runs.replaceAll(each -> each.goesOver(closed) ? each.continuing(begun) : each));
            return runs;
        }
    }

    /** What closed hours came to against one baseline. */
    private final class Sums {

        private final PricedSnapshot prices;
        private final Map<Placement<?>, KeyedSums<?>> closedHours = new HashMap<>();

        /** Of runs that go over the closing, what they came to before it. */
        private final Map<InstanceId, Tally> sessions = new HashMap<>();

        Sums(PricedSnapshot prices) {
            this.prices = prices;
        }

        @SuppressWarnings("unchecked") // keyed by the placement that it was made with
        <K extends Comparable<K>> KeyedSums<K> by(Placement<K> placement) {
            return (KeyedSums<K>) closedHours.computeIfAbsent(placement, KeyedSums::new);
        }

        void clear() {
            closedHours.clear();
            sessions.clear();
            by(LIFETIME);
            asked.forEach(this::by);
        }

        /** Adds runs of one instance from one moment to another. */
        void add(InstanceId id, List<Run> runs, Instant from, Instant to) {
            UsageWalk walk = prices.until(to);
            List<UsageWalk.Visitor> all = new ArrayList<>(closedHours.values());
            for (Run run : runs) {
                boolean goesOn = run.goesOver(from);
                Tally session = goesOn ? sessions.getOrDefault(id, new Tally()) : new Tally();
                List<UsageWalk.Visitor> visitors = new ArrayList<>(all);
                if (run.goesOver(to)) {
                    visitors.add(new GroupedTallies(usage -> List.of(session)));
                    sessions.put(id, session);
                } else if (goesOn) {
                    sessions.remove(id);
                }
                walk.walk(run, new LaterUsage(from.getEpochSecond(), visitors));
            }
        }

        /** Exchanges what one instance came to before the closing. */
        void exchange(InstanceId id, InstanceTimeline before, InstanceTimeline after) {
            for (KeyedSums<?> all : closedHours.values()) {
                exchange(all, before, after);
            }
            remember(id, after);
        }

        private <K extends Comparable<K>> void exchange(
                KeyedSums<K> all, InstanceTimeline before, InstanceTimeline after) {
            UsageWalk walk = prices.until(closed);
            KeyedSums<K> gone = all.empty();
            walk.walk(before, gone);
            KeyedSums<K> come = all.empty();
            walk.walk(after, come);
            all.subtract(gone);
            all.add(come);
        }

        /** Notes what the run came to that goes over the closing. */
        void remember(InstanceId id, InstanceTimeline timeline) {
            sessions.remove(id);
            Run.of(timeline).stream().filter(run -> run.goesOver(closed)).forEach(run -> {
                Tally session = new Tally();
                prices.until(closed).walk(run, new GroupedTallies(usage -> List.of(session)));
                sessions.put(id, session);
            });
        }
    }

    AccountView(
            AccountId account,
            List<PricedSnapshot> prices,
            UsageFollower follower,
            GapPolicy gaps,
            Duration longestPause,
            InstantSource time) {
        this.account = account;
        this.sums = prices.stream().map(Sums::new).toList();
        this.follower = follower;
        this.gaps = gaps;
        this.longestPause = longestPause;
        this.time = time;
        this.memory = Duration.ofSeconds(prices.stream()
                .mapToLong(each -> each.billing().incrementSeconds())
                .max()
                .orElse(0));
        this.pauses = new Pauses(longestPause);
    }

    /** Whether it rests on these prices. */
    boolean restsOn(List<PricedSnapshot> prices) {
        return prices.stream()
                .map(PricedSnapshot::catalogVersion)
                .toList()
                .equals(sums.stream().map(own -> own.prices.catalogVersion()).toList());
    }

    /** How many intervals it has read. */
    int intervals() {
        return intervals;
    }

    private synchronized List<Placement<?>> asked() {
        return List.copyOf(asked);
    }

    /** Reads all usage, for all that another one was asked for. */
    synchronized void prepareFor(AccountView other) {
        asked.addAll(other.asked());
        catchUp(time.instant().truncatedTo(ChronoUnit.SECONDS));
    }

    /**
     * A report for each baseline.
     *
     * @param at as of when, in whole seconds
     * @return the reports; empty for a moment whose hour has closed
     */
    synchronized Optional<List<SavingsReport>> reports(Instant at) {
        catchUp(at);
        if (at.isBefore(closed)) {
            return Optional.empty();
        }
        VouchedUsage vouched = vouched(at);
        return Optional.of(sums.stream().map(own -> report(own, vouched, at)).toList());
    }

    private SavingsReport report(Sums own, VouchedUsage vouched, Instant at) {
        UsageWalk walk = own.prices.until(at);
        KeyedSums<Integer> live = new KeyedSums<>(LIFETIME);
        Tally session = new Tally();
        List<SavingsLine> lines = new ArrayList<>();
        Pauses paused = new Pauses(longestPause);
        paused.add(pauses);
        AccountUsage watched = new AccountUsage(List.of(), watches);
        int i = 0;
        for (Map.Entry<InstanceId, Open> entry : open.entrySet()) {
            Open instance = entry.getValue();
            InstanceTimeline timeline = vouched.timelines().get(i++);
            paused.add(timeline, instance.paused(), closed, at);
            for (Run run : instance.runs(timeline, closed)) {
                Tally ofInstance = new Tally();
                GroupedTallies lasting =
                        new GroupedTallies(usage -> usage.sessionStart().isPresent() ? List.of(ofInstance) : List.of());
                walk.walk(run, new LaterUsage(closed.getEpochSecond(), List.of(live, lasting)));
                lasting.lasting().ifPresent(usage -> {
                    Tally before = own.sessions.get(entry.getKey());
                    if (before != null && run.start().isBefore(closed)) {
                        ofInstance.addOfSameInstance(before);
                    }
                    session.add(ofInstance);
                    lines.add(SavingsCalculator.line(
                            usage, at, watched.observedUntil(instance.timeline(), at), ofInstance.totals()));
                });
            }
        }
        Tally lifetime = new Tally();
        own.by(LIFETIME).tallies(live, null).values().forEach(lifetime::add);
        return SavingsCalculator.report(
                account, own.prices, at, vouched.observedUntil(), lifetime, session, lines, paused);
    }

    /**
     * What usage came to by key and in all, to be added to that of other accounts.
     *
     * @param placement what it is added up by
     * @param at as of when, in whole seconds
     * @param since usage before may be left out
     * @param from the first key that is wanted; null for all
     * @return the sums; empty for a moment whose hour has closed
     */
    synchronized <K extends Comparable<K>> Optional<Sorted<K, Tally>> tallies(
            Placement<K> placement, Instant at, Instant since, @Nullable K from) {
        return by(placement, at, since, (closedHours, live) -> closedHours.tallies(live, from));
    }

    /**
     * What usage came to by key.
     *
     * @param placement what it is added up by
     * @param at as of when, in whole seconds
     * @param since usage before may be left out
     * @param from the first key that is wanted
     * @return the totals; empty for a moment whose hour has closed, unless it is where a key ends
     */
    synchronized <K extends Comparable<K>> Optional<Sorted<K, SavingsTotals>> totals(
            Placement<K> placement, Instant at, Instant since, K from) {
        return by(placement, at, since, (closedHours, live) -> closedHours.totals(live, from));
    }

    private <K extends Comparable<K>, V> Optional<Sorted<K, V>> by(
            Placement<K> placement,
            Instant at,
            Instant since,
            BiFunction<KeyedSums<K>, KeyedSums<K>, NavigableMap<K, V>> sums) {
        boolean isNew = !asked.remove(placement);
        asked.add(placement);
        if (isNew) {
            isKnown = false;
            asked.stream()
                    .findFirst()
                    .filter(eldest -> asked.size() > MOST_PLACEMENTS)
                    .ifPresent(asked::remove);
        }
        catchUp(at);
        KeyedSums<K> closedHours = this.sums.get(0).by(placement);
        if (at.isBefore(closed)) {
            return placement
                    .endingBy(at)
                    .map(last -> new Sorted<>(
                            sums.apply(closedHours.until(last), closedHours.empty()), new Tally(), at, first));
        }
        return Optional.of(live(placement, at, since, sums));
    }

    private <K extends Comparable<K>, V> Sorted<K, V> live(
            Placement<K> placement,
            Instant at,
            Instant since,
            BiFunction<KeyedSums<K>, KeyedSums<K>, NavigableMap<K, V>> sums) {
        VouchedUsage vouched = vouched(at);
        Sums own = this.sums.get(0);
        UsageWalk walk = own.prices.until(at);
        KeyedSums<K> live = new KeyedSums<>(placement);
        KeyedSums<Integer> liveInAll = new KeyedSums<>(LIFETIME);
        long from = Math.max(closed.getEpochSecond(), since.getEpochSecond());
        List<UsageWalk.Visitor> visitors = List.of(
                new LaterUsage(from, List.of(live)), new LaterUsage(closed.getEpochSecond(), List.of(liveInAll)));
        int i = 0;
        for (Open instance : open.values()) {
            for (Run run : instance.runs(vouched.timelines().get(i++), closed)) {
                walk.walk(run, new LaterUsage(Long.MIN_VALUE, visitors));
            }
        }
        Tally total = new Tally();
        own.by(LIFETIME).tallies(liveInAll, null).values().forEach(total::add);
        return new Sorted<>(sums.apply(own.by(placement), live), total, vouched.observedUntil(), first);
    }

    /**
     * Sums by key.
     *
     * @param total all of them; instances count once
     * @param observedUntil up to when what lasts is vouched for
     * @param first when the first usage began
     */
    record Sorted<K, V>(NavigableMap<K, V> sums, Tally total, Instant observedUntil, Optional<Instant> first) {}

    /** Takes in what is recorded, and closes the hours that have ended. */
    private void catchUp(Instant at) {
        Instant now = time.instant();
        Instant passed = (at.isBefore(now) ? at : now).minus(PATIENCE); // what is yet to come closes nothing
        boolean goesOn = isKnown;
        isKnown = false; // whatever fails on the way leaves something behind that nobody should go on from
        if (!goesOn || now.isBefore(closed) || !takeNews() || !close(passed)) {
            readAll(passed);
        }
        isKnown = true;
    }

    private VouchedUsage vouched(Instant at) {
        return usage().at(at, gaps);
    }

    private AccountUsage usage() {
        return new AccountUsage(open.values().stream().map(Open::timeline).toList(), watches);
    }

    private void readAll(Instant at) {
        AccountUsage usage = follower.all();
        intervals = usage.timelines().stream()
                .mapToInt(timeline -> timeline.facts().size())
                .sum();
        open.clear();
        watches = usage.watches();
        pauses = new Pauses(longestPause);
        first = Optional.empty();
        closed = closing(usage, at);
        sums.forEach(Sums::clear);
        for (InstanceTimeline timeline : usage.timelines()) {
            InstanceId id = id(timeline);
            noteFirst(timeline);
            List<Run> runs = Run.of(timeline);
            sums.forEach(own -> own.add(id, runs, Instant.MIN, closed));
            open(id, timeline, pauses);
        }
        sums.forEach(own -> own.closedHours.values().forEach(each -> each.closeBefore(closed.getEpochSecond())));
    }

    private static InstanceId id(InstanceTimeline timeline) {
        return timeline.facts().get(0).instance().id();
    }

    private void noteFirst(InstanceTimeline timeline) {
        firstOf(timeline)
                .filter(start -> first.isEmpty() || start.isBefore(first.get()))
                .ifPresent(start -> first = Optional.of(start));
    }

    private static Optional<Instant> firstOf(InstanceTimeline timeline) {
        return timeline.intervals().stream().findFirst().map(UsageInterval::start);
    }

    /** Keeps what goes on from the closing, of an instance of which all is known. */
    private void open(InstanceId id, InstanceTimeline timeline, Pauses counting) {
        Pauses.Past paused = counting.add(timeline, Pauses.Past.NONE, Instant.MIN, closed);
        InstanceTimeline since = timeline.from(remembered());
        if (since.equals(InstanceTimeline.EMPTY)) {
            open.remove(id);
        } else {
            open.put(id, new Open(since, runOver(closed, Run.of(timeline)), paused));
        }
    }

    private Instant remembered() {
        return closed.minus(memory);
    }

    private static Optional<Run> runOver(Instant closed, List<Run> runs) {
        return runs.stream().filter(run -> run.goesOver(closed)).findFirst();
    }

    /** The last full hour up to which all that lasts is vouched for. */
    private static Instant closing(AccountUsage usage, Instant at) {
        Instant until = at;
        for (InstanceTimeline timeline : usage.timelines()) {
            Instant observed = usage.observedUntil(timeline, at);
            until = observed.isBefore(until) ? observed : until;
        }
        return Instant.ofEpochSecond(Math.floorDiv(until.getEpochSecond(), HOUR) * HOUR);
    }

    /** Takes in what has changed; false if everything has to be read. */
    private boolean takeNews() {
        Optional<UsageNews> news = follower.news(closed, memory, open.keySet());
        if (news.isEmpty()) {
            return false;
        }
        for (UsageNews.Change change : news.get().changes()) {
            if (!take(change)) {
                return false;
            }
        }
        watches = news.get().watches();
        if (first.isPresent() && !first.get().isBefore(closed)) { // it may have been taken back
            first = open.values().stream()
                    .flatMap(instance -> firstOf(instance.timeline()).stream())
                    .min(Comparator.naturalOrder());
        }
        return true;
    }

    private boolean take(UsageNews.Change change) {
        InstanceId id = change.instance();
        InstanceTimeline after = change.after();
        if (change.before().isPresent()) {
            InstanceTimeline before = change.before().get();
            if (first.isPresent()
                    && firstOf(before).equals(first)
                    && !firstOf(after).equals(first)) {
                return false; // which instance was first after that one, nobody has kept
            }
            sums.forEach(own -> own.exchange(id, before, after));
            Pauses gone = new Pauses(longestPause);
            gone.add(before, closed);
            Pauses come = new Pauses(longestPause);
            open(id, after, come);
            pauses.subtract(gone);
            pauses.add(come);
        } else {
            Open known = open.get(id);
            if (known == null) {
                sums.forEach(own -> own.remember(id, after));
                open(id, after, new Pauses(longestPause)); // its pauses before the closing are counted
            } else {
                InstanceTimeline since = after.from(remembered());
                if (since.equals(InstanceTimeline.EMPTY)) {
                    open.remove(id);
                } else {
                    open.put(id, new Open(since, known.run(), known.paused()));
                }
            }
        }
        noteFirst(after);
        return true;
    }

    /** Closes the hours that have ended and are vouched for; false if one has closed of which not all is vouched for any more. */
    private boolean close(Instant at) {
        Instant next = closing(usage(), at.isBefore(closed) ? closed : at);
        if (next.equals(closed)) {
            return true;
        }
        if (next.isBefore(closed)) {
            return false; // a source that was asked earlier than others has shown something new
        }
        Map<InstanceId, Open> still = new HashMap<>();
        open.forEach((id, instance) -> {
            List<Run> runs = instance.runs(instance.timeline(), closed);
            sums.forEach(own -> own.add(id, runs, closed, next));
            Pauses.Past paused = pauses.add(instance.timeline(), instance.paused(), closed, next);
            InstanceTimeline since = instance.timeline().from(next.minus(memory));
            if (!since.equals(InstanceTimeline.EMPTY)) {
                still.put(id, new Open(since, runOver(next, runs), paused));
            }
        });
        open.clear();
        open.putAll(still);
        closed = next;
        sums.forEach(own -> own.closedHours.values().forEach(each -> each.closeBefore(closed.getEpochSecond())));
        return true;
    }
}
