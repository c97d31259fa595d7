package cloud.dumont.economy.pricing;

import cloud.dumont.economy.input.Given;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;

/**
 * What a host has negotiated off a list price.
 *
 * @param percent off the list price: 0 to 100, at most four decimals
 * @param reason in words, such as the name of the contract
 */
public record NegotiatedDiscount(BigDecimal percent, String reason) {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final int MOST_DECIMALS = 4;

    /**
     * Takes trailing zeros off, so that equal discounts are equal.
     *
     * @throws IllegalArgumentException if the discount is out of range or too fine
     */
    public NegotiatedDiscount {
        percent = checked(percent);
    }

    /**
     * A percentage that may be taken off a price.
     *
     * @param percent the percentage
     * @return the same without trailing zeros
     * @throws IllegalArgumentException if it is not 0 to 100, or has more than four decimals
     */
    public static BigDecimal checked(BigDecimal percent) {
        BigDecimal plain = percent.signum() == 0 ? BigDecimal.ZERO : percent.stripTrailingZeros();
        if (plain.signum() < 0 || plain.compareTo(HUNDRED) > 0 || plain.scale() > MOST_DECIMALS) {
            throw new IllegalArgumentException("a discount must be 0 to 100 percent with at most " + MOST_DECIMALS
                    + " decimals, not " + Given.shown(percent));
        }
        return plain;
    }

    /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
    @JsonProperty("percent")
    String getPercent() {
        return percent.toPlainString();
    }
}
