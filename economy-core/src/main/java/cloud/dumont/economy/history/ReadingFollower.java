package cloud.dumont.economy.history;

import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Follows a store that does not say what has changed. */
final class ReadingFollower implements UsageFollower {

    private final HistoryStore store;
    private final AccountId account;

    ReadingFollower(HistoryStore store, AccountId account) {
        this.store = store;
        this.account = Objects.requireNonNull(account, "account");
    }

    @Override
    public AccountUsage all() {
        return store.usage(account);
    }

    @Override
    public Optional<UsageNews> news(Instant closed, Duration memory, Set<InstanceId> open) {
        return Optional.empty();
    }
}
