package cloud.dumont.economy.pricing;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import java.time.Instant;

/**
 * One fact as a source tells it: this machine, there, under these terms, cost so much from then on.
 *
 * @param spec the machine
 * @param region where it is sold
 * @param purchaseOption under which terms
 * @param rate price of the whole instance
 * @param effectiveFrom since when, as far as the source tells
 * @param provenance where it was read and when
 */
public record PriceRow(
        InstanceSpec spec,
        Region region,
        PurchaseOption purchaseOption,
        HourlyRate rate,
        Instant effectiveFrom,
        Provenance provenance) {

    /**
     * What the row prices.
     *
     * @return the SKU
     */
    public Sku sku() {
        return new Sku(spec.provider(), region, spec.instanceType(), purchaseOption);
    }
}
