package cloud.dumont.economy.pricing;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.Sku;
import java.time.Instant;
import java.util.Optional;

/**
 * The public hourly price of one whole instance, without any discount, over the time it was in effect.
 *
 * @param sku what is priced
 * @param rate the price of the whole instance, more than 0
 * @param effectiveFrom when it takes effect, as far as known: the first day it was seen where the source gives no date, the end of a
 *     {@code window} that claims less savings where there is one, 1970 where the price is undated
 * @param effectiveUntil when the next price takes effect; empty while none is known
 * @param window the time in which it took the place of the price before, where the moment is not known; empty where it is, and for
 *     the oldest known price
 * @param provenance where it was read and when
 * @param trust what that source deserves to be believed
 */
public record ListPrice(
        Sku sku,
        HourlyRate rate,
        Instant effectiveFrom,
        Optional<Instant> effectiveUntil,
        Optional<ChangeWindow> window,
        Provenance provenance,
        Trust trust) {}
