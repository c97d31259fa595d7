package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.provider.Sku;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A list that has two prices for one thing says nothing of it: none of the two is taken. */
final class OnePrice {

    private OnePrice() {}

    /** What was kept, without what has more than one price. */
    static Tally.Kept<FeedPrice> each(Tally<FeedPrice> tally) {
        Map<Sku, FeedPrice> one = new LinkedHashMap<>();
        Set<Sku> torn = new HashSet<>();
        for (FeedPrice price : tally.done().entries()) {
            FeedPrice same = one.putIfAbsent(price.sku(), price);
            if (same == null) {
                continue;
            }
            if (same.rate().equals(price.rate())) {
                tally.drop("said twice");
            } else {
                tally.drop("two prices for one type");
                torn.add(price.sku());
            }
        }
        torn.forEach(sku -> {
            one.remove(sku);
            tally.drop("two prices for one type");
        });
        Tally.Kept<FeedPrice> all = tally.done();
        return new Tally.Kept<>(List.copyOf(one.values()), all.read(), all.dropped());
    }
}
