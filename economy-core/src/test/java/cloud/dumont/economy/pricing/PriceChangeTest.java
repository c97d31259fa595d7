package cloud.dumont.economy.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.testing.Prices;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of a price that changed while nobody looked. */
class PriceChangeTest {

    private static PriceRow seen(String usd, String first, String last) {
        return seen(HourlyRate.usd(usd), LocalDate.parse(first), LocalDate.parse(last));
    }

    private static PriceRow seen(HourlyRate rate, LocalDate first, LocalDate last) {
        return PriceRow.seen(
                Prices.spec(Provider.AWS, "p4d.24xlarge", "A100 SXM 40GB", "8"),
                Region.of("us-east-1"),
                PurchaseOption.ON_DEMAND,
                rate,
                first,
                last,
                new Provenance("test", "prices", "1", last));
    }

    private static List<ListPrice> history(PriceRow... rows) {
        return history(PriceCatalog.of(List.of(rows)));
    }

    private static List<ListPrice> history(PriceCatalog catalog) {
        return catalog.offers().findFirst().orElseThrow().history().prices();
    }

    private static Instant day(String day) {
        return Instant.parse(day + "T00:00:00Z");
    }

    @Test
    void fallThatNobodySaw_countsFromTheDayAfterTheOldPriceWasLastSeen() {
        List<ListPrice> prices =
                history(seen("32.7726", "2023-09-18", "2025-04-28"), seen("21.957642", "2025-06-23", "2026-07-20"));

        assertThat(prices).extracting(ListPrice::effectiveFrom).containsExactly(day("2025-04-29"), day("2023-09-18"));
        assertThat(prices.get(0).window()).contains(new ChangeWindow(day("2025-04-29"), day("2025-06-23")));
        assertThat(prices.get(1).window()).isEmpty();
    }

    @Test
    void riseThatNobodySaw_countsFromTheDayTheNewPriceWasFirstSeen() {
        List<ListPrice> prices =
                history(seen("31.464", "2026-01-31", "2026-03-01"), seen("41.528", "2026-07-22", "2026-07-22"));

        assertThat(prices.get(0).effectiveFrom()).isEqualTo(day("2026-07-22"));
        assertThat(prices.get(0).window()).contains(new ChangeWindow(day("2026-03-02"), day("2026-07-22")));
    }

    @Test
    void changeFromOneDayToTheNext_isKnown() {
        List<ListPrice> prices =
                history(seen("98.32", "2023-09-18", "2025-06-04"), seen("55.04", "2025-06-05", "2026-07-20"));

        assertThat(prices.get(0).effectiveFrom()).isEqualTo(day("2025-06-05"));
        assertThat(prices.get(0).window()).isEmpty();
    }

    @Test
    void laterSightingOfTheOldPrice_narrowsTheWindow() {
        List<ListPrice> prices = history(
                seen("98.32", "2023-09-18", "2025-04-28"),
                seen("55.04", "2025-06-23", "2026-07-20"),
                seen("98.32", "2025-06-04", "2025-06-04"),
                seen("55.04", "2025-06-05", "2025-06-05"));

        assertThat(prices).hasSize(2);
        assertThat(prices.get(0).effectiveFrom()).isEqualTo(day("2025-06-05"));
        assertThat(prices.get(0).window()).isEmpty();
    }

    @Test
    void sourceThatTellsSinceWhen_isTakenAtItsWord() {
        PriceRow announced = new PriceRow(
                seen("1", "2026-01-01", "2026-01-01").spec(),
                Region.of("us-east-1"),
                PurchaseOption.ON_DEMAND,
                HourlyRate.usd("21.957642"),
                day("2025-06-01"),
                new Provenance("test", "prices", "1", LocalDate.of(2026, 7, 20)));

        List<ListPrice> prices = history(seen("32.7726", "2023-09-18", "2025-04-28"), announced);

        assertThat(prices.get(0).effectiveFrom()).isEqualTo(day("2025-06-01"));
        assertThat(prices.get(0).window()).isEmpty();
    }

    @Test
    void otherPriceWhileOneWasSeen_isAContradictionThatNamesBoth() {
        assertThatThrownBy(() -> history(
                        seen("32.7726", "2023-09-18", "2025-04-28"), seen("21.957642", "2024-06-23", "2024-06-23")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32.7726 USD/h from 2023-09-18")
                .hasMessageContaining("21.957642 USD/h from 2024-06-23");
    }

    @Test
    void undatedPrice_yieldsToADatedOne() {
        PriceRow dated = seen("32.7726", "2023-09-18", "2025-04-28");
        PriceRow undated = PriceRow.undated(
                dated.spec(),
                dated.region(),
                dated.purchaseOption(),
                HourlyRate.usd("30"),
                new Provenance("index", "vms.csv", "1", Optional.empty()));

        assertThat(history(dated, undated))
                .singleElement()
                .satisfies(price -> assertThat(price.rate()).isEqualTo(HourlyRate.usd("32.7726")));
        assertThat(history(undated)).singleElement().satisfies(price -> {
            assertThat(price.provenance().readOn()).isEmpty();
            assertThat(price.rate()).isEqualTo(HourlyRate.usd("30"));
        });
    }

    /** Seen on some days of a price that changes: never more than what was in effect, exact on the days it was seen. */
    @Test
    void anySightings_neverClaimMoreThanThePriceThatWasSeenBeforeOrAfter() {
        Law.holds(2_000, gen -> {
            List<PriceRow> sightings = sightings(gen);
            PriceCatalog catalog = PriceCatalog.of(gen.shuffled(sightings));
            PriceHistory history = catalog.offers().findFirst().orElseThrow().history();
            for (int i = 0; i < sightings.size(); i++) {
                PriceRow row = sightings.get(i);
                assertThat(history.at(row.effectiveFrom()).rate()).isEqualTo(row.rate());
                assertThat(history.at(row.seenUntil().orElseThrow().minusSeconds(1))
                                .rate())
                        .isEqualTo(row.rate());
                if (i > 0) {
                    PriceRow before = sightings.get(i - 1);
                    HourlyRate lower = before.rate().compareTo(row.rate()) < 0 ? before.rate() : row.rate();
                    for (Instant at = before.seenUntil().orElseThrow();
                            at.isBefore(row.effectiveFrom());
                            at = at.plusSeconds(86_400)) {
                        assertThat(history.at(at).rate()).isEqualTo(lower);
                    }
                }
            }
        });
    }

    @Test
    void rowsOfACatalog_makeTheSameCatalogAgain() {
        Law.holds(2_000, gen -> {
            PriceCatalog catalog = PriceCatalog.of(sightings(gen));

            PriceCatalog again = PriceCatalog.of(catalog.rows().toList());

            assertThat(again.version()).isEqualTo(catalog.version());
        });
    }

    private static List<PriceRow> sightings(Gen gen) {
        List<PriceRow> sightings = new ArrayList<>();
        LocalDate day = LocalDate.of(2025, 1, 1);
        for (int i = gen.between(1, 6); i > 0; i--) {
            LocalDate last = day.plusDays(gen.between(0, 4));
            sightings.add(seen(HourlyRate.usd(gen.pick("1", "2", "3")), day, last));
            day = last.plusDays(gen.between(1, 5));
        }
        return sightings;
    }
}
