package cloud.dumont.economy.pricing;

import static cloud.dumont.economy.testing.Prices.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.provider.Provider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Look-ups rely on the order of a catalog's rows, so a file in another order is refused, sound as its checksums may be. */
class CatalogOrderTest {

    private static final CatalogTables GOOD = compiled();

    private static CatalogTables compiled() {
        CatalogCompiler compiler = new CatalogCompiler(ProviderRules.bundled());
        for (String name : List.of("a", "b")) {
            compiler.add(row(Provider.AWS, name, name, "T4", "1", "1"));
            compiler.add(row(Provider.GCP, name, name, "T4", "1", "1"));
        }
        return compiler.compile();
    }

    private static <T> List<T> swapped(List<T> rows, int one, int other) {
        List<T> result = new ArrayList<>(rows);
        Collections.swap(result, one, other);
        return result;
    }

    private static void assertRefused(CatalogTables tables, String section, String what) {
        byte[] file = CatalogCodec.encode(tables);
        assertThatThrownBy(() -> PriceCatalog.read(file, "odd.catalog"))
                .isInstanceOf(CatalogFormatException.class)
                .hasMessageStartingWith("odd.catalog: section " + section + ": row ")
                .hasMessageContaining(what);
    }

    private static CatalogTables with(List<CatalogTables.RegionRow> regions, List<CatalogTables.TypeRow> types) {
        return new CatalogTables(GOOD.sources(), GOOD.providers(), regions, types, GOOD.skus(), GOOD.prices());
    }

    private static CatalogTables with(SkuColumns skus) {
        return new CatalogTables(GOOD.sources(), GOOD.providers(), GOOD.regions(), GOOD.types(), skus, GOOD.prices());
    }

    @Test
    void read_rowsInOrder_areTaken() {
        assertThat(PriceCatalog.read(CatalogCodec.encode(GOOD), "good.catalog").size())
                .isEqualTo(4);
    }

    @Test
    void read_namesOfOneProviderOutOfOrder_areRefused() {
        assertRefused(with(swapped(GOOD.regions(), 0, 1), GOOD.types()), "REGIONS", "a is not in order after b");
        assertRefused(with(GOOD.regions(), swapped(GOOD.types(), 2, 3)), "TYPES", "a is not in order after b");
    }

    @Test
    void read_rowsOfProvidersMixed_areRefused() {
        assertRefused(with(swapped(GOOD.regions(), 1, 2), GOOD.types()), "REGIONS", "is not in order");
        assertRefused(with(GOOD.regions(), swapped(GOOD.types(), 1, 2)), "TYPES", "is not in order");
    }

    @Test
    void read_oneNameTwice_isRefused() {
        CatalogTables.RegionRow first = GOOD.regions().get(0);
        List<CatalogTables.RegionRow> twice =
                List.of(first, first, GOOD.regions().get(2), GOOD.regions().get(3));

        assertRefused(with(twice, GOOD.types()), "REGIONS", "a is not in order after a");
    }

    @Test
    void read_skuOfTwoProviders_isRefused() {
        assertRefused(
                with(new SkuColumns(4, new int[] {0, 1, 2, 3}, new int[] {0, 2, 2, 3}, new int[4])),
                "SKUS",
                "type 1 and region 2 are of two providers");
    }

    @Test
    void read_skuTwice_isRefused() {
        assertRefused(
                with(new SkuColumns(4, new int[] {0, 0, 2, 3}, new int[] {0, 0, 2, 3}, new int[4])),
                "SKUS",
                "row 1 is not in order");
    }
}
