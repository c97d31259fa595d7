package cloud.dumont.economy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.usage.InstanceTimeline;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process that writes is killed as by kill -9, again and again: whatever it has said to be stored is there, once, and what it was
 * about to store is there as a whole or not at all. {@code -Dkills=200} kills it 200 times.
 */
@Tag("full")
class KilledWriterTest {

    private static final int KILLS = Integer.getInteger("kills", 10);

    @ParameterizedTest
    @EnumSource(
            value = TestDatabase.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"H2_MEMORY", "POSTGRESQL_BY_MONTH", "POSTGRESQL_SHARDS"})
    void whatWasStoredIsThereOnce(TestDatabase database, @TempDir Path folder)
            throws IOException, InterruptedException {
        // Once this process has looked, the next writer must be able to open the file.
        String url = database.newUrl(folder).replace(";DB_CLOSE_DELAY=-1", "");
        SchemaMigrator.of(TestDatabase.unpooled(url)).migrate();
        Random random = new Random(database.ordinal());
        HistoryStore expected = new InMemoryHistoryStore();
        int stored = 0;
        int halfTold = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            int told = killedAfter(url, stored, 1 + random.nextInt(6), random.nextInt(4000));
            while (stored < told) {
                expected.append(KilledWriter.batch(stored++));
            }
            HistoryStore store = JdbcHistoryStore.create(TestDatabase.unpooled(url));
            if (!everything(store).equals(everything(expected))) {
                expected.append(KilledWriter.batch(stored++));
                halfTold++;
            }
            assertThat(everything(store)).as("after kill %d", kill).isEqualTo(everything(expected));
        }
        System.out.printf(
                "%s: killed %d times; %d batches stored, %d of them without an answer%n",
                database, KILLS, stored, halfTold);
    }

    private static List<List<InstanceTimeline>> everything(HistoryStore store) {
        return List.of(store.timelines(KilledWriter.ONE), store.timelines(KilledWriter.TWO));
    }

    /**
     * Starts a writer and kills it.
     *
     * @param from the first batch to write
     * @param batches how many it may tell to be stored, before
     * @param micros how long it has then
     * @return how many batches are known to be stored
     */
    private static int killedAfter(String url, int from, int batches, int micros)
            throws IOException, InterruptedException {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWriter.class.getName(),
                        url,
                        Integer.toString(from))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int told = from;
        try (BufferedReader output = writer.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < batches; i++) {
                told = next(output.readLine(), told);
            }
            assertThat(writer.waitFor(micros, TimeUnit.MICROSECONDS)).isFalse();
            // SIGKILL, where there is such a thing. Through the handle, because else Java forgets what the writer has
            // said.
            writer.toHandle().destroyForcibly();
            for (String line = output.readLine(); line != null && !line.isEmpty(); line = output.readLine()) {
                told = next(line, told);
            }
        }
        return told;
    }

    private static int next(String line, int told) {
        assertThat(line).as("what the writer says").isEqualTo(Integer.toString(told));
        return told + 1;
    }
}
