package cloud.dumont.economy.usage;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuMemory;
import cloud.dumont.economy.input.Given;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.Region;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;

/**
 * One rented machine as its account knows it: what it is and what the account pays for it per hour.
 *
 * @param account whose it is
 * @param id its name, unique in the account
 * @param gpuName its GPU as the host calls it, at most 1,000 characters, without control characters; empty where unknown. It is resolved when it is compared, not when it is stored
 * @param gpuMemory memory of one of its GPUs, as advertised or as the driver reports it; empty where unknown. It tells GPUs of one name
 *     apart: {@code A100 SXM4} is a card of 40 or of 80 GB
 * @param gpuCount how many GPUs, possibly a fraction; of a name that ends in {@code -SHARED} how many replicas
 * @param physicalGpus how many cards those are, possibly a fraction, at most as many as {@code gpuCount}; empty where that is not told.
 *     Where a card is shared (time slicing or MPS of the NVIDIA device plugin), {@code gpuCount} counts replicas, from which nobody
 *     can tell the cards: without this the instance is left out of every comparison
 * @param vcpus virtual CPUs, 0 or more, possibly a fraction, at most 100 digits; empty where unknown
 * @param memoryGib main memory in GiB, 0 or more, at most 100 digits; empty where unknown
 * @param region where it runs, at most 1,000 characters; empty where unknown
 * @param rate what the account pays per hour while it is billable, 0 or more; empty where unknown, it is then never compared
 * @param storageRate what keeping its storage costs per hour while it is paused, 0 or more; empty where nothing is charged
 */
public record Instance(
        AccountId account,
        InstanceId id,
        Optional<String> gpuName,
        Optional<GpuMemory> gpuMemory,
        GpuCount gpuCount,
        Optional<GpuCount> physicalGpus,
        Optional<BigDecimal> vcpus,
        Optional<BigDecimal> memoryGib,
        Optional<Region> region,
        Optional<HourlyRate> rate,
        Optional<HourlyRate> storageRate) {

    /** What every database's columns hold. */
    private static final int MOST_CHARACTERS = 1_000;

    /**
     * Normalises what is written in several ways, so that equal facts are equal.
     *
     * @throws IllegalArgumentException if a rate or a size is negative or has too many digits, if the GPU's name or the region is too
     *     long or holds characters that it must not, or if there are more physical GPUs than GPUs
     */
    public Instance {
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(gpuCount, "gpuCount");
        gpuName = gpuName.map(String::strip).filter(name -> !name.isEmpty());
        if (physicalGpus.isPresent() && physicalGpus.get().compareTo(gpuCount) > 0) {
            throw new IllegalArgumentException("physical GPUs must be at most the GPU count, " + gpuCount + ", not "
                    + physicalGpus.get() + ": one card or more replicas of it make a GPU that is counted");
        }
        gpuName.ifPresent(name -> Text.check("the name of a GPU", name, MOST_CHARACTERS));
        region.ifPresent(where -> Text.check("a region", where.id(), MOST_CHARACTERS));
        vcpus.ifPresent(value -> Given.checkDigits("vCPUs", value));
        memoryGib.ifPresent(value -> Given.checkDigits("memory in GiB", value));
        vcpus = vcpus.map(BigDecimal::stripTrailingZeros);
        memoryGib = memoryGib.map(BigDecimal::stripTrailingZeros);
        vcpus.ifPresent(value -> requireNotNegative(value, "vCPUs"));
        memoryGib.ifPresent(value -> requireNotNegative(value, "memory in GiB"));
        rate.ifPresent(value -> requireNotNegative(value, "rate"));
        storageRate.ifPresent(value -> requireNotNegative(value, "storage rate"));
    }

    private static void requireNotNegative(BigDecimal value, String what) {
        if (value.signum() < 0) {
            throw new IllegalArgumentException(what + " must be 0 or more, not " + value.toPlainString());
        }
    }

    private static void requireNotNegative(HourlyRate rate, String what) {
        if (rate.nanoUsdPerHour() < 0) {
            throw new IllegalArgumentException(what + " must be 0 or more, not " + rate);
        }
    }

    /**
     * Starts to describe an instance with one GPU of unknown model and an unknown rate.
     *
     * @param account whose it is
     * @param id its name
     * @return a builder
     */
    public static Builder builder(AccountId account, String id) {
        return new Builder(account, InstanceId.of(id));
    }

    /**
     * How many GPUs are compared, and make its GPU hours.
     *
     * @return the cards, where it is told how many there are; else the GPU count
     */
    public GpuCount comparedGpus() {
        return physicalGpus.orElse(gpuCount);
    }

    /**
     * The same machine at another rate.
     *
     * @param other what the account pays per hour from now on
     * @return a copy
     */
    public Instance withRate(HourlyRate other) {
        return new Instance(
                account,
                id,
                gpuName,
                gpuMemory,
                gpuCount,
                physicalGpus,
                vcpus,
                memoryGib,
                region,
                Optional.of(other),
                storageRate);
    }

    /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
    @JsonProperty("vcpus")
    Optional<String> getVcpus() {
        return vcpus.map(BigDecimal::toPlainString);
    }

    /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
    @JsonProperty("memoryGib")
    Optional<String> getMemoryGib() {
        return memoryGib.map(BigDecimal::toPlainString);
    }

    /** Describes an instance step by step. Not thread-safe. */
    public static final class Builder {

        private final AccountId account;
        private final InstanceId id;
        private Optional<String> gpuName = Optional.empty();
        private Optional<GpuMemory> gpuMemory = Optional.empty();
        private GpuCount gpuCount = GpuCount.ONE;
        private Optional<GpuCount> physicalGpus = Optional.empty();
        private Optional<BigDecimal> vcpus = Optional.empty();
        private Optional<BigDecimal> memoryGib = Optional.empty();
        private Optional<Region> region = Optional.empty();
        private Optional<HourlyRate> rate = Optional.empty();
        private Optional<HourlyRate> storageRate = Optional.empty();

        private Builder(AccountId account, InstanceId id) {
            this.account = account;
            this.id = id;
        }

        /**
         * Its GPUs.
         *
         * @param name the model as the host calls it
         * @param count how many
         * @return this builder
         */
        public Builder gpu(String name, GpuCount count) {
            gpuName = Optional.of(name);
            gpuCount = count;
            return this;
        }

        /**
         * Its whole GPUs.
         *
         * @param name the model as the host calls it
         * @param count how many, 1 or more
         * @return this builder
         */
        public Builder gpu(String name, int count) {
            return gpu(name, GpuCount.of(count));
        }

        /**
         * Its GPU count, where the model is unknown.
         *
         * @param count how many
         * @return this builder
         */
        public Builder gpuCount(GpuCount count) {
            gpuCount = count;
            return this;
        }

        /**
         * The memory of one of its GPUs, where the name does not tell: {@code A100 SXM4}, {@code Tesla V100}.
         *
         * @param mib as the driver reports it, in MiB, 1 to 16,777,216
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder gpuMemoryMib(long mib) {
            gpuMemory = Optional.of(GpuMemory.ofMib(mib));
            return this;
        }

        /**
         * The memory of one of its GPUs, where the name does not tell: {@code A100 SXM4}, {@code Tesla V100}.
         *
         * @param gib as advertised (80) or as the driver reports it (79.6), in GiB, 0.001 to 16,384; rounded to the MiB
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder gpuMemoryGib(BigDecimal gib) {
            gpuMemory = Optional.of(GpuMemory.ofGib(gib));
            return this;
        }

        /**
         * How many cards its GPUs are, where they are shared ({@code Tesla-T4-SHARED}): the GPU count then counts replicas.
         *
         * @param cards how many, possibly a fraction, at most the GPU count
         * @return this builder
         */
        public Builder physicalGpus(GpuCount cards) {
            physicalGpus = Optional.of(cards);
            return this;
        }

        /**
         * How many whole cards its GPUs are, where they are shared.
         *
         * @param cards how many, 1 or more, at most the GPU count
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder physicalGpus(int cards) {
            return physicalGpus(GpuCount.of(cards));
        }

        /**
         * Its virtual CPUs.
         *
         * @param count how many, possibly a fraction
         * @return this builder
         */
        public Builder vcpus(BigDecimal count) {
            vcpus = Optional.of(count);
            return this;
        }

        /**
         * Its main memory.
         *
         * @param gib how much, in GiB
         * @return this builder
         */
        public Builder memoryGib(BigDecimal gib) {
            memoryGib = Optional.of(gib);
            return this;
        }

        /**
         * Where it runs.
         *
         * @param where the host's own region
         * @return this builder
         */
        public Builder region(Region where) {
            region = Optional.of(where);
            return this;
        }

        /**
         * What the account pays.
         *
         * @param perHour USD per hour while it is billable, 0 or more
         * @return this builder
         */
        public Builder rate(HourlyRate perHour) {
            rate = Optional.of(perHour);
            return this;
        }

        /**
         * What its storage costs while it is paused.
         *
         * @param perHour USD per hour, 0 or more
         * @return this builder
         */
        public Builder storageRate(HourlyRate perHour) {
            storageRate = Optional.of(perHour);
            return this;
        }

        /**
         * The instance.
         *
         * @return what was described
         * @throws IllegalArgumentException if a rate or a size is negative, or if there are more physical GPUs than GPUs
         */
        public Instance build() {
            return new Instance(
                    account,
                    id,
                    gpuName,
                    gpuMemory,
                    gpuCount,
                    physicalGpus,
                    vcpus,
                    memoryGib,
                    region,
                    rate,
                    storageRate);
        }
    }
}
