package cloud.dumont.economy.pricing;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * One fact as a source tells it: this machine, there, under these terms, cost so much from then on. Some sources tell since when a
 * price is in effect; most only show what it is on the day they are read, so that it may have changed any time since the day before.
 *
 * @param spec the machine
 * @param region where it is sold
 * @param purchaseOption under which terms
 * @param rate price of the whole instance
 * @param effectiveFrom since when, if the source tells; else since when it is known to have been in effect
 * @param seenUntil until when it is known to have been in effect, where the source shows only what is in effect as it is read; empty
 *     where the source itself tells since when
 * @param provenance where it was read and when
 */
public record PriceRow(
        InstanceSpec spec,
        Region region,
        PurchaseOption purchaseOption,
        HourlyRate rate,
        Instant effectiveFrom,
        Optional<Instant> seenUntil,
        Provenance provenance) {

    /** Since when an undated price is listed, for want of a day: before any usage there could be. */
    static final Instant UNDATED = Instant.EPOCH;

    /**
     * Checks the order.
     *
     * @throws IllegalArgumentException if it was seen only before it was in effect
     */
    public PriceRow {
        if (seenUntil.filter(effectiveFrom::isAfter).isPresent()) {
            throw new IllegalArgumentException("a price seen from " + effectiveFrom + " cannot have been seen until "
                    + seenUntil.get() + ", before that");
        }
    }

    /**
     * A price of which the source tells since when it is in effect.
     *
     * @param spec the machine
     * @param region where it is sold
     * @param purchaseOption under which terms
     * @param rate price of the whole instance
     * @param effectiveFrom since when
     * @param provenance where it was read and when
     */
    public PriceRow(
            InstanceSpec spec,
            Region region,
            PurchaseOption purchaseOption,
            HourlyRate rate,
            Instant effectiveFrom,
            Provenance provenance) {
        this(spec, region, purchaseOption, rate, effectiveFrom, Optional.empty(), provenance);
    }

    /**
     * A price that was seen from one day to another.
     *
     * @param spec the machine
     * @param region where it is sold
     * @param purchaseOption under which terms
     * @param rate price of the whole instance
     * @param first the first day it was seen, in UTC
     * @param last the last day it was seen, in UTC
     * @param provenance where it was read and when
     * @return the row
     * @throws IllegalArgumentException if the last day lies before the first
     */
    public static PriceRow seen(
            InstanceSpec spec,
            Region region,
            PurchaseOption purchaseOption,
            HourlyRate rate,
            LocalDate first,
            LocalDate last,
            Provenance provenance) {
        if (last.isBefore(first)) {
            throw new IllegalArgumentException("last seen on " + last + ", before it was first seen, on " + first);
        }
        return new PriceRow(
                spec,
                region,
                purchaseOption,
                rate,
                first.atStartOfDay(ZoneOffset.UTC).toInstant(),
                Optional.of(last.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()),
                provenance);
    }

    /**
     * A price whose source tells no day at all.
     *
     * @param spec the machine
     * @param region where it is sold
     * @param purchaseOption under which terms
     * @param rate price of the whole instance
     * @param provenance where it was read, without a day
     * @return the row
     */
    public static PriceRow undated(
            InstanceSpec spec, Region region, PurchaseOption purchaseOption, HourlyRate rate, Provenance provenance) {
        return new PriceRow(spec, region, purchaseOption, rate, UNDATED, Optional.of(UNDATED), provenance);
    }

    /**
     * Whether its source tells no day at all.
     *
     * @return true if nobody knows when it was in effect
     */
    @JsonIgnore
    public boolean isUndated() {
        return provenance.readOn().isEmpty();
    }

    /** What it says of the time before another price takes its place; empty if it says nothing of it. */
    Optional<PriceRow> before(Instant end) {
        if (!effectiveFrom.isBefore(end)) {
            return Optional.empty();
        }
        return Optional.of(
                seenUntil.filter(end::isBefore).isEmpty()
                        ? this
                        : new PriceRow(
                                spec, region, purchaseOption, rate, effectiveFrom, Optional.of(end), provenance));
    }

    /** The same under another name of its type. */
    PriceRow named(InstanceType name) {
        return name.equals(spec.instanceType())
                ? this
                : new PriceRow(
                        new InstanceSpec(
                                spec.provider(),
                                name,
                                spec.gpuModel(),
                                spec.gpuCount(),
                                spec.gpuMemoryGib(),
                                spec.vcpus(),
                                spec.memoryGib(),
                                spec.composition()),
                        region,
                        purchaseOption,
                        rate,
                        effectiveFrom,
                        seenUntil,
                        provenance);
    }

    /**
     * What the row prices.
     *
     * @return the SKU
     */
    public Sku sku() {
        return new Sku(spec.provider(), region, spec.instanceType(), purchaseOption);
    }
}
