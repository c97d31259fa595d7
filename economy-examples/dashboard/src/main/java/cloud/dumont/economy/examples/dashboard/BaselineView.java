package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.provider.Region;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What 'would have been paid' means in an answer.
 *
 * @param region where it is compared; null where the catalog has no reference region of the provider
 * @param discountPercent what the question itself takes off the list price
 */
record BaselineView(
        String option, @Nullable String region, String sizing, BigDecimal discountPercent, String hostMatch) {

    static BaselineView of(Baseline baseline, Optional<Region> referenceRegion) {
        return new BaselineView(
                baseline.purchaseOption().name(),
                baseline.region().or(() -> referenceRegion).map(Region::id).orElse(null),
                baseline.sizing().name(),
                baseline.discountPercent(),
                baseline.hostMatch().name());
    }
}
