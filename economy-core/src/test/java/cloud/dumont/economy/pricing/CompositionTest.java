package cloud.dumont.economy.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import cloud.dumont.economy.testing.Prices;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Machines that Google Cloud sells in two parts. */
class CompositionTest {

    private static final Region HERE = Region.of("us-central1");

    private static PriceRow machine(String type, int vcpus, String gib, String usd, String day) {
        return row(
                new InstanceSpec(
                        Provider.GCP,
                        InstanceType.of(type),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(vcpus),
                        Optional.of(new BigDecimal(gib))),
                HERE,
                PurchaseOption.ON_DEMAND,
                usd,
                day,
                "machines");
    }

    private static PriceRow part(
            String type, String gpu, Region region, PurchaseOption option, String usd, String day) {
        return row(Prices.spec(Provider.GCP, type, gpu, "1"), region, option, usd, day, "parts");
    }

    private static PriceRow t4(String usd, String day) {
        return part("nvidia-tesla-t4", "T4", HERE, PurchaseOption.ON_DEMAND, usd, day);
    }

    private static PriceRow row(
            InstanceSpec spec, Region region, PurchaseOption option, String usd, String day, String source) {
        LocalDate on = LocalDate.parse(day);
        return PriceRow.seen(
                spec, region, option, HourlyRate.usd(usd), on, on, new Provenance(source, source + ".csv", "", on));
    }

    private static Optional<PriceHistory> history(PriceCatalog catalog, String type) {
        return catalog.history(new Sku(Provider.GCP, HERE, InstanceType.of(type), PurchaseOption.ON_DEMAND));
    }

    @Test
    void machineAndGpus_areSoldTogetherAtTheSum() {
        PriceCatalog catalog = PriceCatalog.of(
                List.of(machine("n1-standard-4", 4, "15", "0.19", "2026-07-30"), t4("0.35", "2025-06-16")));

        ListPrice two = history(catalog, "n1-standard-4 + 2 x nvidia-tesla-t4")
                .orElseThrow()
                .latest();
        InstanceSpec spec = catalog.spec(Provider.GCP, two.sku().instanceType()).orElseThrow();

        assertThat(two.rate()).isEqualTo(HourlyRate.usd("0.89"));
        assertThat(two.effectiveFrom()).isEqualTo(Instant.parse("2026-07-30T00:00:00Z"));
        assertThat(two.provenance())
                .isEqualTo(
                        new Provenance("machines + parts", "machines.csv + parts.csv", "", LocalDate.of(2025, 6, 16)));
        assertThat(spec.composition())
                .contains(new Composition(InstanceType.of("n1-standard-4"), InstanceType.of("nvidia-tesla-t4"), 2));
        assertThat(spec.gpuModel()).contains("T4");
        assertThat(spec.gpuCount()).contains(GpuCount.of(2));
        assertThat(spec.vcpus()).contains(4);
    }

    @Test
    void everyChangeOfEitherPart_isAChangeOfTheSum() {
        PriceCatalog catalog = PriceCatalog.of(List.of(
                machine("n1-standard-4", 4, "15", "0.20", "2026-01-01"),
                machine("n1-standard-4", 4, "15", "0.19", "2026-01-02"),
                t4("0.35", "2026-01-01"),
                t4("0.40", "2026-01-03")));

        assertThat(history(catalog, "n1-standard-4 + 1 x nvidia-tesla-t4")
                        .orElseThrow()
                        .prices())
                .extracting(price -> price.rate().toUsd().toPlainString())
                .containsExactly("0.590000000", "0.540000000", "0.550000000");
    }

    @Test
    void machineThatIsTooBigForTheGpu_isNotSoldWithIt() {
        PriceCatalog catalog = PriceCatalog.of(
                List.of(machine("n1-standard-64", 64, "240", "3.04", "2026-07-30"), t4("0.35", "2025-06-16")));

        assertThat(history(catalog, "n1-standard-64 + 1 x nvidia-tesla-t4")).isEmpty();
        assertThat(history(catalog, "n1-standard-64 + 4 x nvidia-tesla-t4")).isPresent();
    }

    @Test
    void gpuThatIsListedWhereItIsNotSold_isLeftOut() {
        Region elsewhere = Region.of("europe-west9");
        PriceRow machine = machine("n1-standard-4", 4, "15", "0.2", "2026-07-30");
        PriceCatalog catalog = PriceCatalog.of(List.of(
                new PriceRow(
                        machine.spec(),
                        elsewhere,
                        machine.purchaseOption(),
                        machine.rate(),
                        machine.effectiveFrom(),
                        machine.provenance()),
                part("nvidia-tesla-t4", "T4", elsewhere, PurchaseOption.ON_DEMAND, "0.35", "2025-06-16")));

        assertThat(catalog.offers())
                .extracting(offer -> offer.sku().instanceType().name())
                .containsExactly("n1-standard-4");
    }

    @Test
    void partUnderOtherTerms_composesNothing() {
        PriceCatalog catalog = PriceCatalog.of(List.of(
                machine("n1-standard-4", 4, "15", "0.2", "2026-07-30"),
                part("nvidia-tesla-t4", "T4", HERE, PurchaseOption.SPOT, "0.1", "2025-06-16")));

        assertThat(catalog.size()).isEqualTo(2);
    }

    @Test
    void gpuAlone_isNoMachine() {
        PriceCatalog catalog = PriceCatalog.of(List.of(t4("0.35", "2025-06-16")));

        assertThat(catalog.offers().findFirst().orElseThrow().restriction())
                .hasValueSatisfying(closed -> assertThat(closed.scope()).isEqualTo(Offer.Scope.TYPE));
    }

    @Test
    void sustainedUse_isDataOfN1OnDemand() {
        PriceCatalog catalog = PriceCatalog.of(List.of(
                machine("n1-standard-4", 4, "15", "0.2", "2026-07-30"),
                t4("0.35", "2025-06-16"),
                Prices.row(Provider.GCP, "us-central1", "g2-standard-4", "L4", "1", "0.7")));

        assertThat(catalog.offers(Provider.GCP)
                        .filter(offer -> offer.sustainedUse().isPresent())
                        .map(offer -> offer.sku().instanceType().name()))
                .allMatch(type -> type.startsWith("n1-"))
                .hasSize(4);
        assertThat(catalog.offers(Provider.GCP)
                        .flatMap(offer -> offer.sustainedUse().stream())
                        .findFirst()
                        .orElseThrow()
                        .fullMonthPercent())
                .isEqualByComparingTo("30");
    }

    @Test
    void composedCatalog_readsBackAsItWasAndIsNoFactOfItsOwn() {
        PriceCatalog catalog = PriceCatalog.of(
                List.of(machine("n1-standard-4", 4, "15", "0.19", "2026-07-30"), t4("0.35", "2025-06-16")));

        assertThat(catalog.rows()).hasSize(2);
        assertThat(PriceCatalog.of(catalog.rows().toList()).version()).isEqualTo(catalog.version());
    }
}
