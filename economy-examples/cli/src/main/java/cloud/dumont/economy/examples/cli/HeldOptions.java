package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.pricing.source.HeldPrice;
import cloud.dumont.economy.pricing.source.KeptPrices;
import cloud.dumont.economy.pricing.source.PriceStore;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Selects held prices to accept or reject. */
final class HeldOptions {

    @Option(names = "--all", description = "All of them.")
    private boolean all;

    @Option(names = "--provider", paramLabel = "P", description = "Those of a provider.")
    private @Nullable Provider provider;

    @Option(names = "--type", paramLabel = "T", description = "Those of an instance type.")
    private @Nullable String type;

    @Option(names = "--region", paramLabel = "R", description = "Those in a region.")
    private @Nullable Region region;

    @Option(names = "--option", paramLabel = "O", description = "Those under terms: ${COMPLETION-CANDIDATES}.")
    private @Nullable PurchaseOption option;

    /**
     * Says somebody's word about those that are chosen.
     *
     * @param done what has become of them, in one word
     * @param word makes of what is kept what is kept then
     * @throws NotFoundException if some are chosen, but none is held
     */
    Map<String, Object> say(
            PriceStore prices, String done, BiFunction<KeptPrices, Predicate<HeldPrice>, KeptPrices> word) {
        List<HeldPrice> held = prices.held();
        List<HeldPrice> chosen =
                isGiven() ? held.stream().filter(this::isChosen).toList() : List.of();
        if (isGiven() && chosen.isEmpty()) {
            throw new NotFoundException("no such price is held; held are "
                    + held.stream().map(price -> price.row().sku().toString()).toList());
        }
        // Those that were looked at, and no other that has come meanwhile.
        Predicate<HeldPrice> which = price -> chosen.stream().anyMatch(one -> one.isSameAs(price.row()));
        List<HeldPrice> left = chosen.isEmpty()
                ? held
                : prices.update(kept -> word.apply(kept, which)).held();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(done, CatalogRefreshCommand.held(chosen));
        answer.put("quarantined", CatalogRefreshCommand.held(left));
        return answer;
    }

    private boolean isGiven() {
        return all || provider != null || type != null || region != null || option != null;
    }

    private boolean isChosen(HeldPrice price) {
        return (provider == null || provider.equals(price.row().spec().provider()))
                && (type == null
                        || InstanceType.of(type).equals(price.row().spec().instanceType()))
                && (region == null || region.equals(price.row().region()))
                && (option == null || option == price.row().purchaseOption());
    }
}
