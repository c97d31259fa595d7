package cloud.dumont.economy.usage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps when a host that pushes last said that it lives, and ends what it pushed where it was silent for too long. */
final class HostWatch {

    private final LedgerStore store;
    private final String name;
    private final GapPolicy gaps;

    HostWatch(LedgerStore store, String name, GapPolicy gaps) {
        this.store = store;
        this.name = name;
        this.gaps = gaps;
    }

    void alive(Instant at) {
        while (true) {
            SourceClock before = store.clock(name);
            Optional<Instant> last = before.alive();
            if (last.filter(at::isBefore).isPresent()) {
                return;
            }
            last.ifPresent(said -> endUnvouched(said, at));
            SourceUpdate update = new SourceUpdate(
                    before, before.stamp(), before.recent(), Optional.of(at), Optional.empty(), Instant.MIN);
            if (store.advance(update).isPresent()) {
                return;
            }
        }
    }

    /** A push is a sign of life, too. */
    private void endUnvouched(Instant said, Instant now) {
        List<InstanceChange> ends = new ArrayList<>();
        for (Push push : store.pushedThrough(name)) {
            Instant vouched = (push.at().isAfter(said) ? push.at() : said).plus(gaps.longestInferred());
            if (vouched.isBefore(now)) {
                ends.add(new PushChange(
                        List.of(new Push(push.key(), vouched, InstanceState.TERMINATED, Optional.empty(), name, false)),
                        gaps));
            }
        }
        if (!ends.isEmpty()) {
            store.change(ends);
        }
    }
}
