package cloud.dumont.economy.savings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.Economy;
import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.history.AccountUsage;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.testing.Prices;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageColumns;
import cloud.dumont.economy.usage.UsageInterval;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the public doors refuse, and what they take once. */
class DoorsTest {

    private static final AccountId ACME = AccountId.of("acme");
    private static final AccountId BOLT = AccountId.of("bolt");
    private static final Instant AT = Instant.parse("2026-08-03T10:00:00Z");
    private static final Baseline AWS = Baseline.onDemand(Provider.AWS);
    private static final PriceCatalog CATALOG =
            PriceCatalog.of(List.of(Prices.row(Provider.AWS, "us-east-1", "g4dn", "T4", "1", "0.526")));

    /** Something that is allowed, for each type of parameter. */
    private static final Map<Class<?>, Object> ALLOWED = Map.ofEntries(
            Map.entry(AccountId.class, ACME),
            Map.entry(AccountUsage.class, new AccountUsage(List.of(), Map.of())),
            Map.entry(Baseline.class, AWS),
            Map.entry(Provider.class, Provider.AWS),
            Map.entry(Instant.class, AT),
            Map.entry(Duration.class, Duration.ofHours(1)),
            Map.entry(Dimension.class, Dimension.GPU),
            Map.entry(Granularity.class, Granularity.DAY),
            Map.entry(ZoneId.class, ZoneOffset.UTC),
            Map.entry(Optional.class, Optional.empty()),
            Map.entry(Receipt.Figure.class, Receipt.Figure.LIFETIME),
            Map.entry(List.class, List.of()),
            Map.entry(Collection.class, List.of()),
            Map.entry(UsageColumns.class, UsageColumns.builder().build()),
            Map.entry(Executor.class, (Executor) Runnable::run));

    /** Every parameter of every public door. */
    static Stream<Door> doors() {
        SavingsCalculator calculator = SavingsCalculator.of(new InMemoryHistoryStore(), CATALOG);
        GpuCatalog gpus = GpuCatalog.bundled();
        return Stream.of(
                        calculator,
                        SavingsMeter.create(CATALOG, gpus, EquivalencePolicy.standard(gpus), AWS),
                        SavingsViews.create(calculator, () -> AT),
                        BatchReplay.create(CATALOG, gpus, EquivalencePolicy.standard(gpus), AWS),
                        Economy.builder().prices(() -> CATALOG).build().start())
                .flatMap(owner -> Arrays.stream(owner.getClass().getDeclaredMethods())
                        .filter(method ->
                                Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers()))
                        .flatMap(method -> Stream.iterate(0, i -> i < method.getParameterCount(), i -> i + 1)
                                .map(parameter -> new Door(owner, method, parameter))));
    }

    record Door(Object owner, Method method, int parameter) {

        @Nullable
        Throwable callWithNull() throws IllegalAccessException {
            List<@Nullable Object> arguments = new ArrayList<>();
            for (Parameter each : method.getParameters()) {
                Object allowed = ALLOWED.get(each.getType());
                assertThat(allowed).as("something of " + each.getType()).isNotNull();
                arguments.add(allowed);
            }
            arguments.set(parameter, null);
            try {
                method.invoke(owner, arguments.toArray());
                return null;
            } catch (InvocationTargetException e) {
                return e.getCause();
            }
        }

        @Override
        public String toString() {
            return method.getDeclaringClass().getSimpleName() + "." + method.getName() + " " + parameter + " of "
                    + method.getParameterCount();
        }
    }

    @ParameterizedTest
    @MethodSource("doors")
    void nullAnywhere_isRefusedByName(Door door) throws IllegalAccessException {
        Throwable refusal = door.callWithNull();

        assertThat(refusal).isInstanceOf(NullPointerException.class);
        // A name of one word, and not what the virtual machine says where something is used that is null.
        assertThat(refusal.getMessage()).matches("[a-zA-Z]+");
    }

    @Test
    void nullInACollection_isRefusedToo() {
        SavingsCalculator calculator = SavingsCalculator.of(new InMemoryHistoryStore(), CATALOG);

        assertThatThrownBy(() -> calculator.breakdown(Collections.singletonList(null), AWS, AT, Dimension.GPU))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("accounts holds a null");
        assertThatThrownBy(() -> calculator.reports(ACME, Collections.singletonList(null), AT))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("baselines holds a null");
    }

    @Test
    void accountThatIsNamedTwice_countsOnce() {
        InMemoryHistoryStore store = new InMemoryHistoryStore();
        Instance t4 = Instance.builder(ACME, "vm").gpu("T4", 1).build();
        store.append(List.of(UsageInterval.between(t4, InstanceState.RUNNING, AT.minusSeconds(7_200), AT)));
        SavingsCalculator calculator = SavingsCalculator.of(store, CATALOG);
        List<AccountId> twice = List.of(ACME, BOLT, ACME);
        Instant from = AT.minusSeconds(86_400);
        Instant told = Instant.now();
        store.correct(List.of(UsageInterval.between(t4, InstanceState.IDLE, AT.minusSeconds(60), AT)));

        assertThat(calculator.breakdown(twice, AWS, AT, Dimension.GPU))
                .isEqualTo(calculator.breakdown(List.of(ACME), AWS, AT, Dimension.GPU));
        assertThat(calculator.history(twice, AWS, from, AT, Granularity.DAY, ZoneOffset.UTC))
                .isEqualTo(calculator.history(List.of(ACME), AWS, from, AT, Granularity.DAY, ZoneOffset.UTC));
        assertThat(calculator.restatements(twice, AWS, told, Granularity.HOUR, ZoneOffset.UTC))
                .isEqualTo(calculator.restatements(List.of(ACME), AWS, told, Granularity.HOUR, ZoneOffset.UTC));
    }
}
