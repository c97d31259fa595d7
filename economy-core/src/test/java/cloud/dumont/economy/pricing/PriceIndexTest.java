package cloud.dumont.economy.pricing;

import static cloud.dumont.economy.testing.Prices.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.testing.Prices;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** By index a catalog says what it says by name, and what the rows said that it was made of. */
class PriceIndexTest {

    private static final List<String> PROVIDERS = List.of("AWS", "GCP", "AZURE", "ÜNÏ", "CLOUD-9");
    private static final List<String> REGIONS = List.of("us-east-1", "eastus", "global", "îledefrance", "r0", "r1");
    private static final List<String> TYPES = List.of("a", "A", "p5.48xlarge", "Standard_NV6", "名前", "b", "c", "d");

    /** What was put in: per SKU the rate from each second on. */
    private static Map<Sku, NavigableMap<Long, Long>> anyPrices(Gen gen) {
        Map<Sku, NavigableMap<Long, Long>> prices = new HashMap<>();
        for (int skus = gen.between(0, 60); skus > 0; skus--) {
            NavigableMap<Long, Long> history = new TreeMap<>();
            for (int periods = gen.oneIn(3) ? gen.between(1, 40) : 1; periods > 0; periods--) {
                history.put(
                        gen.pick(gen.between(-5L, 50L), gen.between(-1_000L, 3_000_000_000L)),
                        gen.between(1L, gen.pick(3L, 1_000_000_000_000L, Long.MAX_VALUE - 1)));
            }
            prices.put(anySku(gen), history);
        }
        return prices;
    }

    private static Sku anySku(Gen gen) {
        Provider provider = Provider.of(gen.pick(PROVIDERS));
        String type = gen.pick(TYPES);
        return new Sku(
                provider,
                Region.of(gen.pick(REGIONS)),
                InstanceType.of(provider.equals(Provider.AZURE) && type.equals("A") ? "a" : type), // one type there
                gen.pick(PurchaseOption.values()));
    }

    private static PriceCatalog catalog(Gen gen, Map<Sku, NavigableMap<Long, Long>> prices) {
        List<PriceRow> rows = new ArrayList<>();
        prices.forEach((sku, history) -> history.forEach((from, rate) -> rows.add(new PriceRow(
                Prices.spec(sku.provider(), sku.instanceType().name(), "T4", "1"),
                sku.region(),
                sku.purchaseOption(),
                HourlyRate.ofNanoUsd(rate),
                Instant.ofEpochSecond(from),
                new Provenance(gen.pick("x", "y", "z"), "", "", LocalDate.ofEpochDay(gen.between(-10L, 40_000L)))))));
        return PriceCatalog.of(gen.shuffled(rows));
    }

    private static Set<Long> momentsAround(Gen gen, NavigableMap<Long, Long> history) {
        Set<Long> moments = new HashSet<>(List.of(Long.MIN_VALUE, 0L, Long.MAX_VALUE, gen.anyLong()));
        for (long from : history.keySet()) {
            moments.addAll(List.of(from - 1, from, from + 1, from + gen.between(0L, 1_000_000L)));
        }
        return moments;
    }

    private static long rateAt(NavigableMap<Long, Long> history, long second) {
        Map.Entry<Long, Long> then = history.floorEntry(second);
        return Objects.requireNonNullElseGet(then, history::firstEntry).getValue();
    }

    @Test
    void nanoUsdPerHourAt_anyMoment_isWhatTheRowsSay() {
        Law.holds(400, gen -> {
            Map<Sku, NavigableMap<Long, Long>> prices = anyPrices(gen);
            PriceCatalog catalog = catalog(gen, prices);
            prices.forEach((sku, history) -> {
                int index = catalog.indexOf(sku);
                assertThat(catalog.nanoUsdPerHour(index))
                        .isEqualTo(history.lastEntry().getValue());
                for (long second : momentsAround(gen, history)) {
                    assertThat(catalog.nanoUsdPerHourAt(index, second))
                            .as("%s at %s of %s", sku, second, history)
                            .isEqualTo(rateAt(history, second));
                }
            });
        });
    }

    @Test
    void nanoUsdPerHourAt_anyMoment_agreesWithTheHistory() {
        Law.holds(200, gen -> {
            Map<Sku, NavigableMap<Long, Long>> prices = anyPrices(gen);
            PriceCatalog catalog = catalog(gen, prices);
            catalog.offers().map(Offer::history).forEach(history -> {
                int index = catalog.indexOf(history.sku());
                assertThat(catalog.nanoUsdPerHour(index))
                        .isEqualTo(history.latest().rate().nanoUsdPerHour());
                for (ListPrice price : history.prices()) {
                    for (long step : new long[] {-1, 0, 1, gen.between(0L, 10_000_000L)}) {
                        Instant at = price.effectiveFrom().plusSeconds(step);
                        assertThat(catalog.nanoUsdPerHourAt(index, at.getEpochSecond()))
                                .as("%s at %s", history, at)
                                .isEqualTo(history.at(at).rate().nanoUsdPerHour());
                    }
                }
            });
        });
    }

    @Test
    void indexOf_everySku_isItsOwnAndLeadsBack() {
        Law.holds(300, gen -> {
            Map<Sku, NavigableMap<Long, Long>> prices = anyPrices(gen);
            PriceCatalog catalog = catalog(gen, prices);
            Set<Integer> indices = new HashSet<>();
            for (Sku sku : prices.keySet()) {
                int index = catalog.indexOf(sku);
                assertThat(indices.add(index))
                        .as("%s has an index of its own", sku)
                        .isTrue();
                assertThat(catalog.sku(index)).isEqualTo(sku);
                assertThat(indexByAnyWriting(gen, catalog, sku)).as("%s", sku).isEqualTo(index);
            }
            assertThat(indices).hasSize(catalog.size()).allMatch(index -> index >= 0 && index < catalog.size());
        });
    }

    @Test
    void indexOf_anySkuWithoutPrice_isNone() {
        Law.holds(300, gen -> {
            Map<Sku, NavigableMap<Long, Long>> prices = anyPrices(gen);
            PriceCatalog catalog = catalog(gen, prices);
            for (int i = 0; i < 50; i++) {
                Sku sku = anySku(gen);
                if (!prices.containsKey(sku)) {
                    assertThat(catalog.indexOf(sku)).as("%s", sku).isEqualTo(-1);
                    assertThat(indexByAnyWriting(gen, catalog, sku))
                            .as("%s", sku)
                            .isEqualTo(-1);
                    assertThat(catalog.history(sku)).isEmpty();
                }
            }
        });
    }

    /** Not the catalog's own strings, and often in other letter case or with blanks around. */
    private static int indexByAnyWriting(Gen gen, PriceCatalog catalog, Sku sku) {
        return catalog.indexOf(
                anyWriting(gen, sku.provider().id()),
                anyWriting(gen, sku.region().id()),
                blanks(gen) + sku.instanceType().name() + blanks(gen),
                sku.purchaseOption());
    }

    private static String anyWriting(Gen gen, String name) {
        String cased = switch (gen.between(0, 3)) {
            case 0 -> name.toLowerCase(Locale.ROOT);
            case 1 -> name.toUpperCase(Locale.ROOT);
            case 2 ->
                name.substring(0, 1).toUpperCase(Locale.ROOT)
                        + name.substring(1).toLowerCase(Locale.ROOT);
            default -> name;
        };
        return blanks(gen) + cased + blanks(gen);
    }

    private static String blanks(Gen gen) {
        return gen.pick("", "", " ", "\t ");
    }

    private final PriceCatalog small = PriceCatalog.of(List.of(
            row(Provider.AWS, "us-east-1", "g4dn.xlarge", "T4", "1", "0.526"),
            row(Provider.GCP, "us-east1", "g2-standard-4", "L4", "1", "0.7")));

    @Test
    void indexOf_unknownOrBlankNames_isNone() {
        assertThat(small.indexOf("AWS", "us-east-1", "g4dn.xlarge", PurchaseOption.ON_DEMAND))
                .isNotNegative();
        for (String name : List.of("", " ", "nobody", "GCP", "us-east1", "g2-standard-4", "G4DN.XLARGE")) {
            assertThat(small.indexOf(name, "us-east-1", "g4dn.xlarge", PurchaseOption.ON_DEMAND))
                    .isEqualTo(-1);
            assertThat(small.indexOf("AWS", name, "g4dn.xlarge", PurchaseOption.ON_DEMAND))
                    .isEqualTo(-1);
            assertThat(small.indexOf("AWS", "us-east-1", name, PurchaseOption.ON_DEMAND))
                    .isEqualTo(-1);
        }
        assertThat(small.indexOf("AWS", "us-east-1", "g4dn.xlarge", PurchaseOption.SPOT))
                .isEqualTo(-1);
        assertThat(PriceCatalog.of(List.of()).indexOf("AWS", "us-east-1", "g4dn.xlarge", PurchaseOption.ON_DEMAND))
                .isEqualTo(-1);
    }

    @Test
    @SuppressWarnings("NullAway") // what a caller without null checks may do
    void indexOf_noOption_isRefusedByName() {
        assertThatNullPointerException()
                .isThrownBy(() -> small.indexOf("AWS", "us-east-1", "g4dn.xlarge", null))
                .withMessage("purchaseOption");
    }

    @Test
    void anyPriceByIndex_outsideTheCatalog_isRefusedAndNamed() {
        for (int bad : new int[] {-1, 2, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> small.nanoUsdPerHour(bad))
                    .withMessageContaining(Integer.toString(bad));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> small.nanoUsdPerHourAt(bad, 0))
                    .withMessageContaining(Integer.toString(bad));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> small.sku(bad))
                    .withMessageContaining(Integer.toString(bad));
        }
    }

    @Test
    void nanoUsdPerHourAt_thousandsOfPeriods_isTheOneInEffect() {
        NavigableMap<Long, Long> history = new TreeMap<>();
        for (long period = 0; period < 5_000; period++) {
            history.put(period * 60, 1_000 + period);
        }
        Sku sku = new Sku(Provider.AWS, Region.of("x"), InstanceType.of("t"), PurchaseOption.SPOT);
        Law.holds(1, gen -> {
            PriceCatalog catalog = catalog(gen, Map.of(sku, history));
            for (long second = -61; second < 5_000 * 60 + 61; second += 17) {
                assertThat(catalog.nanoUsdPerHourAt(0, second)).isEqualTo(rateAt(history, second));
            }
        });
    }
}
