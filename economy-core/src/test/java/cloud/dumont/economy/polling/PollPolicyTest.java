package cloud.dumont.economy.polling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PollPolicyTest {

    private static final Instant THEN = Instant.EPOCH;
    private static final Duration HALF_MINUTE = Duration.ofSeconds(30);
    private static final Duration MINUTE = Duration.ofSeconds(60);

    private final PollPolicy<String> adaptive = PollPolicy.adaptive("active"::equals, HALF_MINUTE, MINUTE);

    @Test
    void adaptive_activeValue_waitsWhenActive() {
        assertEquals(HALF_MINUTE, adaptive.nextDelay(success("active")));
    }

    @Test
    void adaptive_idleValue_waitsWhenIdle() {
        assertEquals(MINUTE, adaptive.nextDelay(success("idle")));
    }

    @ParameterizedTest
    @CsvSource({"1, 30", "2, 60", "3, 120", "4, 240", "5, 480", "6, 600", "7, 600", "2147483647, 600"})
    void adaptive_failuresAfterActiveValue_doubleFromThirtySecondsToTenMinutes(int failures, long seconds) {
        assertEquals(Duration.ofSeconds(seconds), adaptive.nextDelay(failure(failures, Optional.of("active"))));
    }

    @ParameterizedTest
    @CsvSource({"1, 60", "2, 120", "3, 240", "4, 480", "5, 600"})
    void adaptive_failuresAfterIdleValue_doubleFromSixtySeconds(int failures, long seconds) {
        assertEquals(Duration.ofSeconds(seconds), adaptive.nextDelay(failure(failures, Optional.of("idle"))));
    }

    @Test
    void adaptive_failureBeforeAnyValue_countsAsIdle() {
        assertEquals(MINUTE, adaptive.nextDelay(failure(1, Optional.empty())));
    }

    @Test
    void adaptive_maximumThatDoublingHitsExactly_isReachedAndKept() {
        PollPolicy<String> policy = PollPolicy.adaptive("active"::equals, HALF_MINUTE, MINUTE, Duration.ofSeconds(120));

        assertEquals(MINUTE, policy.nextDelay(failure(2, Optional.of("active"))));
        assertEquals(Duration.ofSeconds(120), policy.nextDelay(failure(3, Optional.of("active"))));
        assertEquals(Duration.ofSeconds(120), policy.nextDelay(failure(4, Optional.of("active"))));
    }

    @Test
    void adaptive_hugeMaximum_neverOverflows() {
        Duration huge = Duration.ofSeconds(Long.MAX_VALUE);
        PollPolicy<String> policy = PollPolicy.fixed(HALF_MINUTE, huge);

        assertEquals(huge, policy.nextDelay(failure(Integer.MAX_VALUE, Optional.empty())));
    }

    @Test
    void fixed_anyOutcome_waitsTheSameUntilFailuresRepeat() {
        PollPolicy<String> policy = PollPolicy.fixed(HALF_MINUTE);

        assertEquals(HALF_MINUTE, policy.nextDelay(success("active")));
        assertEquals(HALF_MINUTE, policy.nextDelay(failure(1, Optional.empty())));
        assertEquals(MINUTE, policy.nextDelay(failure(2, Optional.empty())));
    }

    @Test
    void fixed_maximumEqualToDelay_neverBacksOff() {
        assertEquals(MINUTE, PollPolicy.<String>fixed(MINUTE, MINUTE).nextDelay(failure(9, Optional.empty())));
    }

    @Test
    void fixed_delayBeyondDefaultMaximum_isKeptAfterFailures() {
        Duration day = Duration.ofDays(1);

        assertEquals(day, PollPolicy.<String>fixed(day).nextDelay(failure(3, Optional.empty())));
    }

    @Test
    void adaptive_delayBeyondDefaultMaximum_isTheMaximumOfBoth() {
        Duration day = Duration.ofDays(1);
        PollPolicy<String> slowWhenIdle = PollPolicy.adaptive("active"::equals, HALF_MINUTE, day);
        PollPolicy<String> slowWhenActive = PollPolicy.adaptive("active"::equals, day, HALF_MINUTE);

        assertEquals(day, slowWhenIdle.nextDelay(failure(99, Optional.of("active"))));
        assertEquals(day, slowWhenActive.nextDelay(failure(99, Optional.of("idle"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S"})
    void factories_delayNotPositive_isRefusedByName(Duration bad) {
        assertRefused("delay was " + bad + " but must be longer than zero", d -> PollPolicy.fixed(d), bad);
        assertRefused("delay was " + bad + " but must be longer than zero", d -> PollPolicy.fixed(d, MINUTE), bad);
        assertRefused(
                "whenActive was " + bad + " but must be longer than zero",
                d -> PollPolicy.adaptive(value -> true, d, MINUTE),
                bad);
        assertRefused(
                "whenIdle was " + bad + " but must be longer than zero",
                d -> PollPolicy.adaptive(value -> true, MINUTE, d),
                bad);
    }

    @Test
    void factories_maximumBelowADelay_isRefusedNamingBoth() {
        String message = "maxBackoff was PT59S but must be at least PT1M, the delay when nothing fails";
        Duration tooShort = Duration.ofSeconds(59);

        assertRefused(message, d -> PollPolicy.adaptive(value -> true, HALF_MINUTE, MINUTE, d), tooShort);
        assertRefused(message, d -> PollPolicy.adaptive(value -> true, MINUTE, HALF_MINUTE, d), tooShort);
        assertRefused(message, d -> PollPolicy.fixed(MINUTE, d), tooShort);
    }

    private static void assertRefused(String message, Function<Duration, PollPolicy<String>> factory, Duration value) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> factory.apply(value))
                        .getMessage());
    }

    private static PollOutcome<String> success(String value) {
        return new PollSucceeded<>(THEN, THEN, value);
    }

    private static PollOutcome<String> failure(int inARow, Optional<String> latest) {
        return new PollFailed<>(THEN, THEN, new IllegalStateException("down"), inARow, latest);
    }
}
