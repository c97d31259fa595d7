package cloud.dumont.economy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.YearMonth;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MonthlyTableTest {

    private final Locale before = Locale.getDefault();

    @AfterEach
    void resetLocale() {
        Locale.setDefault(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"en-US", "ar-EG", "fa-IR", "tr-TR"})
    void partition_inAnyLocale_hasAsciiDigits(String locale) {
        Locale.setDefault(Locale.forLanguageTag(locale));

        for (MonthlyTable table : MonthlyTable.values()) {
            assertThat(table.partition(YearMonth.of(2026, 9))).isEqualTo(table.table() + "_2026_09");
        }
    }
}
