package cloud.dumont.economy.usage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps when a host that pushes last said that it lives, and ends what it pushed where it was silent for too long. */
final class HostWatch {

    private final LedgerStore store;
    private final String name;
    private final GapPolicy gaps;

    /** Whether this host says that it lives; null until the store was asked. A host that begins to, says so here. */
    private volatile @Nullable Boolean says;

    HostWatch(LedgerStore store, String name, GapPolicy gaps) {
        this.store = store;
        this.name = name;
        this.gaps = gaps;
    }

    /** What this host recorded before a silence that was too long does not last into what is recorded after it. */
    void catchUp(Instant at) {
        if (says == null) {
            says = store.clock(name).alive().isPresent();
        }
        if (says) {
            store.clock(name).alive().ifPresent(said -> {
                if (at.isAfter(said.plus(gaps.longestInferred()))) {
                    endUnvouched(said, at);
                }
            });
        }
    }

    void alive(Instant at) {
        says = true;
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
