package cloud.dumont.economy.pricing.source;

import static cloud.dumont.economy.testing.Prices.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuMemory;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.pricing.CatalogFormatException;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PriceSourceTest {

    @TempDir
    Path folder;

    @Test
    void bundled_everyPrice_isAboveZeroAndSaysWhereAndWhenItWasRead() {
        PriceCatalog catalog = PriceSource.bundled().load();

        assertThat(catalog.size()).isGreaterThan(5_000);
        catalog.offers().flatMap(offer -> offer.history().prices().stream()).forEach(price -> {
            assertThat(price.rate().nanoUsdPerHour()).as("%s", price).isPositive();
            assertThat(price.provenance().source()).as("%s", price).isNotBlank();
            assertThat(price.provenance().path()).as("%s", price).isNotBlank();
            assertThat(price.provenance().readOn())
                    .as("%s", price)
                    .hasValueSatisfying(
                            day -> assertThat(day).isBetween(LocalDate.of(2020, 1, 1), LocalDate.of(2026, 11, 23)));
        });
    }

    @Test
    void bundled_everyHistory_hasNoGapAndNoPriceTwice() {
        PriceSource.bundled().load().offers().forEach(offer -> {
            List<ListPrice> prices = offer.history().prices();
            assertThat(prices.get(0).effectiveUntil()).isEmpty();
            for (int i = 1; i < prices.size(); i++) {
                assertThat(prices.get(i).effectiveUntil())
                        .contains(prices.get(i - 1).effectiveFrom());
                assertThat(prices.get(i).rate())
                        .as("%s", prices.get(i))
                        .isNotEqualTo(prices.get(i - 1).rate());
            }
        });
    }

    @Test
    void bundled_everyGpu_isAModelThatTheLibraryKnows() {
        PriceSource.bundled()
                .load()
                .offers()
                .forEach(offer -> offer.spec()
                        .gpuModel()
                        .ifPresent(
                                model -> assertThat(meaning(model, offer.spec().gpuMemoryGib()))
                                        .as(model)
                                        .isPresent()));
    }

    /** A price list may be older than the models: what was one then is told apart by the memory now. */
    private static Optional<GpuModel> meaning(String name, Optional<BigDecimal> memoryGib) {
        GpuCatalog gpus = GpuCatalog.bundled();
        return gpus.model(name)
                .or(() -> memoryGib.flatMap(
                        gib -> gpus.resolve(name, GpuMemory.ofGib(gib)).model()));
    }

    @Test
    void bundled_theThreeClouds_areThere() {
        PriceCatalog catalog = PriceSource.bundled().load();

        assertThat(catalog.providers()).contains(Provider.AWS, Provider.GCP, Provider.AZURE);
        for (Provider provider : List.of(Provider.AWS, Provider.GCP, Provider.AZURE)) {
            assertThat(catalog.regions(provider))
                    .contains(catalog.referenceRegion(provider).orElseThrow());
        }
    }

    @Test
    void bundled_loadedTwice_isTheSame() {
        assertThat(PriceSource.bundled().load().version())
                .isEqualTo(PriceSource.bundled().load().version());
    }

    @Test
    void file_eachLoad_readsItAnew() {
        Path file = folder.resolve("prices.catalog");
        PriceSource source = PriceSource.file(file);
        PriceCatalog first = PriceCatalog.of(List.of(row(Provider.AWS, "us-east-1", "a", "T4", "1", "1")));
        PriceCatalog second = PriceCatalog.of(List.of(row(Provider.AWS, "us-east-1", "a", "T4", "1", "2")));

        first.write(file);
        assertThat(source.load().version()).isEqualTo(first.version());
        second.write(file);
        assertThat(source.load().version()).isEqualTo(second.version());
    }

    @Test
    void file_missingOrDamaged_isAnErrorThatNamesIt() throws Exception {
        Path file = folder.resolve("prices.catalog");

        assertThatThrownBy(() -> PriceSource.file(file).load())
                .isInstanceOf(CatalogFormatException.class)
                .hasMessageContaining(file.toString());
        Files.writeString(file, "provider,region");
        assertThatThrownBy(() -> PriceSource.file(file).load())
                .isInstanceOf(CatalogFormatException.class)
                .hasMessageContaining(file.toString());
    }
}
