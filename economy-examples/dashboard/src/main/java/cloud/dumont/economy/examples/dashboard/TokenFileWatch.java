package cloud.dumont.economy.examples.dashboard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes tokens that are added to or struck from the file while the host runs. A file that has become wrong changes nothing. */
final class TokenFileWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TokenFileWatch.class);
    private static final long EVERY_SECONDS = 2;

    private final Path file;
    private final Tokens tokens;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "token-file");
        thread.setDaemon(true);
        return thread;
    });

    private byte[] known;

    private TokenFileWatch(Path file, Tokens tokens) {
        this.file = file;
        this.tokens = tokens;
        known = digest();
    }

    static TokenFileWatch start(Path file, Tokens tokens) {
        TokenFileWatch watch = new TokenFileWatch(file, tokens);
        ScheduledFuture<?> unused =
                watch.clock.scheduleWithFixedDelay(watch::check, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
        return watch;
    }

    /** Looks once. */
    synchronized void check() {
        byte[] now = digest();
        if (Arrays.equals(now, known)) {
            return;
        }
        known = now;
        try {
            tokens.replace(TokenFile.read(file));
            LOG.info("took the tokens of {}, which has changed", file);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("the tokens of before go on: {}", e.getMessage());
        }
    }

    private byte[] digest() {
        try {
            return Sha256.of(Files.readAllBytes(file));
        } catch (IOException e) {
            return new byte[0];
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
