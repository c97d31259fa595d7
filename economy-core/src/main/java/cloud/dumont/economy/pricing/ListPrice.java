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
 * @param effectiveFrom when it takes effect, as far as known: the first day it was seen where the source gives no date
 * @param effectiveUntil when the next price takes effect; empty while none is known
 * @param provenance where it was read and when
 */
public record ListPrice(
        Sku sku, HourlyRate rate, Instant effectiveFrom, Optional<Instant> effectiveUntil, Provenance provenance) {}
