package cloud.dumont.economy;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.polling.PollOutcome;
import cloud.dumont.economy.polling.PollScheduler;
import cloud.dumont.economy.polling.Poller;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.feed.FeedException;
import cloud.dumont.economy.pricing.feed.PriceRefresh;
import cloud.dumont.economy.pricing.feed.RefreshReport;
import cloud.dumont.economy.pricing.source.PriceSource;
import cloud.dumont.economy.pricing.source.PriceStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Reads an economy's price feeds on schedule, each by a poller of its own, and hands over the catalog whenever it is another. */
final class PriceRefreshing {

    private static final Duration FIRST_RETRY = Duration.ofMinutes(1);

    /** An outage's end is noticed within it. */
    private static final Duration LONGEST_RETRY = Duration.ofHours(1);

    /** For the largest feed, over a slow line. */
    private static final Duration DEADLINE = Duration.ofHours(2);

    private static final int MOST_DOUBLINGS = 10;

    /** A tenth sooner or later, so that the hosts of the world do not ask together. */
    private static final int JITTER = 10;

    private static final Duration LONGEST_OBEYED = Duration.ofDays(1);

    private final PriceRefresh refresh;
    private final PriceStore store;
    private final List<Poller<RefreshReport>> pollers;
    private final Map<String, RefreshReport> latest = new ConcurrentHashMap<>();

    /** How often in a row each feed could not be read. */
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();

    PriceRefreshing(
            PriceRefresh refresh,
            PriceSource prices,
            GpuCatalog gpus,
            InstantSource time,
            PollScheduler scheduler,
            Consumer<PriceCatalog> accepted) {
        this.refresh = refresh;
        this.store = prices instanceof PriceStore kept ? kept : PriceStore.inMemory(prices);
        this.pollers = refresh.feeds().stream()
                .map(feed -> Poller.<RefreshReport>builder(() -> refresh.refresh(feed, store, gpus, time))
                        .accept(report -> accept(report, accepted))
                        .policy((last, random) -> delay(feed, last, random))
                        .deadline(DEADLINE)
                        .scheduler(scheduler)
                        .time(time)
                        .name("prices of " + feed)
                        .build())
                .toList();
    }

    private void accept(RefreshReport report, Consumer<PriceCatalog> accepted) {
        latest.put(report.feed(), report);
        if (report.isWorthAnotherTry()) {
            failures.merge(report.feed(), 1, Integer::sum);
        } else {
            failures.remove(report.feed());
        }
        if (report.kept() > 0) {
            accepted.accept(store.load());
        }
    }

    /** What the economy loads its prices from: what was accepted before, and what is accepted from now on. */
    PriceStore store() {
        return store;
    }

    /** The interval, or less while the feed cannot be reached, but never less than it asks for. */
    private Duration delay(String feed, PollOutcome<? extends RefreshReport> last, RandomGenerator random) {
        int failed = Math.max(last.consecutiveFailures(), failures.getOrDefault(feed, 0));
        if (failed == 0) {
            long interval = refresh.interval().toMillis();
            return Duration.ofMillis(random.nextLong(interval - interval / JITTER, interval + interval / JITTER));
        }
        long doubled = FIRST_RETRY.toMillis() << Math.min(failed - 1, MOST_DOUBLINGS);
        long longest = Math.min(LONGEST_RETRY.toMillis(), refresh.interval().toMillis());
        long delay = Math.min(doubled, longest);
        long asked = last.latest()
                .flatMap(RefreshReport::failure)
                .flatMap(FeedException::retryAfter)
                .map(Duration::toMillis)
                .orElse(0L);
        return Duration.ofMillis(
                Math.max(random.nextLong(delay / 2, delay + 1), Math.min(asked, LONGEST_OBEYED.toMillis())));
    }

    void start() {
        pollers.forEach(Poller::start);
    }

    /** The last reading of each feed. */
    List<RefreshReport> latest() {
        return refresh.feeds().stream()
                .filter(latest::containsKey)
                .map(feed -> Objects.requireNonNull(latest.get(feed)))
                .toList();
    }

    void close() {
        pollers.forEach(Poller::close);
    }
}
