package cloud.dumont.economy.pricing;

import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import java.util.Locale;
import java.util.Optional;

/**
 * Which SKUs are meant. What is left empty is not asked for.
 *
 * @param provider whose
 * @param instanceTypes names of instance types, in which {@code *} stands for anything, such as {@code p5.*}, in any case for Azure; empty for all
 * @param region where
 * @param purchaseOption under which terms
 */
public record OfferFilter(
        Optional<Provider> provider,
        Optional<String> instanceTypes,
        Optional<Region> region,
        Optional<PurchaseOption> purchaseOption) {

    /** Every SKU. */
    public static final OfferFilter ALL =
            new OfferFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * All SKUs of a provider.
     *
     * @param provider whose
     * @return the filter
     */
    public static OfferFilter of(Provider provider) {
        return new OfferFilter(Optional.of(provider), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * The same for some types only.
     *
     * @param names names of instance types, in which {@code *} stands for anything; case counts, but for Azure's
     * @return a copy
     */
    public OfferFilter withInstanceTypes(String names) {
        return new OfferFilter(provider, Optional.of(names), region, purchaseOption);
    }

    /**
     * The same for one region only.
     *
     * @param where the region
     * @return a copy
     */
    public OfferFilter withRegion(Region where) {
        return new OfferFilter(provider, instanceTypes, Optional.of(where), purchaseOption);
    }

    /**
     * The same under some terms only.
     *
     * @param option the terms
     * @return a copy
     */
    public OfferFilter withPurchaseOption(PurchaseOption option) {
        return new OfferFilter(provider, instanceTypes, region, Optional.of(option));
    }

    /**
     * Whether a SKU is meant.
     *
     * @param sku a SKU
     * @return true if nothing that is asked for differs
     */
    public boolean matches(Sku sku) {
        return provider.filter(asked -> !asked.equals(sku.provider())).isEmpty()
                && region.filter(asked -> !asked.equals(sku.region())).isEmpty()
                && purchaseOption.filter(asked -> asked != sku.purchaseOption()).isEmpty()
                && instanceTypes
                        .filter(names -> sku.provider().ignoresCaseOfTypes()
                                ? !matches(
                                        names.toLowerCase(Locale.ROOT),
                                        sku.instanceType().name().toLowerCase(Locale.ROOT))
                                : !matches(names, sku.instanceType().name()))
                        .isEmpty();
    }

    /** Piece by piece between the stars, each at the first place it fits: linear, whatever a request asks for. */
    private static boolean matches(String names, String name) {
        String[] pieces = names.split("\\*", -1);
        if (pieces.length == 1) {
            return names.equals(name);
        }
        String last = pieces[pieces.length - 1];
        int from = pieces[0].length();
        int to = name.length() - last.length();
        if (!name.startsWith(pieces[0]) || !name.endsWith(last)) {
            return false;
        }
        for (int i = 1; i < pieces.length - 1; i++) {
            int found = name.indexOf(pieces[i], from);
            if (found < 0) {
                return false;
            }
            from = found + pieces[i].length();
        }
        return from <= to;
    }
}
