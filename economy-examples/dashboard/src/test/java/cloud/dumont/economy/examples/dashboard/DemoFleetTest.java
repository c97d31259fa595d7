package cloud.dumont.economy.examples.dashboard;

import static cloud.dumont.economy.examples.dashboard.SiteFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.usage.Evidence;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
import cloud.dumont.economy.usage.UsageLedger;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoFleetTest {

    private final List<UsageInterval> facts = DemoFleet.at(NOW);

    @Test
    void everyNameSaysThatItIsADemo() {
        assertThat(facts).allSatisfy(fact -> {
            assertThat(fact.instance().account()).isEqualTo(DemoFleet.ACCOUNT);
            assertThat(fact.instance().id().value()).startsWith("demo-");
        });
    }

    @Test
    void theSameMomentGivesTheSameFleet() {
        assertThat(DemoFleet.at(NOW)).isEqualTo(facts);
        assertThat(DemoFleet.at(NOW.plus(Duration.ofHours(1)))).isNotEqualTo(facts);
    }

    @Test
    void nothingLiesInTheFuture() {
        assertThat(facts).noneMatch(fact -> fact.start().isAfter(NOW));
        assertThat(facts).noneMatch(fact -> fact.end().filter(NOW::isBefore).isPresent());
    }

    @Test
    void oneOfEverythingThatAScreenMustGetRight() {
        List<UsageInterval> lasting =
                facts.stream().filter(UsageInterval::isOpen).toList();

        assertThat(lasting).anyMatch(fact -> fact.state() == InstanceState.IDLE);
        assertThat(lasting).anyMatch(fact -> fact.state() == InstanceState.HIBERNATED);
        assertThat(lasting).anyMatch(fact -> fact.instance().rate().isEmpty());
        assertThat(lasting).anyMatch(fact -> fact.instance().gpuCount().isFraction());
        assertThat(lasting)
                .anyMatch(fact -> fact.instance().gpuCount().toString().equals("8"));
    }

    /** What lasts is pushed, as an orchestrator would. */
    @Test
    void whatIsStoredIsTheFleet() {
        InMemoryHistoryStore store = new InMemoryHistoryStore();
        DemoFleet.settle(store, UsageLedger.builder(store).time(() -> NOW).build(), NOW);

        List<UsageInterval> stored = store.timelines(DemoFleet.ACCOUNT).stream()
                .flatMap(timeline -> timeline.intervals().stream())
                .toList();
        assertThat(stored)
                .usingElementComparator(Comparator.comparing(DemoFleetTest::withoutEvidence))
                .containsExactlyInAnyOrderElementsOf(facts);
        assertThat(stored)
                .filteredOn(UsageInterval::isOpen)
                .extracting(UsageInterval::evidence)
                .containsOnly(Evidence.PUSHED);
    }

    private static String withoutEvidence(UsageInterval fact) {
        return new UsageInterval(fact.instance(), fact.state(), fact.start(), fact.end()).toString();
    }

    @Test
    void aLaterStartKeepsTheFleetOfTheFirst() {
        InMemoryHistoryStore store = new InMemoryHistoryStore();
        UsageLedger ledger = UsageLedger.builder(store).time(() -> NOW).build();
        DemoFleet.settle(store, ledger, NOW);
        List<InstanceTimeline> first = store.timelines(DemoFleet.ACCOUNT);

        DemoFleet.settle(store, ledger, NOW.plus(Duration.ofDays(3)));

        assertThat(first).isNotEmpty();
        assertThat(store.timelines(DemoFleet.ACCOUNT)).isEqualTo(first);
    }
}
