package cloud.dumont.economy.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.HostNeeds;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuFigure;
import cloud.dumont.economy.gpu.GpuMemory;
import cloud.dumont.economy.gpu.GpuResolution;
import cloud.dumont.economy.gpu.GpuSpec;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.savings.Receipt;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GivenTest {

    private static final int CASES = 2_000;

    /** An error is one line on a screen, whatever was given. */
    private static final int LONGEST_ERROR = 1_000;

    private static final String MILLION = "9".repeat(1_000_000);

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1.5", "+2", ".5", "5.", "1e3", "1E-3", "1e999999999", "00012"})
    void decimal_number_isWhatBigDecimalReads(String text) {
        assertThat(Given.decimal(text)).isEqualTo(new BigDecimal(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "1 ", "x", ".", "1e", "--1", "1e99999999999", "NaN", "0x1", "1_000"})
    void decimal_noNumber_isRefusedByItsText(String text) {
        assertThatExceptionOfType(NumberFormatException.class)
                .isThrownBy(() -> Given.decimal(text))
                .withMessageContaining("'" + text + "'");
    }

    @Test
    void shown_longText_isCut() {
        assertThat(Given.shown("x".repeat(200))).isEqualTo("x".repeat(200));
        assertThat(Given.shown("x".repeat(201))).isEqualTo("x".repeat(200) + "...");
    }

    @Test
    void shown_whatIsNotSeen_isItsCode() {
        assertThat(Given.shown("a\n\u001B[2J\u0000\u202E\uD800é🎮"))
                .isEqualTo("a\\u000A\\u001B[2J\\u0000\\u202E\\uD800é🎮");
    }

    @Test
    void shown_anyText_isShortAndSeen() {
        Law.holds(CASES, gen -> {
            String shown = Given.shown(anything(gen));
            assertThat(shown.length()).isLessThanOrEqualTo(203);
            assertThat(shown.chars().filter(Character::isISOControl)).isEmpty();
        });
    }

    @Test
    void shown_number_isPlainWhereThatIsShort() {
        assertThat(Given.shown(new BigDecimal("1E+3"))).isEqualTo("1000");
        assertThat(Given.shown(new BigDecimal("1e999999999"))).isEqualTo("1E+999999999");
        assertThat(Given.shown(new BigDecimal("1e-999999999"))).isEqualTo("1E-999999999");
    }

    private static String anything(Gen gen) {
        StringBuilder text = new StringBuilder();
        for (int left = gen.pick(0, 1, 5, 250, 5_000); left > 0; left--) {
            switch (gen.between(0, 3)) {
                case 0 -> text.append(gen.pick('0', '9', '.', '-', 'e', 'E', '+', '/'));
                case 1 -> text.append((char) gen.between(0, 0xFFFF));
                case 2 -> text.append((char) gen.between(0, 0x9F));
                default -> text.appendCodePoint(gen.between(0x10000, 0x1FFFF));
            }
        }
        return text.toString();
    }

    /** Everything in public that makes something of a text. */
    static List<Consumer<String>> readers() {
        GpuCatalog gpus = GpuCatalog.bundled();
        return List.of(
                GpuCount::parse,
                HourlyRate::usd,
                InstanceState::parse,
                PurchaseOption::parse,
                Provider::of,
                Region::of,
                InstanceType::of,
                AccountId::of,
                text -> Instance.builder(AccountId.of("acme"), text),
                text -> {
                    if (gpus.resolve(text) instanceof GpuResolution.Unknown unknown) {
                        throw new IllegalArgumentException(unknown.reason());
                    }
                },
                text -> new Receipt(Map.of("figure", text), List.of(Map.of("seconds", text)), Map.of("seal", text))
                        .verify()
                        .forEach(wrong -> assertThat(wrong.length()).isLessThan(LONGEST_ERROR)));
    }

    @ParameterizedTest
    @MethodSource("readers")
    void anyReader_givenAnything_refusesInOneShortLine(Consumer<String> reader) {
        Law.holds(CASES / 10, gen -> check(reader, anything(gen)));
        for (String huge : List.of(
                MILLION,
                "-" + MILLION,
                "0." + MILLION,
                "1e" + MILLION,
                MILLION + "g",
                "x".repeat(1_000_000),
                " ".repeat(1_000_000),
                "\u0000".repeat(1_000_000))) {
            check(reader, huge);
        }
    }

    private static void check(Consumer<String> reader, String text) {
        try {
            reader.accept(text);
        } catch (IllegalArgumentException | ArithmeticException refused) {
            assertThat(refused.getMessage().length()).isLessThan(LONGEST_ERROR);
            assertThat(refused.getMessage().chars().filter(Character::isISOControl))
                    .isEmpty();
        }
    }

    /** Everything in public that takes a number of any size. */
    static List<Consumer<BigDecimal>> takers() {
        return List.of(
                Baseline.onDemand(Provider.AWS)::withDiscount,
                number -> assertThat(new HostNeeds(Optional.of(number), Optional.empty())
                                .toString()
                                .length())
                        .isLessThan(LONGEST_ERROR),
                number -> assertThat(new HostNeeds(Optional.empty(), Optional.of(number))
                                .toString()
                                .length())
                        .isLessThan(LONGEST_ERROR),
                number -> Instance.builder(AccountId.of("acme"), "vm")
                        .vcpus(number)
                        .build(),
                number -> Instance.builder(AccountId.of("acme"), "vm")
                        .memoryGib(number)
                        .build(),
                GpuMemory::ofGib,
                HourlyRate::usd,
                number -> new GpuSpec(
                        Map.of(GpuFigure.MEMORY_GIB, new GpuSpec.Sourced(number, "a page")), Optional.empty()));
    }

    @ParameterizedTest
    @MethodSource("takers")
    void anyTaker_ofANumberThatIsTooLong_refusesItInOneShortLine(Consumer<BigDecimal> taker) {
        for (String number : List.of("1e999999999", "-1e999999999", "1e-999999999", "-1e-999999999", "1e2147483647")) {
            try {
                taker.accept(new BigDecimal(number));
            } catch (IllegalArgumentException | ArithmeticException refused) {
                assertThat(refused.getMessage().length()).isLessThan(LONGEST_ERROR);
            }
        }
    }

    @Test
    void needs_thatNobodyCanHave_areRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HostNeeds(Optional.of(new BigDecimal("1e999999999")), Optional.empty()))
                .withMessage("vCPUs must have at most 100 digits, not 1000000000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HostNeeds(Optional.empty(), Optional.of(new BigDecimal("-1"))))
                .withMessage("memory in GiB must be 0 or more, not -1");
    }

    @Test
    void discount_thatIsTooLong_isRefusedAsItWasWritten() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Baseline.onDemand(Provider.AWS).withDiscount(new BigDecimal("1e999999999")))
                .withMessage("a discount must be 0 to 100 percent with at most 4 decimals, not 1E+999999999");
    }

    @Test
    void receipt_withQuantaOfAMillionDigits_namesTheField() {
        Receipt receipt = new Receipt(
                Map.of("figure", "LIFETIME"), List.of(), Map.of("effective_quanta", MILLION, "seconds", MILLION));

        assertThat(receipt.verify())
                .isNotEmpty()
                .allSatisfy(wrong -> assertThat(wrong.length()).isLessThan(LONGEST_ERROR));
    }

    @Test
    void catalog_askedForWhatHasALongName_saysSoInOneLine() {
        PriceCatalog catalog = PriceCatalog.of(List.of());
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> catalog.checkRegion(Provider.of("x".repeat(900)), Region.of("y".repeat(900))))
                .satisfies(refused -> assertThat(refused.getMessage().length()).isLessThan(LONGEST_ERROR));
    }
}
