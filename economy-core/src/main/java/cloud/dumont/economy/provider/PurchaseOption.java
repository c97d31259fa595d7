package cloud.dumont.economy.provider;

import cloud.dumont.economy.input.Given;
import java.util.Arrays;
import java.util.Locale;

/** The terms a machine is bought under. Prices of different options are never mixed. */
public enum PurchaseOption {
    /** List price without any commitment. */
    ON_DEMAND,
    /** Spare capacity that the provider may take back. */
    SPOT,
    /** Reserved for one year (AWS: standard class; Azure reservations). */
    RESERVED_1Y,
    /** Reserved for three years. */
    RESERVED_3Y,
    /** Google Cloud's resource commitment for one year. */
    COMMITTED_1Y,
    /** Google Cloud's resource commitment for three years. */
    COMMITTED_3Y,
    /** A savings plan of one year. */
    SAVINGS_PLAN_1Y,
    /** A savings plan of three years. */
    SAVINGS_PLAN_3Y,
    /** A block of capacity booked ahead (AWS Capacity Blocks); never to be read as on demand. */
    CAPACITY_BLOCK;

    /**
     * The option of that name.
     *
     * @param name its name in any case, such as {@code on_demand}
     * @return the option
     * @throws IllegalArgumentException if there is none; the message lists all
     */
    public static PurchaseOption parse(String name) {
        String wanted = name.strip().toUpperCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(values())
                .filter(option -> option.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown purchase option '" + Given.shown(name) + "'; known: " + Arrays.toString(values())));
    }
}
