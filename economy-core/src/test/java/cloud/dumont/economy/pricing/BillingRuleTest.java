package cloud.dumont.economy.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BillingRuleTest {

    @ParameterizedTest
    @CsvSource({
        // minimum, increment, length, charged once ended, accrued while it lasts
        "60, 1, 0, 60, 60",
        "60, 1, 1, 60, 60",
        "60, 1, 59, 60, 60",
        "60, 1, 60, 60, 60",
        "60, 1, 61, 61, 61",
        "0, 60, 0, 0, 0",
        "0, 60, 59, 0, 59",
        "0, 60, 60, 60, 60",
        "0, 60, 405, 360, 405", // Azure's own example: 6 min 45 s are charged as 6 min
        "0, 1, 7, 7, 7",
        "600, 60, 30, 600, 600",
        "600, 60, 659, 600, 659",
        "600, 60, 660, 660, 660"
    })
    void seconds_anyLength_followTheRule(int minimum, int increment, long length, long charged, long accrued) {
        BillingRule rule = new BillingRule(minimum, increment, "");

        assertThat(rule.chargedSeconds(length)).isEqualTo(charged);
        assertThat(rule.accruedSeconds(length)).isEqualTo(accrued);
    }

    @Test
    void constructor_outOfRange_isRefusedWithBothNumbers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BillingRule(-1, 1, ""))
                .withMessageContaining("-1 s");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BillingRule(0, 0, ""))
                .withMessageContaining("increment 0 s");
    }
}
