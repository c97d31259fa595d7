package cloud.dumont.economy.history;

import cloud.dumont.economy.usage.InstanceId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Follows what is recorded of one account, by whichever host: who has read everything once need not read it again, only what has changed.
 * Owned by one thread at a time. Nothing needs closing.
 */
public interface UsageFollower {

    /**
     * Everything that is known now; what changes from then on is news.
     *
     * @return the account's usage
     * @throws HistoryStoreException if it could not be read
     */
    AccountUsage all();

    /**
     * What has changed since the last call of this or {@link #all}.
     *
     * @param closed time up to here is of no interest any more, unless something was changed there
     * @param memory but for so much of it
     * @param open instances of which the caller knows what ends {@code memory} before {@code closed}, or later
     * @return the news; empty if they cannot be told, so that the caller has to start over with {@link #all}
     * @throws HistoryStoreException if they could not be read; they are among the next ones then
     */
    Optional<UsageNews> news(Instant closed, Duration memory, Set<InstanceId> open);
}
