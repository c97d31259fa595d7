package cloud.dumont.economy.jdbc;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * By which clock a store goes. What hosts compare, such as when a source was stored last, goes by the database's: hosts' clocks differ.
 *
 * @param given by the host in place of both the system's clock and the database's; empty for these
 */
record StoreClock(Optional<InstantSource> given) {

    static final StoreClock SYSTEM = new StoreClock(Optional.empty());

    /** What a host's clock shows, in microseconds since 1970. */
    long micros() {
        return micros(given.orElseGet(InstantSource::system).instant());
    }

    /** Cut, not rounded. Nothing was ever recorded at moments that 64 bits do not reach. */
    static long micros(Instant at) {
        try {
            return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000L), at.getNano() / 1000);
        } catch (ArithmeticException beyond) {
            return at.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1000L);
    }

    /** SQL for now, in microseconds since 1970. */
    String now(Dialect dialect) {
        return given.isPresent() ? ":now" : dialect.now();
    }

    <S extends SqlStatement<S>> S bindTo(S statement) {
        return given.isPresent() ? statement.bind("now", micros()) : statement;
    }
}
