package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.Region;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * One question to several providers.
 *
 * @param asked those that are asked, at least one
 * @param elsewhere those that have nothing in the region that is asked for
 */
record Baselines(List<Baseline> asked, List<CompareView.Unsold> elsewhere) {

    /**
     * By the parameters that every comparison takes.
     *
     * @throws HttpProblem if none of them has the region that is asked for
     */
    static Baselines of(ApiRequest request, Collection<Provider> providers) {
        Optional<String> region = request.query().text("region");
        List<Baseline> asked = new ArrayList<>();
        List<CompareView.Unsold> elsewhere = new ArrayList<>();
        for (Provider provider : providers) {
            Baseline baseline = request.baseline(provider);
            Optional<Region> there = region.flatMap(text -> request.region(text, provider));
            if (region.isEmpty() || there.isPresent()) {
                asked.add(there.map(baseline::withRegion).orElse(baseline));
            } else {
                elsewhere.add(new CompareView.Unsold(
                        provider.id(), Tier.NONE.name(), "It has no region " + region.get() + "."));
            }
        }
        if (asked.isEmpty()) {
            throw request.unknownRegion(region.orElseThrow(), providers);
        }
        return new Baselines(asked, elsewhere);
    }
}
