package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a feed may use while it is read. Price lists name machines without saying which GPUs are in them: that is looked up in the catalog.
 *
 * @param catalog what is known so far
 * @param gpus the models that GPU names are looked up in
 * @param client asks sellers
 * @param now when the reading began
 */
public record FeedInput(PriceCatalog catalog, GpuCatalog gpus, FeedClient client, Instant now) {

    /** Checks that nothing is missing. */
    public FeedInput {
        Objects.requireNonNull(catalog, "catalog");
        Objects.requireNonNull(gpus, "gpus");
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(now, "now");
    }

    /**
     * What is known of a type.
     *
     * @param provider who sells it
     * @param type its name, as a price list has it
     * @return its description; empty for one that nobody has described, and for what is put together from others
     */
    public Optional<InstanceSpec> spec(Provider provider, String type) {
        return catalog.spec(provider, InstanceType.of(type))
                .filter(spec -> spec.composition().isEmpty());
    }

    /**
     * Reads one part after another. A seller that cannot be reached, or asks to be left alone, is not asked for the rest.
     *
     * @param names of the parts
     * @param read reads one of them
     * @return all parts, each with its prices or its failure
     */
    static <N> List<FeedPart> parts(Collection<N> names, Function<N, String> name, Function<N, FeedPart> read) {
        List<FeedPart> parts = new ArrayList<>();
        Optional<FeedException> given = Optional.empty();
        for (N each : names) {
            if (given.isPresent()) {
                parts.add(FeedPart.failed(name.apply(each), given.get()));
                continue;
            }
            try {
                parts.add(read.apply(each));
            } catch (FeedException e) {
                parts.add(FeedPart.failed(name.apply(each), e));
                if (e.kind() == FeedException.Kind.UNREACHABLE || e.kind() == FeedException.Kind.BUSY) {
                    given = Optional.of(e);
                }
            }
        }
        return parts;
    }
}
