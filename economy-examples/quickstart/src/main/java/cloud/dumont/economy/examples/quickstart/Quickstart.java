package cloud.dumont.economy.examples.quickstart;

import cloud.dumont.economy.Economy;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.savings.SavingsLine;
import cloud.dumont.economy.savings.SavingsReport;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import java.time.Duration;

/** One RTX 4090 that has run for two hours. */
public final class Quickstart {

    private Quickstart() {}

    /**
     * Prints what it saves.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        try (Economy economy = Economy.builder().build().start()) {
            AccountId account = AccountId.of("acme");
            Instance instance = Instance.builder(account, "i-42")
                    .gpu("RTX 4090", 1)
                    .rate(HourlyRate.usd("0.44"))
                    .build();
            economy.ledger()
                    .changed(instance, InstanceState.RUNNING, economy.now().minus(Duration.ofHours(2)));

            SavingsReport report = economy.report(account, Provider.AWS);
            System.out.println(
                    "Saved " + report.lifetime().savings() + ", and " + report.savingsPerHour() + " goes on.");
            report.lines().stream().map(SavingsLine::explain).forEach(System.out::println);
        }
    }
}
