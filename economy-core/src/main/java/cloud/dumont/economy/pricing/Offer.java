package cloud.dumont.economy.pricing;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.provider.Sku;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Optional;

/**
 * A SKU with what it is made of and all its prices.
 *
 * @param spec the machine
 * @param history its prices
 * @param restriction why it is not sold to anyone (internal or preview type; GovCloud, local zone); empty where it is
 * @param sustainedUse what the provider takes off by itself over a month; its prices do not hold it. Empty where nothing is
 * @param negotiated what the host has negotiated off its prices; they do not hold it either. Empty where nothing is
 */
public record Offer(
        InstanceSpec spec,
        PriceHistory history,
        Optional<Restriction> restriction,
        Optional<SustainedUseDiscount> sustainedUse,
        Optional<NegotiatedDiscount> negotiated) {

    /**
     * What is offered.
     *
     * @return the SKU
     */
    public Sku sku() {
        return history.sku();
    }

    /**
     * The price at a moment less what is negotiated, for one whole GPU, to compare offers of machines of different sizes.
     *
     * @param at the moment
     * @return USD per GPU-hour, HALF_EVEN to nine decimals
     * @throws java.util.NoSuchElementException if no source tells how many GPUs the machine has
     */
    public BigDecimal usdPerGpuHour(Instant at) {
        GpuCount gpus = spec.gpuCount().orElseThrow();
        BigDecimal percent = negotiated.map(NegotiatedDiscount::percent).orElse(BigDecimal.ZERO);
        return history.at(at)
                .rate()
                .toUsd()
                .multiply(BigDecimal.valueOf(100).subtract(percent))
                .multiply(BigDecimal.valueOf(gpus.denominator()))
                .divide(BigDecimal.valueOf(gpus.numerator()).movePointRight(2), 9, RoundingMode.HALF_EVEN);
    }

    /**
     * Why an offer is not open to everyone.
     *
     * @param scope whether the type or the region is closed
     * @param reason in words
     */
    public record Restriction(Scope scope, String reason) {}

    /** What a restriction lies on. */
    public enum Scope {
        /** The type looks internal or preview, is only a part of a machine, or was excluded by the host: never an equivalent. */
        TYPE,
        /** The region is open to some only, or is a zone of its own kind: an equivalent only where the baseline names it. */
        REGION
    }
}
