package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Sighting;
import cloud.dumont.economy.usage.UsageInterval;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a write changes.
 *
 * @param writes one for each account of which something else is known afterwards
 * @param gone facts that do no longer hold
 * @param added facts that did not hold before; they may have the keys of those that are gone
 * @param pushes new ones, and those of which something has changed
 * @param sightings likewise
 */
record UsageNews(
        Map<AccountId, Write> writes,
        List<UsageInterval> gone,
        List<UsageInterval> added,
        List<KeptPush> pushes,
        List<Sighting> sightings) {

    List<ToldFact> withdrawn() {
        return ToldFact.of(gone, writes);
    }

    List<ToldFact> inserted() {
        return ToldFact.of(added, writes);
    }

    List<KeptPush.Told> toldPushes() {
        return pushes.stream()
                .map(kept -> new KeptPush.Told(
                        kept,
                        Objects.requireNonNull(writes.get(kept.push().key().account()))
                                .toldAt()))
                .toList();
    }
}
