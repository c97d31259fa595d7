package cloud.dumont.economy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.RateTimeline;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuMemory;
import cloud.dumont.economy.gpu.GpuResolution;
import cloud.dumont.economy.history.AccountUsage;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.history.UsageNews;
import cloud.dumont.economy.history.VouchedUsage;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.polling.PollEvent;
import cloud.dumont.economy.polling.PollOutcome;
import cloud.dumont.economy.polling.Poller;
import cloud.dumont.economy.pricing.ChangeWindow;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.NegotiatedDiscount;
import cloud.dumont.economy.pricing.OfferFilter;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceOverlay;
import cloud.dumont.economy.pricing.SustainedUseDiscount;
import cloud.dumont.economy.pricing.feed.FeedInput;
import cloud.dumont.economy.pricing.feed.FeedPart;
import cloud.dumont.economy.pricing.feed.RefreshReport;
import cloud.dumont.economy.pricing.source.KeptPrices;
import cloud.dumont.economy.pricing.source.OverlayCsv;
import cloud.dumont.economy.pricing.source.PriceImport;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.savings.SavingsReport;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.testing.Prices;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceFacts;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceKey;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.Push;
import cloud.dumont.economy.usage.UsageInterval;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Public values as JSON, by the Jackson of a host, whichever of the two it has: whole, exact, and read back as what they were. */
class JsonTest {

    private static final int CASES = 500;

    private static final Instant AT = Instant.parse("2026-08-03T10:00:00Z");
    private static final AccountId ACME = AccountId.of("acme");

    /** As Spring Boot sets them up, but for unknown properties, which fail here. */
    private enum Jackson {
        V2 {
            private final JsonMapper mapper = JsonMapper.builder()
                    .addModules(new Jdk8Module(), new JavaTimeModule(), new ParameterNamesModule())
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                    .build();

            @Override
            String write(Object value) {
                try {
                    return mapper.writeValueAsString(value);
                } catch (JsonProcessingException e) {
                    throw new IllegalArgumentException(e);
                }
            }

            @Override
            <T> T read(String json, Class<T> type) {
                try {
                    return mapper.readValue(json, type);
                } catch (JsonProcessingException e) {
                    throw new IllegalArgumentException(e);
                }
            }
        },
        V3 {
            private final tools.jackson.databind.json.JsonMapper mapper =
                    tools.jackson.databind.json.JsonMapper.builder()
                            .enable(tools.jackson.databind.DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                            .build();

            @Override
            String write(Object value) {
                return mapper.writeValueAsString(value);
            }

            @Override
            <T> T read(String json, Class<T> type) {
                return mapper.readValue(json, type);
            }
        };

        abstract String write(Object value);

        abstract <T> T read(String json, Class<T> type);
    }

    /**
     * Pollers, feeds, and what they tell within a process: it may hold a {@link Throwable}. {@code PollStatus} is what a health endpoint shows.
     * And what a feed is read with, which holds its client.
     */
    private static final Set<Class<?>> NOT_JSON =
            Set.of(Poller.class, PollOutcome.class, FeedInput.class, FeedPart.class, RefreshReport.class);

    /** What is not read back, as it holds what only its maker may put together. */
    private static final Set<Class<?>> WRITTEN_ONLY = Set.of(
            InstanceTimeline.class,
            InstanceFacts.class,
            AccountUsage.class,
            VouchedUsage.class,
            UsageNews.class,
            UsageNews.Change.class,
            PriceOverlay.class,
            OverlayCsv.class,
            KeptPrices.class,
            PriceImport.Result.class);

    /** What is written beside a record's own parts. */
    private static final Map<String, Set<String>> DERIVED =
            Map.of("SavingsTotals", Set.of("savings"), "TierTotals", Set.of("savings"), "Sum", Set.of("savings"));

    private static final Instance INSTANCE = Instance.builder(ACME, "vm-1")
            .gpu("T4", GpuCount.parse("0.5"))
            .gpuMemoryMib(15_360)
            .vcpus(new BigDecimal("100"))
            .memoryGib(new BigDecimal("0.0000001"))
            .region(Region.of("us-east-1"))
            .rate(HourlyRate.usd("0.000000001"))
            .storageRate(HourlyRate.usd("0.01"))
            .build();

    private static final PriceCatalog CATALOG =
            PriceCatalog.of(List.of(Prices.row(Provider.AWS, "us-east-1", "g4dn.xlarge", "T4", "1", "0.526")));

    /** Where not any text or number will do. */
    private static final Map<Class<?>, Object> SAMPLES = Map.ofEntries(
            Map.entry(Amount.class, Amount.ofQuanta(new BigInteger("123456789012345678901234567890"))),
            Map.entry(HourlyRate.class, HourlyRate.usd("0.526")),
            Map.entry(GpuCount.class, new GpuCount(1, 3)),
            Map.entry(Provider.class, Provider.AWS),
            Map.entry(Region.class, Region.of("us-east-1")),
            Map.entry(InstanceType.class, InstanceType.of("g4dn.xlarge")),
            Map.entry(Instance.class, INSTANCE),
            Map.entry(GpuResolution.class, new GpuResolution.Unknown("X1", "no GPU is known by that name")),
            Map.entry(ChangeWindow.class, new ChangeWindow(AT.minusSeconds(1), AT)),
            Map.entry(SustainedUseDiscount.class, new SustainedUseDiscount(List.of(100, 80, 60, 40), "a page")),
            Map.entry(
                    InstanceTimeline.class,
                    InstanceTimeline.EMPTY.plus(
                            UsageInterval.between(INSTANCE, InstanceState.RUNNING, AT, AT.plusSeconds(60)))),
            Map.entry(
                    PriceOverlay.class,
                    PriceOverlay.builder()
                            .discount(OfferFilter.of(Provider.AWS), new BigDecimal("12.5"), "a contract")
                            .build()),
            Map.entry(
                    RateTimeline.class,
                    report().lines().get(1).equivalent().match().orElseThrow().rates()),
            Map.entry(AccountId.class, ACME),
            Map.entry(InstanceId.class, INSTANCE.id()),
            Map.entry(Baseline.class, Baseline.onDemand(Provider.GCP).withDiscount(new BigDecimal("20"))),
            Map.entry(NegotiatedDiscount.class, new NegotiatedDiscount(new BigDecimal("0.0001"), "a contract")),
            Map.entry(
                    InstanceSpec.class,
                    new InstanceSpec(
                            Provider.AWS,
                            InstanceType.of("g4dn.xlarge"),
                            Optional.of("T4"),
                            Optional.of(GpuCount.ONE),
                            Optional.of(new BigDecimal("0.001")),
                            Optional.of(4),
                            Optional.of(new BigDecimal("100")))),
            Map.entry(PriceCatalog.class, CATALOG),
            Map.entry(
                    Push.class,
                    new Push(InstanceKey.of(INSTANCE), AT, InstanceState.IDLE, Optional.of(INSTANCE), "ledger", false)),
            Map.entry(Path.class, Path.of("prices.csv").toAbsolutePath()),
            Map.entry(String.class, "text"),
            Map.entry(BigDecimal.class, new BigDecimal("0.000000125")),
            Map.entry(Instant.class, AT),
            Map.entry(LocalDate.class, LocalDate.parse("2026-08-03")),
            Map.entry(Duration.class, Duration.ofSeconds(90)),
            Map.entry(int.class, 7),
            Map.entry(Integer.class, 7),
            Map.entry(long.class, 8L),
            Map.entry(Long.class, 8L),
            Map.entry(boolean.class, true));

    private static SavingsReport report() {
        InMemoryHistoryStore store = new InMemoryHistoryStore();
        store.append(List.of(
                UsageInterval.openFrom(
                        Instance.builder(ACME, "t4")
                                .gpu("T4", 1)
                                .rate(HourlyRate.usd("0.123456789"))
                                .build(),
                        InstanceState.RUNNING,
                        AT.minusSeconds(7_201)),
                UsageInterval.openFrom(
                        Instance.builder(ACME, "a100").gpu("A100", 3).build(), InstanceState.IDLE, AT.minusSeconds(1)),
                UsageInterval.openFrom(
                        Instance.builder(ACME, "x1").gpu("X1", 1).build(), InstanceState.RUNNING, AT.minusSeconds(1))));
        return SavingsCalculator.of(store, CATALOG).report(ACME, Baseline.onDemand(Provider.AWS), AT);
    }

    /** Every public record of the exported packages, and every other public class that two of are equal by what they say. */
    static Stream<Class<?>> values() {
        return new ClassFileImporter()
                .importPath(Path.of("target/classes")).stream()
                        .filter(type -> !type.getPackageName().endsWith(".csv"))
                        .map(JavaClass::reflect)
                        .filter(JsonTest::isPublic)
                        .filter(type -> type.isRecord() || comparesValues(type))
                        .filter(type -> !NOT_JSON.contains(type) && !PollEvent.class.isAssignableFrom(type))
                        .map(type -> (Class<?>) type);
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
    }

    private static boolean comparesValues(Class<?> type) {
        return !type.isInterface()
                && !type.isEnum()
                && Arrays.stream(type.getDeclaredMethods()).map(Method::getName).anyMatch("equals"::equals);
    }

    /** A value, with all its optional parts or with none of them. */
    private static Object sample(Type type, boolean whole, Map<String, Type> variables) {
        if (type instanceof TypeVariable<?> variable) {
            return sample(variables.getOrDefault(variable.getName(), String.class), whole, variables);
        }
        if (type instanceof ParameterizedType generic) {
            Class<?> raw = (Class<?>) generic.getRawType();
            Type[] arguments = generic.getActualTypeArguments();
            if (raw == Optional.class) {
                return whole ? Optional.of(sample(arguments[0], true, variables)) : Optional.empty();
            }
            if (raw == List.class) {
                return whole || arguments[0].getTypeName().endsWith(".ListPrice")
                        ? List.of(sample(arguments[0], whole, variables))
                        : List.of();
            }
            if (raw == Map.class) {
                return whole
                        ? Map.of(sample(arguments[0], true, variables), sample(arguments[1], true, variables))
                        : Map.of();
            }
            Map<String, Type> bound = new HashMap<>(variables);
            for (int i = 0; i < arguments.length; i++) {
                bound.put(raw.getTypeParameters()[i].getName(), arguments[i]);
            }
            return sample(raw, whole, bound);
        }
        Class<?> raw = (Class<?>) type;
        if (SAMPLES.containsKey(raw)) {
            return SAMPLES.get(raw);
        }
        if (raw.isEnum()) {
            return raw.getEnumConstants()[0];
        }
        assertThat(raw.isRecord())
                .as("a sample of " + raw + ", which is no record")
                .isTrue();
        RecordComponent[] components = raw.getRecordComponents();
        try {
            return raw.getDeclaredConstructor(Arrays.stream(components)
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new))
                    .newInstance(Arrays.stream(components)
                            .map(component -> sample(component.getGenericType(), whole, variables))
                            .toArray());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("a sample of " + raw, e);
        }
    }

    @ParameterizedTest
    @MethodSource("values")
    void everyValue_isWrittenWholeByBoth(Class<?> type) throws JsonProcessingException {
        Object value = sample(type, true, Map.of());

        JsonNode written = tree(Jackson.V2.write(value));

        assertThat(tree(Jackson.V3.write(value))).isEqualTo(written);
        assertThat(flaws("", written)).isEmpty();
        if (type.isRecord() && written.isObject()) {
            Set<String> parts = new TreeSet<>(DERIVED.getOrDefault(type.getSimpleName(), Set.of()));
            Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getName)
                    .forEach(parts::add);
            if (GpuResolution.class.isAssignableFrom(type)) {
                parts.add("meaning");
            }
            assertThat(names(written)).containsExactlyElementsOf(parts);
        }
    }

    @ParameterizedTest
    @MethodSource("values")
    void everyValue_readBackByBoth_isEqual(Class<?> type) {
        for (Jackson jackson : Jackson.values()) {
            for (boolean whole : List.of(true, false)) {
                Object value = sample(type, whole, Map.of());
                String json = jackson.write(value);
                if (WRITTEN_ONLY.contains(type)) {
                    assertThat(json).isNotEqualTo("{}");
                } else {
                    assertThat((Object) jackson.read(json, type)).as(json).isEqualTo(value);
                }
            }
        }
    }

    private static JsonNode tree(String json) throws JsonProcessingException {
        return new JsonMapper().readTree(json);
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.properties().forEach(property -> names.add(property.getKey()));
        return names;
    }

    /** Objects that say nothing, and numbers that some reader would round. */
    private static List<String> flaws(String path, JsonNode node) {
        List<String> flaws = new ArrayList<>();
        if (node.isObject() && node.isEmpty()) {
            flaws.add(path + " is {}");
        }
        if (node.isFloatingPointNumber()) {
            flaws.add(path + " is " + node + ", not a text");
        }
        if (node.isTextual() && node.textValue().matches("-?[0-9.]+E-?[0-9]+")) {
            flaws.add(path + " is " + node + ", not plain");
        }
        node.properties().forEach(field -> flaws.addAll(flaws(path + "." + field.getKey(), field.getValue())));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            flaws.addAll(flaws(path + "[" + i + "]", node.get(i)));
        }
        return flaws;
    }

    @ParameterizedTest
    @EnumSource
    void report_ofAFleet_isReadBackAsItWas(Jackson jackson) throws JsonProcessingException {
        SavingsReport report = report();

        String json = jackson.write(report);

        assertThat(jackson.read(json, SavingsReport.class)).isEqualTo(report);
        JsonNode written = tree(json);
        assertThat(written.at("/lifetime/effectiveCost/usd").textValue()).isEqualTo("0.246947872");
        assertThat(written.at("/lifetime/effectiveCost/quanta").textValue()).isEqualTo("889012337589");
        assertThat(written.at("/lifetime/savings/quanta").textValue())
                .isEqualTo(report.lifetime().savings().toQuanta().toString());
        assertThat(written.at("/lines/1/equivalentRate").textValue()).isEqualTo("0.526");
        assertThat(written.at("/lines/0/equivalent/query/gpu/meaning").textValue())
                .isEqualTo("ambiguous");
    }

    @ParameterizedTest
    @EnumSource
    void identifiersAndFigures_areTextsAndNumbers(Jackson jackson) {
        assertThat(jackson.write(Map.of(ACME, Provider.AWS))).isEqualTo("{\"acme\":\"AWS\"}");
        assertThat(jackson.write(List.of(
                        InstanceId.of("vm"),
                        Region.of("eu-west-1"),
                        InstanceType.of("p5.48xlarge"),
                        GpuMemory.ofMib(81_559),
                        GpuCount.of(8),
                        GpuCount.parse("0.46"),
                        new GpuCount(1, 3),
                        HourlyRate.usd("98.32"),
                        HourlyRate.ZERO)))
                .isEqualTo("[\"vm\",\"eu-west-1\",\"p5.48xlarge\",81559,\"8\",\"0.46\",\"1/3\",\"98.32\",\"0\"]");
    }

    /** Most readers make a binary fraction of it before anybody asks for a decimal one. */
    @ParameterizedTest
    @EnumSource
    void rate_asANumber_isRefused(Jackson jackson) {
        assertThatThrownBy(() -> jackson.read("0.526", HourlyRate.class)).hasMessageContaining("HourlyRate");
    }

    @ParameterizedTest
    @EnumSource
    void anyMoneyOrCount_isReadBackExactly(Jackson jackson) {
        Law.holds(CASES, gen -> {
            Amount amount = Amount.ofQuanta(gen.anyBigInteger(127));
            assertThat(jackson.read(jackson.write(amount), Amount.class)).isEqualTo(amount);
            HourlyRate rate = HourlyRate.ofNanoUsd(gen.anyLong());
            assertThat(jackson.read(jackson.write(rate), HourlyRate.class)).isEqualTo(rate);
            GpuCount count = new GpuCount(gen.between(1, 1_000_000), gen.between(1, 1_000_000));
            assertThat(jackson.read(jackson.write(count), GpuCount.class)).isEqualTo(count);
        });
    }

    @ParameterizedTest
    @EnumSource
    void instance_withoutWhatIsUnknown_isRead(Jackson jackson) {
        assertThat(jackson.read(
                        "{\"account\":\"acme\",\"id\":\"vm\",\"gpuName\":\"T4\",\"gpuCount\":\"1\"}", Instance.class))
                .isEqualTo(Instance.builder(ACME, "vm").gpu("T4", 1).build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'usd':'1.000000000'} | an amount needs quanta",
                "{'quanta':'1.5'} | an amount needs quanta",
                "{'quanta':'200000000000000000000000000000000000000'} | does not fit 128 bits",
                "{'quanta':'1000000000000000000000000000000000000000'} | an amount needs quanta",
                "{'quanta':'3600000000000','usd':'2.000000000'} | are 1.000000000 USD, but usd says otherwise"
            })
    void amount_thatIsNone_isRefusedByName(String json, String reason) {
        for (Jackson jackson : Jackson.values()) {
            assertThatThrownBy(() -> jackson.read(json.replace('\'', '"'), Amount.class))
                    .hasMessageContaining(reason);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"account", "id", "gpuCount"})
    void instance_withoutWhatItNeeds_isRefusedByName(String missing) throws JsonProcessingException {
        JsonNode json = tree(Jackson.V2.write(INSTANCE));
        ((com.fasterxml.jackson.databind.node.ObjectNode) json).remove(missing);
        for (Jackson jackson : Jackson.values()) {
            assertThatThrownBy(() -> jackson.read(json.toString(), Instance.class))
                    .hasMessageContaining(missing);
        }
    }

    @Test
    void interval_withoutState_isRefusedByName() {
        String json = Jackson.V2
                .write(UsageInterval.openFrom(INSTANCE, InstanceState.IDLE, AT))
                .replace("\"state\":\"IDLE\",", "");
        for (Jackson jackson : Jackson.values()) {
            assertThatThrownBy(() -> jackson.read(json, UsageInterval.class)).hasMessageContaining("state");
        }
    }
}
