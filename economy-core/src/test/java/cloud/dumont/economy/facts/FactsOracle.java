package cloud.dumont.economy.facts;

import static cloud.dumont.economy.facts.FactsScript.GONE;

import cloud.dumont.economy.facts.FactsScript.Listed;
import cloud.dumont.economy.facts.FactsScript.Shown;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the history of a script must be. It is told everything at once, by true times: nothing arrives late or twice here, and no process
 * restarts. It says second by second what each instance did and what nobody knows, and shares no code with the ledger.
 */
final class FactsOracle {

    /** What is known of a second. */
    record Second(int content, boolean inferred) {

        static final Second UNKNOWN = new Second(GONE, false);
    }

    /** What is known of an instance: its seconds, and those at which something begins for which somebody vouches. */
    record History(Second[] seconds, Set<Integer> vouchedStarts) {}

    private static final int BEFORE = 50;
    private static final int END = FactsScript.LAST + 100;
    private static final int OBSERVED = (int) FactsScript.GAPS.longestObserved().toSeconds();
    private static final int INFERRED = (int) FactsScript.GAPS.longestInferred().toSeconds();

    private record Happening(int at, int order, Runnable told) {}

    private final FactsScript script;
    private final Map<Integer, Life> lives = new TreeMap<>();

    FactsOracle(FactsScript script) {
        this.script = script;
        List<Happening> happenings = new ArrayList<>();
        for (int i = 0; i < script.instances; i++) {
            Life life = new Life();
            lives.put(i, life);
            script.pushes
                    .getOrDefault(i, Map.of())
                    .forEach((at, content) -> happenings.add(new Happening(at, 0, () -> life.pushed(at, content))));
        }
        addLooks(happenings);
        happenings.sort(Comparator.comparing(Happening::at).thenComparing(Happening::order));
        happenings.forEach(happening -> happening.told().run());
    }

    /** Decides which listing is believed of what it lacks. */
    private void addLooks(List<Happening> happenings) {
        Set<Integer> shownLast = new HashSet<>();
        Set<Integer> doubted = new HashSet<>();
        Set<Integer> absent = new HashSet<>();
        Optional<Integer> last = Optional.empty();
        int order = 1;
        for (Listed listing : script.listings) {
            if (isOfAnotherScope(listing, shownLast, doubted)) {
                doubted.addAll(shownLast);
                shownLast = new HashSet<>();
                continue;
            }
            int stamp = Math.max(last.orElse(0), listing.at());
            Set<Integer> missing = new HashSet<>(shownLast);
            missing.removeAll(listing.shown().keySet());
            Set<Integer> gone = new HashSet<>(doubted);
            gone.removeAll(listing.shown().keySet());
            Set<Integer> unconfirmed = new HashSet<>();
            if (last.equals(Optional.of(stamp))) {
                unconfirmed.addAll(gone);
                gone.clear();
            }
            boolean doubtful = 2 * missing.size() > shownLast.size();
            if (!doubtful) {
                gone.addAll(missing);
            }
            for (int instance : gone) {
                happenings.add(
                        new Happening(stamp, order++, () -> lives.get(instance).missed(stamp)));
            }
            absent.removeAll(listing.shown().keySet());
            for (int instance : absent) {
                happenings.add(
                        new Happening(stamp, order++, () -> lives.get(instance).lacked(stamp)));
            }
            absent.addAll(gone);
            Optional<Integer> before = last;
            for (Map.Entry<Integer, Shown> shown : listing.shown().entrySet()) {
                happenings.add(new Happening(
                        stamp, order++, () -> lives.get(shown.getKey()).shown(stamp, shown.getValue(), before)));
            }
            doubted = doubtful ? missing : new HashSet<>();
            doubted.addAll(unconfirmed);
            shownLast = new HashSet<>(listing.shown().keySet());
            last = Optional.of(stamp);
        }
    }

    /** Refused: it shows nothing of what the last one showed, and something of what that one lacked. */
    private static boolean isOfAnotherScope(Listed listing, Set<Integer> shownLast, Set<Integer> doubted) {
        return !shownLast.isEmpty()
                && listing.shown().keySet().stream().noneMatch(shownLast::contains)
                && listing.shown().keySet().stream().anyMatch(doubted::contains);
    }

    History history(int instance) {
        return lives.get(instance).history();
    }

    /** Where a second stands: some starts lie before the beginning. */
    static int index(int second) {
        return Math.min(Math.max(second + BEFORE, 0), BEFORE + END);
    }

    /** Whose word counts. */
    private enum Rules {
        NOBODY,
        PUSH,
        SIGHT
    }

    /** One instance, as things happen to it. */
    private static final class Life {

        private final Second[] seconds = new Second[BEFORE + END];
        private final Set<Integer> vouched = new HashSet<>();

        private Rules rules = Rules.NOBODY;
        private int content = GONE;
        private int start;
        private int pushedAt;
        private int pushedSince;
        private boolean confirmed;
        private int pushesSinceSeen;
        private boolean goneBeforePush;
        private int knownEnd = -BEFORE;

        private int shownContent = GONE;
        private int seen = Integer.MIN_VALUE / 2;
        private Optional<Integer> since = Optional.empty();
        private boolean believed;
        private boolean absent = true;
        private Rules ruledBefore = Rules.NOBODY;

        Life() {
            Arrays.fill(seconds, Second.UNKNOWN);
        }

        void pushed(int at, int said) {
            if (rules == Rules.SIGHT) {
                int end = at - seen <= OBSERVED ? at : Math.max(seen, start + 1);
                fill(start, Math.min(end, at), new Second(content, false));
            } else if (rules == Rules.PUSH) {
                fill(start, at, new Second(content, false));
            }
            if (rules != Rules.PUSH || content != said) {
                goneBeforePush = rules == Rules.PUSH && content == GONE;
                pushedSince = at;
                pushesSinceSeen++;
            }
            rules = Rules.PUSH;
            content = said;
            start = at;
            pushedAt = at;
            confirmed = false;
            ruledBefore = Rules.NOBODY;
            vouched.add(at);
        }

        /** It has been missing, and is once more: a push says otherwise. */
        void lacked(int at) {
            if (rules == Rules.PUSH && !confirmed && content != GONE && at > pushedAt + OBSERVED) {
                ruledBefore = Rules.NOBODY;
                end(Math.max(seen, pushedAt + 1));
            }
        }

        void missed(int at) {
            if (rules == Rules.SIGHT) {
                ruledBefore = rules;
                end(Math.max(seen, start + 1));
            } else if (rules == Rules.PUSH && confirmed) {
                ruledBefore = rules;
                end(Math.max(seen, pushedAt + 1));
            } else {
                lacked(at);
            }
            absent = true;
        }

        private void end(int end) {
            fill(start, end, new Second(content, false));
            rules = Rules.NOBODY;
        }

        void shown(int at, Shown shown, Optional<Integer> last) {
            boolean same = since.isPresent()
                    && shown.since().isPresent()
                    && Math.abs(since.get() - shown.since().get()) <= OBSERVED;
            believed = shown.since().isPresent()
                    && (same
                            ? believed && shown.content() == shownContent
                            : shown.since().get() <= at);
            Optional<Integer> told = believed ? shown.since() : Optional.empty();
            if (rules == Rules.PUSH) {
                besidePush(at, shown.content(), told, last);
            } else if (rules == Rules.SIGHT) {
                goOn(at, shown.content(), told, same);
            } else if (!isBack(at, shown.content(), told, same)) {
                begin(at, shown.content(), told, last);
            }
            shownContent = shown.content();
            since = same ? since : shown.since();
            seen = at;
            pushesSinceSeen = 0;
            absent = false;
        }

        private void besidePush(int at, int shows, Optional<Integer> told, Optional<Integer> last) {
            if (shows == content) {
                boolean unseenBefore = !confirmed
                        && !absent
                        && seen < pushedSince
                        && pushesSinceSeen == 1
                        && !goneBeforePush
                        && shownContent == shows;
                if (unseenBefore && at - seen <= INFERRED) {
                    fillUnknown(seen, pushedSince, new Second(shows, true));
                }
                confirmed = true;
            } else if (at > pushedAt + OBSERVED) {
                boolean gone = content == GONE;
                if (!gone) {
                    fill(start, at, new Second(content, false));
                }
                Optional<Integer> newer = told.filter(moment -> gone && moment > pushedAt + OBSERVED);
                rules = Rules.SIGHT;
                content = shows;
                start = at;
                if (newer.isPresent()) {
                    begin(at, shows, newer, absent ? last : Optional.empty());
                }
            }
        }

        private void begin(int at, int shows, Optional<Integer> told, Optional<Integer> last) {
            int lacked = last.orElse(Integer.MIN_VALUE);
            start = Math.max(
                    knownEnd, told.map(moment -> Math.max(moment, lacked)).orElse(at));
            content = shows;
            rules = Rules.SIGHT;
            told.filter(moment -> moment == start).ifPresent(vouched::add);
        }

        /** It was missing for so short a time that a page may have been lost. */
        private boolean isBack(int at, int shows, Optional<Integer> told, boolean same) {
            boolean restarted = !same && told.filter(moment -> moment > seen).isPresent();
            if (ruledBefore == Rules.NOBODY
                    || shows != shownContent
                    || shows != content
                    || at - seen > OBSERVED
                    || restarted) {
                return false;
            }
            rules = ruledBefore;
            return true;
        }

        private void goOn(int at, int shows, Optional<Integer> told, boolean same) {
            int gap = at - seen;
            boolean another = told.isPresent() && !same && told.get() > seen;
            int end = Math.max(seen, start + 1);
            if (shows == content && !another) {
                boolean vouchedFor = told.isPresent() && (same || told.get() <= seen);
                if (gap > OBSERVED && !vouchedFor) {
                    int from = Math.max(at, end);
                    fill(start, end, new Second(content, false));
                    if (gap <= INFERRED) {
                        fill(end, from, new Second(content, true));
                    }
                    start = from;
                }
                return;
            }
            int next = Math.max(end, told.orElse(at));
            boolean upToTheChange = gap <= OBSERVED && shows != content;
            fill(start, upToTheChange ? next : end, new Second(content, false));
            told.filter(moment -> moment == next).ifPresent(vouched::add);
            start = next;
            content = shows;
        }

        private void fill(int from, int to, Second second) {
            if (second.content() != GONE && from < to) {
                Arrays.fill(seconds, index(from), index(to), second);
                knownEnd = Math.max(knownEnd, to);
            }
        }

        private void fillUnknown(int from, int to, Second second) {
            for (int at = from; at < to; at++) {
                if (seconds[index(at)].content() == GONE) {
                    seconds[index(at)] = second;
                }
            }
        }

        History history() {
            if (rules != Rules.NOBODY) {
                fill(start, END, new Second(content, false));
            }
            return new History(seconds, vouched);
        }
    }
}
