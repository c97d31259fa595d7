package cloud.dumont.economy.savings;

import static cloud.dumont.economy.testing.Prices.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the version before this library showed wrong, one test each. */
class EarlierVersionTest {

    private static final AccountId ACME = AccountId.of("acme");
    private static final Baseline AWS = Baseline.onDemand(Provider.AWS);
    private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");
    private static final Instant ONE = NOON.plusSeconds(3_600);

    private final InMemoryHistoryStore store = new InMemoryHistoryStore();
    private final SavingsCalculator calculator = SavingsCalculator.of(
            store,
            PriceCatalog.of(List.of(
                    row(Provider.AWS, "us-east-1", "g4dn.xlarge", "T4", "1", "0.526"),
                    row(Provider.AWS, "us-east-1", "p4d.24xlarge", "A100 SXM 40GB", "8", "21.957642"))));

    private static Instance instance(String id, String gpu, String usd) {
        return Instance.builder(ACME, id).gpu(gpu, 1).rate(HourlyRate.usd(usd)).build();
    }

    private void tellOpen(Instance instance, InstanceState state, Instant from) {
        store.append(List.of(UsageInterval.openFrom(instance, state, from)));
    }

    private static Amount usd(String amount) {
        return Amount.ofQuanta(new BigDecimal(amount)
                .multiply(BigDecimal.valueOf(3_600_000_000_000L))
                .toBigIntegerExact());
    }

    /** It set the price of a p4d.24xlarge, which has eight A100s, against one A100. */
    @Test
    void oneGpu_isNotComparedWithThePriceOfEight() {
        tellOpen(instance("vm-1", "A100 40GB", "1.50"), InstanceState.RUNNING, NOON);

        assertThat(calculator.report(ACME, AWS, ONE).lifetime().equivalentCost())
                .isEqualTo(usd("2.74470525"));
    }

    /** It priced every GPU it did not know at a default. */
    @Test
    void unknownGpu_hasNoPrice() {
        tellOpen(instance("vm-1", "Voodoo 2", "1.50"), InstanceState.RUNNING, NOON);
        SavingsReport report = calculator.report(ACME, AWS, ONE);

        assertThat(report.lifetime().equivalentCost()).isEqualTo(Amount.ZERO);
        assertThat(report.lifetime().savings()).isEqualTo(Amount.ZERO);
        assertThat(report.lines().get(0).equivalentRate()).isEmpty();
    }

    /** It found 'A100' in 'A10', and took whichever came first. */
    @Test
    void gpuName_isNeverMatchedByAPartOfIt() {
        tellOpen(instance("vm-1", "A10", "1.50"), InstanceState.RUNNING, NOON);
        tellOpen(instance("vm-2", "T400", "0.10"), InstanceState.RUNNING, NOON);

        List<SavingsLine> lines = calculator.report(ACME, AWS, ONE).lines();
        // An eighth of the p4d is the nearest to an A10 on this list, and says so; it is not the same.
        assertThat(lines.get(0).equivalent().tier()).isEqualTo(Tier.NEAREST);
        assertThat(lines.get(1).equivalentRate()).isEmpty();
    }

    /** It treated every provider that it did not know as AWS. */
    @Test
    void unknownProvider_isNotAws() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> calculator.report(ACME, Baseline.onDemand(Provider.of("awz")), NOON))
                .withMessageContaining("'AWZ'");
    }

    /** It counted a session from the day the instance was made. */
    @Test
    void session_beginsAtTheLastEntryIntoABillableState() {
        Instance vm = instance("vm-1", "T4", "0.20");
        store.append(List.of(
                UsageInterval.between(vm, InstanceState.RUNNING, NOON.minusSeconds(86_400), NOON.minusSeconds(7_200)),
                UsageInterval.between(vm, InstanceState.HIBERNATED, NOON.minusSeconds(7_200), NOON)));
        tellOpen(vm, InstanceState.RUNNING, NOON);
        SavingsReport report = calculator.report(ACME, AWS, ONE);

        assertThat(report.lines().get(0).sessionStart()).isEqualTo(NOON);
        assertThat(report.session().billableSeconds()).isEqualTo(3_600);
        assertThat(report.session().savings()).isEqualTo(usd("0.326"));
        assertThat(report.lifetime().billableSeconds()).isEqualTo(3_600 + 79_200);
    }

    /** It showed zero where an account paid more than the cloud's price. */
    @Test
    void loss_isShownAsALoss() {
        tellOpen(instance("vm-1", "T4", "0.80"), InstanceState.RUNNING, NOON);
        SavingsReport report = calculator.report(ACME, AWS, ONE);

        assertThat(report.lifetime().savings()).isEqualTo(usd("-0.274"));
        assertThat(report.lifetime().savingsPercentage().orElseThrow()).isEqualTo(new BigDecimal("-52.0913"));
        assertThat(report.savingsPerHour()).isEqualTo(HourlyRate.usd("-0.274"));
        assertThat(report.projection().orElseThrow().daily()).isEqualTo(usd("-6.576"));
        assertThat(report.lines().get(0).savingsPerHour()).contains(HourlyRate.usd("-0.274"));
    }

    /** A loss of one instance was dropped before it could lower the sum. */
    @Test
    void loss_lowersTheSum() {
        tellOpen(instance("vm-1", "T4", "0.80"), InstanceState.RUNNING, NOON);
        tellOpen(instance("vm-2", "T4", "0.20"), InstanceState.RUNNING, NOON);

        assertThat(calculator.report(ACME, AWS, ONE).lifetime().savings()).isEqualTo(usd("0.052"));
    }

    /** It called the money spent on idle time saved. Idle time costs, here as there, and only the difference is saved. */
    @Test
    void idleTime_isBillableOnBothSides() {
        tellOpen(instance("vm-1", "T4", "0.20"), InstanceState.IDLE, NOON);
        SavingsTotals totals = calculator.report(ACME, AWS, ONE).lifetime();

        assertThat(totals.effectiveCost()).isEqualTo(usd("0.20"));
        assertThat(totals.equivalentCost()).isEqualTo(usd("0.526"));
        assertThat(totals.savings()).isEqualTo(usd("0.326"));
    }

    /** It showed the fleet's savings an hour as the average over instances. */
    @Test
    void savingsRate_isTheSumOverTheFleet() {
        tellOpen(instance("vm-1", "T4", "0.20"), InstanceState.RUNNING, NOON);
        tellOpen(instance("vm-2", "T4", "0.30"), InstanceState.RUNNING, NOON);
        tellOpen(instance("vm-3", "Voodoo 2", "0.30"), InstanceState.RUNNING, NOON);

        assertThat(calculator.report(ACME, AWS, ONE).savingsPerHour()).isEqualTo(HourlyRate.usd("0.552"));
    }

    /** It added up amounts that it had rounded to be shown. */
    @Test
    void totals_areRoundedOnceNotSumsOfRoundedParts() {
        Instance vm = instance("vm-1", "T4", "0.20");
        for (int i = 0; i < 1_000; i++) {
            Instant from = NOON.plusSeconds(100L * i);
            store.append(List.of(UsageInterval.between(vm, InstanceState.RUNNING, from, from.plusSeconds(61))));
        }
        SavingsTotals totals =
                calculator.report(ACME, AWS, NOON.plusSeconds(200_000)).lifetime();

        assertThat(totals.savings().toQuanta())
                .isEqualTo(BigInteger.valueOf(1_000L * 61).multiply(BigInteger.valueOf(326_000_000L)));
        // 61 s save 0.005523888888... USD each: a thousand roundings to the nano-dollar would end in ...889000
        assertThat(totals.savings().toUsd()).isEqualTo(new BigDecimal("5.523888889"));
        List<HistoryBucket> hours = calculator.history(
                List.of(ACME), AWS, NOON, NOON.plusSeconds(200_000), Granularity.HOUR, ZoneOffset.UTC);
        assertThat(hours.stream().map(hour -> hour.totals().savings()).reduce(Amount.ZERO, Amount::plus))
                .isEqualTo(totals.savings());
    }
}
