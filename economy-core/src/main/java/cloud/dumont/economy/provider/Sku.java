package cloud.dumont.economy.provider;

/**
 * What is priced: one instance type of one provider in one region under one purchase option.
 *
 * @param provider who sells it
 * @param region where
 * @param instanceType what
 * @param purchaseOption under which terms
 */
public record Sku(Provider provider, Region region, InstanceType instanceType, PurchaseOption purchaseOption) {

    @Override
    public String toString() {
        return provider + " " + region + " " + instanceType + " " + purchaseOption;
    }
}
