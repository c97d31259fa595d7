package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.Offer;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Whether the first price of a SKU can be one, by its peers: the same type elsewhere, the same GPU at that seller, the same GPU anywhere, all
 * GPUs. The first of these that has enough prices decides. Distances are twice what the prices that come with the library show: those of one type
 * differ between regions by up to 2.1 (spot: 6.4), those of one GPU at one seller by up to 2.7 from the others.
 *
 * <p>A machine that is another one with Windows is told by the uplift.
 */
final class FirstPrices {

    /** Fewer prices than these are no market. */
    private static final int FEWEST = 3;

    private static final BigDecimal ELSEWHERE = BigDecimal.valueOf(4);
    private static final BigDecimal ELSEWHERE_SPOT = BigDecimal.valueOf(8);
    private static final BigDecimal SAME_SELLER = BigDecimal.valueOf(4);
    private static final BigDecimal SAME_SELLER_SPOT = BigDecimal.valueOf(8);
    private static final BigDecimal MARKET = BigDecimal.TEN;

    /** Spot prices lie up to 18 times below the middle of all others. */
    private static final BigDecimal MARKET_SPOT = BigDecimal.valueOf(30);

    private static final BigDecimal ANY_GPU = BigDecimal.valueOf(4);

    private record TypeKey(Provider provider, InstanceType type, PurchaseOption option) {}

    private record SellerKey(Provider provider, String gpu, PurchaseOption option) {}

    private record PlaceKey(Provider provider, Region region, String gpu, PurchaseOption option) {}

    private record Machine(InstanceSpec spec, long nanoUsdPerHour) {}

    /** Prices of a type by region, so that a SKU is not its own peer. */
    private final Map<TypeKey, Map<Region, Long>> byType = new HashMap<>();

    private final Map<SellerKey, List<BigDecimal>> bySeller = new HashMap<>();
    private final Map<String, List<BigDecimal>> byGpu = new HashMap<>();
    private final Map<PlaceKey, List<Machine>> byPlace = new HashMap<>();
    private BigDecimal least = BigDecimal.ZERO;
    private BigDecimal greatest = BigDecimal.ZERO;

    /** Peers from what is known; where two catalogs know a SKU, the first counts. */
    FirstPrices(Stream<PriceCatalog> known) {
        known.forEach(catalog -> catalog.offers()
                .filter(offer -> offer.spec().composition().isEmpty())
                .forEach(this::add));
    }

    private void add(Offer offer) {
        HourlyRate rate = offer.history().latest().rate();
        InstanceSpec spec = offer.spec();
        PurchaseOption option = offer.sku().purchaseOption();
        Region region = offer.sku().region();
        if (byType.computeIfAbsent(new TypeKey(spec.provider(), spec.instanceType(), option), key -> new TreeMap<>())
                        .putIfAbsent(region, rate.nanoUsdPerHour())
                != null) {
            return;
        }
        spec.gpuModel().ifPresent(gpu -> {
            byPlace.computeIfAbsent(new PlaceKey(spec.provider(), region, gpu, option), key -> new ArrayList<>())
                    .add(new Machine(spec, rate.nanoUsdPerHour()));
            perGpu(spec, rate).ifPresent(price -> {
                bySeller.computeIfAbsent(new SellerKey(spec.provider(), gpu, option), key -> new ArrayList<>())
                        .add(price);
                if (option != PurchaseOption.SPOT) {
                    byGpu.computeIfAbsent(gpu, key -> new ArrayList<>()).add(price);
                }
                least = least.signum() == 0 ? price : least.min(price);
                greatest = greatest.max(price);
            });
        });
    }

    private static Optional<BigDecimal> perGpu(InstanceSpec spec, HourlyRate rate) {
        return spec.gpuModel().flatMap(gpu -> spec.gpuCount()).map(gpus -> ofOne(gpus, rate));
    }

    private static BigDecimal ofOne(GpuCount gpus, HourlyRate rate) {
        return rate.toUsd()
                .multiply(BigDecimal.valueOf(gpus.denominator()))
                .divide(BigDecimal.valueOf(gpus.numerator()), MathContext.DECIMAL64);
    }

    /**
     * Why it is not to be believed; empty where it may be true, and where nothing is known to compare it with.
     *
     * @param onDemand what the machine costs there on demand, where that is known
     */
    Optional<String> absurd(PriceRow row, InstanceSpec spec, Optional<HourlyRate> onDemand) {
        return withWindows(row, spec, onDemand).or(() -> farFromPeers(row, spec));
    }

    private Optional<String> withWindows(PriceRow row, InstanceSpec spec, Optional<HourlyRate> onDemand) {
        if (row.purchaseOption() == PurchaseOption.SPOT) {
            return onDemand.filter(rate -> spec.provider().equals(Provider.AZURE)
                            && WindowsMeter.isUsualSpot(row.rate().nanoUsdPerHour(), rate, spec.vcpus()))
                    .map(rate -> row.rate() + " is the usual spot share, 0.1848, of " + rate
                            + " and 0.046 USD/h a vCPU: it looks like the price with Windows");
        }
        if (spec.gpuModel().isEmpty()) {
            return Optional.empty();
        }
        PlaceKey place =
                new PlaceKey(spec.provider(), row.region(), spec.gpuModel().get(), row.purchaseOption());
        return byPlace.getOrDefault(place, List.of()).stream()
                .filter(machine -> machine.spec().vcpus().equals(spec.vcpus())
                        && machine.spec().gpuCount().equals(spec.gpuCount())
                        && machine.spec().memoryGib().equals(spec.memoryGib())
                        && WindowsMeter.isUplift(row.rate().nanoUsdPerHour(), machine.nanoUsdPerHour(), spec.vcpus()))
                .findFirst()
                .map(machine ->
                        row.rate() + " is the price of " + machine.spec().instanceType()
                                + ", the same hardware, and 0.046 USD/h a vCPU: it looks like the price with Windows");
    }

    private Optional<String> farFromPeers(PriceRow row, InstanceSpec spec) {
        boolean isSpot = row.purchaseOption() == PurchaseOption.SPOT;
        List<Long> elsewhere = byType
                .getOrDefault(new TypeKey(spec.provider(), spec.instanceType(), row.purchaseOption()), Map.of())
                .entrySet()
                .stream()
                .filter(price -> !price.getKey().equals(row.region()))
                .map(Map.Entry::getValue)
                .sorted()
                .toList();
        if (!elsewhere.isEmpty()) {
            BigDecimal middle = BigDecimal.valueOf(elsewhere.get(elsewhere.size() / 2), 9);
            return outside(
                    row.rate().toUsd(),
                    middle,
                    middle,
                    isSpot ? ELSEWHERE_SPOT : ELSEWHERE,
                    "of what the same type costs in other regions");
        }
        Optional<BigDecimal> price = perGpu(spec, row.rate());
        return price.flatMap(one -> farFromGpus(one, row, spec, isSpot));
    }

    private Optional<String> farFromGpus(BigDecimal one, PriceRow row, InstanceSpec spec, boolean isSpot) {
        String gpu = spec.gpuModel().orElseThrow();
        List<BigDecimal> seller =
                bySeller.getOrDefault(new SellerKey(spec.provider(), gpu, row.purchaseOption()), List.of());
        if (!seller.isEmpty()) {
            return outside(
                    one,
                    seller.stream().reduce(BigDecimal::min).orElseThrow(),
                    seller.stream().reduce(BigDecimal::max).orElseThrow(),
                    isSpot ? SAME_SELLER_SPOT : SAME_SELLER,
                    "of what " + spec.provider() + " takes for one " + gpu);
        }
        List<BigDecimal> market =
                byGpu.getOrDefault(gpu, List.of()).stream().sorted().toList();
        if (market.size() >= FEWEST) {
            BigDecimal middle = market.get(market.size() / 2);
            return outside(
                    one,
                    middle,
                    middle,
                    isSpot ? MARKET_SPOT : MARKET,
                    "of what one " + gpu + " costs in the middle of the market");
        }
        return least.signum() == 0 ? Optional.empty() : outside(one, least, greatest, ANY_GPU, "of what any GPU costs");
    }

    private static Optional<String> outside(
            BigDecimal price, BigDecimal least, BigDecimal greatest, BigDecimal times, String ofWhat) {
        if (price.multiply(times).compareTo(least) < 0) {
            return Optional.of(words(price) + " is less than 1/" + times + " " + ofWhat + ", " + words(least));
        }
        return price.compareTo(greatest.multiply(times)) > 0
                ? Optional.of(words(price) + " is more than " + times + " times " + ofWhat.substring("of ".length())
                        + ", " + words(greatest))
                : Optional.empty();
    }

    private static String words(BigDecimal usd) {
        return usd.round(new MathContext(6)).stripTrailingZeros().toPlainString() + " USD/h";
    }
}
