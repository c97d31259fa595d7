package cloud.dumont.economy.usage;

import java.time.Instant;
import java.util.Optional;

/**
 * What a source last showed of an instance that it owns. A store keeps one for every instance that a source shows, and for a while for
 * those that a source has ceased to show.
 *
 * @param source the name of the source
 * @param instance what it was, and what was paid for it
 * @param state what it did
 * @param since since when, in the source's own words; empty where it does not say
 * @param sinceBelieved whether that can be true: a launch time that stays while the state changes is not
 * @param lastSeen when it was last seen, if that was before the source's last listing; empty if the last listing showed it
 * @param absent whether complete listings have been without it since: its interval has ended then
 * @param reviewAfter after this moment a sighting is looked at even if it says what was said before, because the host's word differs;
 *     empty if there is nothing to look at
 */
public record Sighting(
        String source,
        Instance instance,
        InstanceState state,
        Optional<Instant> since,
        boolean sinceBelieved,
        Optional<Instant> lastSeen,
        boolean absent,
        Optional<Instant> reviewAfter) {

    /**
     * The instance's key.
     *
     * @return account and id
     */
    public InstanceKey key() {
        return InstanceKey.of(instance);
    }

    boolean shows(ObservedInstance seen) {
        return state == seen.state() && instance.equals(seen.instance());
    }

    boolean says(UsageInterval interval) {
        return state == interval.state() && instance.equals(interval.instance());
    }

    Sighting missedSince(Instant sight) {
        return new Sighting(source, instance, state, since, sinceBelieved, Optional.of(sight), absent, reviewAfter);
    }

    Sighting goneSince(Instant sight) {
        return new Sighting(source, instance, state, since, sinceBelieved, Optional.of(sight), true, Optional.empty());
    }

    Sighting reviewedAfter(Optional<Instant> moment) {
        return new Sighting(source, instance, state, since, sinceBelieved, lastSeen, absent, moment);
    }
}
