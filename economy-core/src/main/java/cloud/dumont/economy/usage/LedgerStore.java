package cloud.dumont.economy.usage;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link UsageLedger} needs of a store: it keeps nothing itself. Implementations are safe for use by many threads, and by many
 * hosts where they share a database.
 */
public interface LedgerStore {

    /**
     * Up to when a source has vouched for what it shows.
     *
     * @param source its name
     * @return its clock; {@link SourceClock#unknown} if nothing is stored of it
     */
    SourceClock clock(String source);

    /**
     * What a source last showed.
     *
     * @param source its name
     * @return its sightings, those included that it has ceased to show lately, in no particular order
     */
    List<Sighting> sightings(String source);

    /**
     * Instances of which the last push was made through a ledger of some name, and still holds.
     *
     * @param source the ledger's name
     * @return the last push of each, in no particular order
     */
    List<Push> pushedThrough(String source);

    /**
     * Stores that a listing showed nothing new: one statement, which touches no account.
     *
     * @param update what it changes of the source
     * @return the source's clock now; empty if the source was changed since its clock was read, and nothing is stored
     */
    Optional<SourceClock> advance(SourceUpdate update);

    /**
     * Changes what is stored of some instances, all of them or none. The version of each source whose sightings change counts up.
     *
     * @param changes of different instances, of any accounts
     * @throws UsageConflictException if one contradicts what is stored; nothing is stored then
     */
    void change(Collection<? extends InstanceChange> changes);

    /**
     * Changes what is stored of some instances, and of the source that showed them, all of it or nothing.
     *
     * @param changes of different instances, of any accounts
     * @param update what the listing changes of the source
     * @return the source's clock now; empty if the source was changed since its clock was read, and nothing is stored
     * @throws UsageConflictException if one contradicts what is stored; nothing is stored then
     */
    Optional<SourceClock> change(Collection<? extends InstanceChange> changes, SourceUpdate update);
}
