package cloud.dumont.economy.pricing.feed;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hands over the body of an answer as it comes, one portion at a time, so that a body of any size takes little memory; and gives up on one
 * that stalls or never ends, which the client's own timeout does not: it ends with the headers.
 *
 * <p>Read by one thread.
 */
final class TimedBody extends InputStream implements BodySubscriber<InputStream> {

    /** What a body's publisher said. */
    private sealed interface Signal {}

    private record Portion(List<ByteBuffer> buffers) implements Signal {}

    private record Failed(Throwable cause) implements Signal {}

    private record Done() implements Signal {}

    private final Duration longestSilence;
    private final long deadlineNanos;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final Deque<ByteBuffer> portion = new ArrayDeque<>();
    private volatile Flow.@Nullable Subscription subscription;
    private boolean done;
    private long count;

    /**
     * A body that has not come yet.
     *
     * @param longestSilence how long no byte may come
     * @param deadlineNanos by {@link System#nanoTime()}, when all of it has to be there
     */
    TimedBody(Duration longestSilence, long deadlineNanos) {
        this.longestSilence = longestSilence;
        this.deadlineNanos = deadlineNanos;
    }

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription publisher) {
        subscription = publisher;
        publisher.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        signals.add(new Portion(buffers));
    }

    @Override
    public void onError(Throwable cause) {
        signals.add(new Failed(cause));
    }

    @Override
    public void onComplete() {
        signals.add(new Done());
    }

    /** How many bytes have come over the network so far. */
    long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, target.length);
        if (length == 0) {
            return 0;
        }
        while (portion.isEmpty() || !portion.element().hasRemaining()) {
            if (!portion.isEmpty()) {
                portion.remove();
            } else if (done || !next()) {
                return -1;
            }
        }
        ByteBuffer buffer = portion.element();
        int read = Math.min(length, buffer.remaining());
        buffer.get(target, from, read);
        count += read;
        return read;
    }

    /** Takes the next portion; false at the end. */
    private boolean next() throws IOException {
        Signal signal = await();
        if (signal instanceof Portion next) {
            portion.addAll(next.buffers());
            Flow.Subscription publisher = subscription;
            if (publisher != null) {
                publisher.request(1);
            }
            return true;
        }
        done = true;
        if (signal instanceof Failed failed) {
            throw new IOException("the answer was cut off after " + count + " bytes", failed.cause());
        }
        return false;
    }

    private Signal await() throws IOException {
        long left = deadlineNanos - System.nanoTime();
        long silence = longestSilence.toNanos();
        try {
            Signal signal = signals.poll(Math.max(0, Math.min(left, silence)), TimeUnit.NANOSECONDS);
            if (signal == null) {
                close();
                throw new HttpTimeoutException(
                        left <= silence
                                ? "the answer had not ended when its time was up, after " + count + " bytes"
                                : "no byte came for " + longestSilence.toSeconds() + " s, after " + count + " bytes");
            }
            return signal;
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("reading was called off");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    @Override
    public void close() {
        Flow.Subscription publisher = subscription;
        if (publisher != null) {
            publisher.cancel();
        }
        done = true;
        portion.clear();
    }
}
