package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.pricing.ChangeWindow;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.PriceHistory;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Parts of prices as they leave this host. */
final class PriceView {

    private PriceView() {}

    /** Since when it is known to be in effect; null where its source tells no day. */
    static @Nullable String effectiveFrom(ListPrice price) {
        return Optional.of(price.effectiveFrom())
                .filter(from -> !from.equals(Instant.EPOCH))
                .map(Instant::toString)
                .orElse(null);
    }

    static @Nullable String readOn(ListPrice price) {
        return price.provenance().readOn().map(LocalDate::toString).orElse(null);
    }

    /**
     * A time in which the price changed at a moment that nobody saw.
     *
     * @param from when the older price was last seen
     * @param until when the newer one was first seen
     */
    record Uncertain(String from, String until) {

        /** The change that the moment lies in, else the one that its price began with; null where each is known to the day. */
        static @Nullable Uncertain of(PriceHistory history, Instant at) {
            return history.prices().stream()
                    .flatMap(price -> price.window().stream())
                    .filter(window -> !at.isBefore(window.from()) && at.isBefore(window.until()))
                    .findFirst()
                    .or(history.at(at)::window)
                    .map(Uncertain::of)
                    .orElse(null);
        }

        /** The newest change that some time overlaps; null where it is known what was charged in it. */
        static @Nullable Uncertain within(PriceHistory history, Instant from, Instant to) {
            return history.unseenChanges(from, to).stream()
                    .flatMap(price -> price.window().stream())
                    .findFirst()
                    .map(Uncertain::of)
                    .orElse(null);
        }

        private static Uncertain of(ChangeWindow window) {
            return new Uncertain(window.from().toString(), window.until().toString());
        }
    }
}
