package cloud.dumont.economy.equivalence;

import static cloud.dumont.economy.testing.Prices.row;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.testing.Prices;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of a decision, word for word: somebody recomputes a figure from it. */
class ExplanationTest {

    private static final GpuCatalog GPUS = GpuCatalog.bundled();
    private static final Baseline AWS = Baseline.onDemand(Provider.AWS);
    private static final PriceRow T4 = row(Provider.AWS, "us-east-1", "g4dn", "T4", "1", "0.526");
    private static final PriceRow FOUR_T4 = row(Provider.AWS, "us-east-1", "g4dn.12", "T4", "4", "3.912");
    private static final String SOURCE = " Source: test prices@1, read on 2026-01-01.";

    private static String explain(String gpu, String count, Baseline baseline, PriceRow... rows) {
        return EquivalencePolicy.standard(GPUS)
                .decide(
                        PriceCatalog.of(List.of(rows)),
                        new EquivalenceQuery(GPUS.resolve(gpu), GpuCount.parse(count), baseline))
                .explanation();
    }

    @Test
    void sameMachine_isChargedWhole() {
        assertThat(explain("T4", "1", AWS, T4))
                .isEqualTo("1 x T4 is compared with AWS g4dn in us-east-1 (1 x T4): the same GPU in a machine with"
                        + " exactly that count. The machine costs 0.526 USD/h on demand, known since 2026-01-01,"
                        + " charged whole." + SOURCE);
    }

    @Test
    void shareOfABiggerMachine_saysWhichPartAndWhatItComesTo() {
        assertThat(explain("T4", "3", AWS, FOUR_T4))
                .isEqualTo("3 x T4 is compared with AWS g4dn.12 in us-east-1 (4 x T4): the same GPU in machines of"
                        + " another size. The machine costs 3.912 USD/h on demand, known since 2026-01-01; charged for"
                        + " 3 of its 4 GPUs, that is 2.934 USD/h." + SOURCE);
    }

    @Test
    void severalWholeMachines_saysHowManyAndWhatTheyComeTo() {
        assertThat(explain("T4", "9", AWS.withSizing(Sizing.WHOLE_INSTANCE), FOUR_T4))
                .contains(", known since 2026-01-01; 3 of them are charged, that is 11.736 USD/h.");
    }

    @Test
    void anotherRegion_isNamedWithTheOneThatLacksIt() {
        assertThat(explain("T4", "1", AWS, row(Provider.AWS, "eu-west-1", "g4dn", "T4", "1", "0.587")))
                .contains(
                        " The catalog has no such price in us-east-1; eu-west-1 is the cheapest region. The machine costs 0.587");
    }

    @Test
    void otherTerms_areNamed() {
        assertThat(explain(
                        "T4",
                        "1",
                        AWS.withPurchaseOption(PurchaseOption.SAVINGS_PLAN_3Y),
                        Prices.under(PurchaseOption.SAVINGS_PLAN_3Y, T4)))
                .contains("costs 0.526 USD/h savings plan 3y, known since");
    }

    @Test
    void nothing_saysWhatWasLookedFor() {
        assertThat(explain("MI300X", "1", AWS, T4))
                .startsWith("The catalog has no price for MI300X or a variant of it at AWS on demand")
                .contains(
                        ", nor for any AMD GPU with at least its memory and 0.8 of its" + " throughput and bandwidth");
    }

    @Test
    void gpuWithoutAName_saysSo() {
        assertThat(explain("", "1", AWS, T4)).isEqualTo("The GPU is not named, so it is left out of the comparison.");
        assertThat(explain("Voodoo 2", "1", AWS, T4))
                .isEqualTo(
                        "'Voodoo 2' is not a known GPU (no GPU is known by that name), so it is left out of the comparison.");
    }

    /** A price list names a GPU before our catalog knows it; that must not keep the others from being found. */
    @Test
    void machinesOfUnknownGpus_areNeverAnEquivalentAndNeverInTheWay() {
        PriceRow unnamed = row(Provider.AWS, "us-east-1", "new.1", "", "1", "0.01");
        PriceRow unheardOf = row(Provider.AWS, "us-east-1", "new.2", "Z9000", "1", "0.01");
        assertThat(explain("T4", "1", AWS, unnamed, unheardOf, T4)).contains("AWS g4dn in us-east-1");
        assertThat(explain("T4", "1", AWS, unnamed, unheardOf))
                .startsWith("The catalog has no price for T4 or a variant of it at AWS on demand");
    }

    /** What the catalog lacks a cloud may sell all the same. */
    @Test
    void familyThatIsKnownToExist_isNamed() {
        assertThat(explain("GB300", "1", AWS, T4)).contains("AWS is known to sell it as p6e-gb300");
        assertThat(explain("T4", "1", AWS, row(Provider.AWS, "us-east-1", "a", "M60", "1", "1")))
                .doesNotContain("known to sell");
    }

    @Test
    void otherTermsOfTheSameGpu_areNamed() {
        assertThat(explain("T4", "1", AWS, Prices.under(PurchaseOption.CAPACITY_BLOCK, T4)))
                .contains("What it has of it: g4dn capacity block in us-east-1.");
    }

    /** That no other GPU is near cannot be said of one whose figures nobody gives. */
    @Test
    void figureThatNoSourceGives_isNamed() {
        assertThat(explain("GB300", "1", AWS, T4))
                .contains("Which other GPU comes near it cannot be said: no source gives its")
                .doesNotContain("nor for any NVIDIA GPU");
        assertThat(explain("MI300X", "1", AWS, T4)).doesNotContain("cannot be said");
    }
}
