package cloud.dumont.economy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.Provenance;
import cloud.dumont.economy.pricing.source.HeldPrice;
import cloud.dumont.economy.pricing.source.KeptPrices;
import cloud.dumont.economy.pricing.source.PriceSource;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.testing.Prices;
import cloud.dumont.economy.testing.Race;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prices in one kind of database. */
abstract class PriceStoreContract {

    private final TestDatabase database;

    @TempDir
    private Path folder;

    private String url;
    private JdbcPriceStore store;

    PriceStoreContract(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void migrate() {
        url = database.newMigratedUrl(folder);
        store = JdbcPriceStore.create(TestDatabase.unpooled(url));
    }

    private static PriceCatalog catalog(int prices) {
        return PriceCatalog.of(IntStream.range(0, prices)
                .mapToObj(i -> Prices.row(Provider.AWS, "us-east-1", "type-" + i, "T4", "1", prices + ".5"))
                .toList());
    }

    /** An earlier version of the library may have saved them: Azure's series has PCIe cards, as the import knows by now. */
    @Test
    void whatIsKnownToBeWrong_isPutRightWhenItIsLoaded() {
        store.save(PriceCatalog.of(List.of(
                Prices.row(Provider.AZURE, "eastus", "Standard_NC24ads_A100_v4", "A100 SXM 80GB", "1", "3.673"))));

        assertThat(store.load().spec(Provider.AZURE, InstanceType.of("Standard_NC24ads_A100_v4")))
                .hasValueSatisfying(spec -> assertThat(spec.gpuModel()).contains("A100 PCIe 80GB"));
    }

    @Test
    void whatIsSavedIsLoaded() {
        PriceCatalog bundled = PriceSource.bundledWithUndated().load();

        store.save(bundled);

        assertThat(store.load().version()).isEqualTo(bundled.version());
    }

    @Test
    void whatIsSavedTakesThePlaceOfWhatWasThere() {
        store.save(catalog(5));
        store.save(catalog(3));
        store.save(catalog(3));

        assertThat(store.load().version()).isEqualTo(catalog(3).version());
    }

    @Test
    void changeThatNobodySaw_isAPeriodThatPeopleCanRead() {
        store.save(PriceCatalog.of(
                List.of(seen("32.7726", "2023-09-18", "2025-04-28"), seen("21.957642", "2025-06-23", "2026-07-20"))));

        List<String> rows = TestDatabase.jdbi(url)
                .withHandle(handle -> handle.createQuery(
                                "SELECT effective_from, effective_until, usd_per_hour, read_on FROM provider_pricing_usd"
                                        + " ORDER BY effective_from")
                        .map((row, context) -> row.getString(1).substring(0, 10) + " "
                                + (row.getString(2) == null
                                        ? "-"
                                        : row.getString(2).substring(0, 10)) + " " + row.getString(3)
                                + " " + row.getString(4).substring(0, 10))
                        .list());

        assertThat(rows)
                .containsExactly(
                        "2023-09-18 2025-04-29 32.772600000 2025-04-28", "2025-04-29 - 21.957642000 2026-07-20");
    }

    private static PriceRow seen(String usd, String first, String last) {
        return PriceRow.seen(
                Prices.spec(Provider.AWS, "p4d.24xlarge", "A100 SXM 40GB", "8"),
                Region.of("us-east-1"),
                PurchaseOption.ON_DEMAND,
                HourlyRate.usd(usd),
                LocalDate.parse(first),
                LocalDate.parse(last),
                new Provenance("list", "aws.csv", "1", LocalDate.parse(last)));
    }

    /** A start needs no import: an empty table is filled. */
    @Test
    void nothingSaved_beginsWithTheBundledPrices() {
        String bundled = PriceSource.bundled().load().version();

        assertThat(store.load().version()).isEqualTo(bundled);
        assertThat(JdbcPriceStore.create(TestDatabase.unpooled(url)).load().version())
                .isEqualTo(bundled);
        assertThat(store.held()).isEmpty();
    }

    @Test
    void heldPrices_areKeptBesideThoseThatCount() {
        HeldPrice held = new HeldPrice(
                seen("0.032", "2026-11-28", "2026-11-28"),
                "absurd",
                Instant.parse("2026-11-28T12:00:00Z"),
                HeldPrice.State.WAITING);

        store.update(kept -> new KeptPrices(catalog(3), List.of(held)));
        JdbcPriceStore other = JdbcPriceStore.create(TestDatabase.unpooled(url));

        assertThat(other.held()).containsExactly(held);
        assertThat(other.load().version()).isEqualTo(catalog(3).version());
        other.update(kept -> kept.reject(price -> true));
        assertThat(store.held()).containsExactly(held.rejected());
        store.update(kept -> kept.accept(price -> true));
        assertThat(other.held()).isEmpty();
        assertThat(other.load().history(held.row().sku()).orElseThrow().latest().rate())
                .isEqualTo(HourlyRate.usd("0.032"));
    }

    @Test
    void changeThatFails_changesNothing() {
        store.save(catalog(3));

        assertThatThrownBy(() -> store.update(kept -> {
                    throw new IllegalArgumentException("no");
                }))
                .hasStackTraceContaining("no");

        assertThat(store.load().version()).isEqualTo(catalog(3).version());
    }

    /** Each change is made from what the one before left, whichever host made it. */
    @Test
    void changesOfManyHosts_followOneAnother() throws InterruptedException {
        store.save(catalog(1));
        List<Thread> hosts = IntStream.range(0, 4)
                .mapToObj(host -> new Thread(() -> JdbcPriceStore.create(TestDatabase.unpooled(url))
                        .update(kept -> new KeptPrices(
                                PriceCatalog.of(Stream.concat(
                                                kept.catalog().rows(),
                                                Stream.of(Prices.row(
                                                        Provider.GCP, "us-east1", "host-" + host, "T4", "1", "1")))
                                        .toList()),
                                List.of()))))
                .toList();
        hosts.forEach(Thread::start);
        for (Thread host : hosts) {
            host.join();
        }

        assertThat(store.load().size()).isEqualTo(5);
    }

    @Test
    void noTables_saysWhatToDo() {
        JdbcPriceStore unprepared = JdbcPriceStore.create(TestDatabase.unpooled(database.newUrl(folder)));

        assertThatThrownBy(unprepared::load)
                .isInstanceOf(HistoryStoreException.class)
                .hasMessageContaining("SchemaMigrator.migrate()");
    }

    /** Two hosts at once: one after the other, whole, and whoever loads meanwhile gets one of them whole. */
    @Test
    void savedByTwoAtOnce_isWholeWhateverOneLoads() {
        store.save(catalog(1));
        DataSource source = TestDatabase.unpooled(url);
        List<String> versions =
                IntStream.rangeClosed(1, 4).mapToObj(i -> catalog(i).version()).toList();

        Race.run(List.of(
                () -> saveAndLoad(source, 2, versions),
                () -> saveAndLoad(source, 3, versions),
                () -> saveAndLoad(source, 4, versions)));

        assertThat(versions.subList(1, 4)).contains(store.load().version());
    }

    private static void saveAndLoad(DataSource source, int prices, List<String> versions) {
        JdbcPriceStore mine = JdbcPriceStore.create(source);
        for (int i = 0; i < 10; i++) {
            mine.save(catalog(prices));
            assertThat(versions).contains(mine.load().version());
        }
    }
}
