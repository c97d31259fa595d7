package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.jdbc.JdbcHistoryStore;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.Observation;
import cloud.dumont.economy.usage.ObservedInstance;
import cloud.dumont.economy.usage.UsageLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to take in a listing of a whole fleet?
 *
 * <p>Data: 100,000 instances, 20 of each of 5,000 accounts. A listing without news shows them all, 30 seconds after the one before. In one of
 * news only, every instance is new to the store; it is shown to a ledger of its own, in accounts of its own.
 *
 * <p>A time is wall time of one listing; memory and PostgreSQL with its usual promises.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar Observe</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xmx3g"})
public class ObserveBenchmark {

    private static final int INSTANCES_AN_ACCOUNT = 20;
    private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");
    private static final long SECONDS_A_POLL = 30;

    /** Where it is stored. */
    @Param({"memory", "postgresql"})
    public String store = "";

    /** How many accounts there are, with 20 instances each. */
    @Param({"5000"})
    public int accounts;

    private Optional<BenchmarkDatabase> server = Optional.empty();
    private Path folder;
    private HistoryStore history;
    private UsageLedger ledger;
    private List<ObservedInstance> fleet = List.of();
    private Instant now = SINCE;

    /** Filled by {@link #start()}. */
    @SuppressWarnings("NullAway.Init") // JMH calls it and then start()
    public ObserveBenchmark() {}

    /** Every instance has been shown once. */
    @Setup
    public void start() throws IOException {
        folder = Files.createTempDirectory("economy-observe");
        if (!store.equals("memory")) {
            BenchmarkDatabase database = BenchmarkDatabase.start(store, folder);
            server = Optional.of(database);
            history = JdbcHistoryStore.create(database.dataSource());
        } else {
            history = new InMemoryHistoryStore();
        }
        ledger = UsageLedger.builder(history).time(() -> now).build();
        fleet = listing(0);
        requireAll(ledger.observe(fleet, now));
    }

    /** Time goes on. */
    @Setup(Level.Invocation)
    public void goOn() {
        now = now.plusSeconds(SECONDS_A_POLL);
    }

    /** Instances of which nobody has heard. */
    @State(Scope.Benchmark)
    public static class Newcomers {

        private int fleets;
        private List<ObservedInstance> listing = List.of();

        /** Filled by {@link #come}. */
        public Newcomers() {}

        /** Others each time. */
        @Setup(Level.Invocation)
        public void come(ObserveBenchmark benchmark) {
            listing = benchmark.listing(++fleets * benchmark.accounts);
        }
    }

    private List<ObservedInstance> listing(int firstAccount) {
        return UsageRows.fleet(firstAccount, accounts, INSTANCES_AN_ACCOUNT).stream()
                .map(instance -> new ObservedInstance(instance, InstanceState.RUNNING))
                .toList();
    }

    /** The database goes. */
    @TearDown
    public void stop() throws IOException {
        if (server.isPresent()) {
            server.get().close();
        }
        BenchmarkDatabase.delete(folder);
    }

    /** Nothing has changed. */
    @Benchmark
    @Goal(question = "take in a listing without news", at = "accounts=5000, store=memory", nanos = 150e6)
    @Goal(question = "take in a listing without news", at = "accounts=5000, store=postgresql", nanos = 1e9)
    public int withoutNews() {
        return requireAll(ledger.observe(fleet, now));
    }

    /** Every instance is new. */
    @Benchmark
    @Goal(question = "take in a listing of new instances", at = "accounts=5000, store=postgresql", nanos = 5e9)
    public int newsOnly(Newcomers newcomers) {
        UsageLedger own = UsageLedger.builder(history).time(() -> now).build();
        return requireAll(own.observe("fleet-" + newcomers.fleets, newcomers.listing, now));
    }

    private int requireAll(Observation observation) {
        int all = accounts * INSTANCES_AN_ACCOUNT;
        if (observation.taken() != all) {
            throw new IllegalStateException("of " + all + " instances " + observation.taken() + " were taken: "
                    + observation.findings().stream().limit(3).toList());
        }
        return observation.taken();
    }
}
