package cloud.dumont.economy.savings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.source.PriceSource;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TrendTest {

    private static final AccountId ACCOUNT = AccountId.of("acme");
    private static final Baseline AWS = Baseline.onDemand(Provider.AWS);

    private static List<Amount> usd(String... days) {
        return Stream.of(days).map(day -> HourlyRate.usd(day).forSeconds(3_600)).toList();
    }

    @Test
    void sevenDays_giveTheIntervalOfTheFormula() {
        Trend trend = Trend.of(usd("10", "12", "8", "11", "9", "10", "10")).orElseThrow();

        // m = 10, s = sqrt(10 / 6); 30 days: 300 +- 1.439756 * 1.290994449 * sqrt(30 + 900 / 7)
        assertThat(trend.days()).isEqualTo(7);
        assertThat(trend.meanPerDay()).isEqualByComparingTo("10");
        assertThat(trend.over(30).expected()).isEqualByComparingTo("300");
        assertThat(trend.over(30).low()).isEqualByComparingTo("276.594078655");
        assertThat(trend.over(30).high()).isEqualByComparingTo("323.405921345");
    }

    @Test
    void equalDays_leaveNoRoom_alsoBelowZero() {
        Trend trend = Trend.of(Collections.nCopies(30, HourlyRate.usd("-2.5").forSeconds(3_600)))
                .orElseThrow();

        assertThat(trend.over(365))
                .isEqualTo(new Trend.Range(
                        trend.over(365).expected(),
                        trend.over(365).expected(),
                        trend.over(365).expected()));
        assertThat(trend.over(365).expected()).isEqualByComparingTo("-912.5");
    }

    @Test
    void sixDays_areNotEnoughHistory() {
        assertThat(Trend.of(usd("1", "1", "1", "1", "1", "1"))).isEmpty();
    }

    @Test
    void horizonOfNoDay_isRefused() {
        Trend trend = Trend.of(usd("1", "1", "1", "1", "1", "1", "1")).orElseThrow();
        assertThatThrownBy(() -> trend.over(0)).hasMessageContaining("1 day or more, not 0");
    }

    @Test
    void calculator_takesCompleteLocalDaysSinceTheFirstUsage_emptyOnesToo() {
        Instant noon = Instant.parse("2026-08-01T12:00:00Z");
        InMemoryHistoryStore history = new InMemoryHistoryStore();
        history.append(List.of(UsageInterval.between(
                Instance.builder(ACCOUNT, "i-1")
                        .gpu("T4", 1)
                        .rate(HourlyRate.usd("0.126"))
                        .build(),
                InstanceState.RUNNING,
                noon,
                noon.plus(Duration.ofHours(36)))));
        SavingsCalculator calculator =
                SavingsCalculator.of(history, PriceSource.bundled().load());

        // 1 to 7 August: 12 h and 24 h of 0.40 USD, then five days of nothing
        Trend trend = calculator
                .trend(ACCOUNT, AWS, Instant.parse("2026-08-08T05:00:00Z"), ZoneOffset.UTC)
                .orElseThrow();
        assertThat(trend.days()).isEqualTo(7);
        assertThat(trend.over(7).expected()).isEqualByComparingTo("14.4");
        // in New York it is still the 7th
        assertThat(calculator.trend(ACCOUNT, AWS, Instant.parse("2026-08-08T03:00:00Z"), ZoneId.of("America/New_York")))
                .isEmpty();
        assertThat(calculator
                        .trend(ACCOUNT, AWS, Instant.parse("2026-12-24T05:00:00Z"), ZoneOffset.UTC)
                        .orElseThrow())
                .matches(late -> late.days() == 30 && late.over(30).expected().signum() == 0);
        assertThat(calculator.trend(AccountId.of("nobody"), AWS, noon, ZoneOffset.UTC))
                .isEmpty();
    }

    @Test
    void over_oneDay_expectsTheMean() {
        Trend trend = Trend.of(Collections.nCopies(7, HourlyRate.usd("2").forSeconds(3_600)))
                .orElseThrow();

        assertThat(trend.over(1).expected()).isEqualByComparingTo("2");
    }
}
