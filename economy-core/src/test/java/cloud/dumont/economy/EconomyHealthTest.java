package cloud.dumont.economy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.EconomyHealth.Status;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.polling.testing.ManualPollScheduler;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.testing.Prices;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EconomyHealthTest {

    private static final PriceCatalog CATALOG =
            PriceCatalog.of(List.of(Prices.row(Provider.AWS, "us-east-1", "g4dn", "T4", "1", "0.526")));

    private final ManualPollScheduler scheduler = new ManualPollScheduler();
    private boolean down;
    private final RuntimeException priceFailure = new IllegalStateException("user=root password=secret");
    private boolean pricesFail;

    private PriceCatalog load() {
        if (pricesFail) {
            throw priceFailure;
        }
        return CATALOG;
    }

    private HistoryStore history() {
        HistoryStore memory = new InMemoryHistoryStore();
        return (HistoryStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {HistoryStore.class}, (proxy, method, arguments) -> {
                    if (down) {
                        throw new HistoryStoreException("no connection to db-1");
                    }
                    return method.invoke(memory, arguments);
                });
    }

    private Economy.Builder economy() {
        return Economy.builder()
                .scheduler(scheduler)
                .time(scheduler)
                .history(history())
                .prices(this::load);
    }

    @Test
    void beforeTheStart_noFigureCanBeMade() {
        try (Economy economy = economy().build()) {
            assertThat(economy.health().status()).isEqualTo(Status.DOWN);
            economy.start();
            EconomyHealth health = economy.health();
            assertThat(health.status()).isEqualTo(Status.UP);
            assertThat(health.prices().version()).contains(CATALOG.version());
            assertThat(health.prices().newestReadOn()).isEqualTo(CATALOG.newestReadOn());
            assertThat(health.prices().loadedAt()).contains(ManualPollScheduler.EPOCH);
        }
    }

    @Test
    void historyThatDoesNotAnswer_isDown_andSaidInItsWords() {
        try (Economy economy = economy().build().start()) {
            down = true;
            assertThat(economy.health().status()).isEqualTo(Status.DOWN);
            assertThat(economy.health().history().failure()).contains("no connection to db-1");
            down = false;
            assertThat(economy.health().status()).isEqualTo(Status.UP);
        }
    }

    @Test
    void pricesThatCannotBeLoadedAgain_areOld_andNoSecretOfTheirsIsTold() {
        try (Economy economy = economy().build().start()) {
            scheduler.advance(Duration.ofHours(1));
            pricesFail = true;
            assertThatThrownBy(economy::refreshPrices).isSameAs(priceFailure);

            EconomyHealth health = economy.health();
            assertThat(health.status()).isEqualTo(Status.DEGRADED);
            assertThat(health.prices().lastFailure()).contains("java.lang.IllegalStateException");
            assertThat(health.prices().loadedAt()).contains(ManualPollScheduler.EPOCH);

            pricesFail = false;
            economy.refreshPrices();
            assertThat(economy.health().status()).isEqualTo(Status.UP);
            assertThat(economy.health().prices().loadedAt()).contains(scheduler.instant());
        }
    }

    @Test
    void sourceThatIsSilentForTooLong_isOld() {
        boolean[] silent = new boolean[1];
        try (Economy economy = economy()
                .instances("berlin", () -> {
                    if (silent[0]) {
                        throw new IllegalStateException("made up by a test");
                    }
                    return List.of();
                })
                .build()
                .start()) {
            scheduler.runDue();
            assertThat(economy.health().status()).isEqualTo(Status.UP);
            silent[0] = true;
            scheduler.advance(Duration.ofHours(1));
            assertThat(economy.health().status()).isEqualTo(Status.DEGRADED);
            silent[0] = false;
            scheduler.advance(Duration.ofMinutes(3));
            assertThat(economy.health().status()).isEqualTo(Status.UP);
        }
    }
}
