package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.Economy;
import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.polling.PollListener;
import cloud.dumont.economy.polling.Poller;
import cloud.dumont.economy.savings.SavingsReport;
import cloud.dumont.economy.usage.AccountId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events: the figures of {@code /savings}, first as a {@code snapshot}, then as a {@code change} at each tick. All listeners of
 * an account and a baseline share one computation a tick, and nothing is computed while nobody listens. A listener that has not taken
 * one event by the time the next is due is cut off: it holds up nobody.
 */
final class Streams implements AutoCloseable {

    private static final int MOST = 200;
    private static final int MOST_OF_ACCOUNT = 20;
    private static final long HEARTBEAT_SECONDS = 10;
    private static final byte[] HEARTBEAT = ": still here\n\n".getBytes(StandardCharsets.UTF_8);

    private final Economy economy;
    private final Overlays overlays;
    private final Map<Question, Topic> topics = new HashMap<>();
    private final ThreadPoolExecutor writers = new ThreadPoolExecutor(
            0, MOST, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> daemon(task, "stream-writer"));
    private final ScheduledExecutorService heart =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "stream-heartbeat"));

    private int listeners;
    private boolean closed;

    Streams(Economy economy, Overlays overlays) {
        this.economy = economy;
        this.overlays = overlays;
        ScheduledFuture<?> unused =
                heart.scheduleWithFixedDelay(this::beat, HEARTBEAT_SECONDS, HEARTBEAT_SECONDS, TimeUnit.SECONDS);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private record Question(AccountId account, Baseline baseline) {}

    synchronized int listeners() {
        return listeners;
    }

    /**
     * Makes sure that there is room for one more.
     *
     * @throws HttpProblem if there is none
     */
    synchronized void checkRoom(AccountId account) {
        if (closed || listeners >= MOST) {
            throw HttpProblem.busy();
        }
        int own = topics.entrySet().stream()
                .filter(topic -> topic.getKey().account().equals(account))
                .mapToInt(topic -> topic.getValue().listeners.size())
                .sum();
        if (own >= MOST_OF_ACCOUNT) {
            throw HttpProblem.tooMany(
                    "this account has " + own + " open streams; allowed: at most " + MOST_OF_ACCOUNT,
                    HEARTBEAT_SECONDS);
        }
    }

    /** Begins to write to a listener, until it goes or this is closed. */
    void open(AccountId account, Baseline baseline, EventSink sink) {
        Topic topic;
        Listener listener;
        synchronized (this) {
            if (closed) {
                sink.close();
                return;
            }
            Question question = new Question(account, baseline);
            topic = topics.computeIfAbsent(question, any -> new Topic(question));
            listener = new Listener(topic, sink);
            topic.listeners.add(listener);
            listeners++;
        }
        topic.welcome(listener);
    }

    private void leave(Listener listener) {
        Poller<SavingsReport> unheard = null;
        synchronized (this) {
            Topic topic = listener.topic;
            if (topic.listeners.remove(listener)) {
                listeners--;
                if (topic.listeners.isEmpty() && topics.remove(topic.question, topic)) {
                    unheard = topic.poller;
                }
            }
        }
        listener.sink.close();
        if (unheard != null) {
            unheard.close();
        }
    }

    private List<Listener> all() {
        synchronized (this) {
            return topics.values().stream()
                    .flatMap(topic -> topic.listeners.stream())
                    .toList();
        }
    }

    private void beat() {
        all().forEach(Listener::beat);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        heart.shutdownNow();
        all().forEach(this::leave);
        writers.shutdown();
    }

    /** One question that some listen to the answers of. */
    private final class Topic {

        private final Question question;
        private final List<Listener> listeners = new ArrayList<>();
        private final Poller<SavingsReport> poller;
        private byte @Nullable [] latest;

        Topic(Question question) {
            this.question = question;
            poller = economy.poller(question.account(), question.baseline()).build();
            poller.listen(PollListener.onSuccess(this::tell));
            poller.start();
        }

        private void tell(SavingsReport report) {
            AccountPrices prices = overlays.prices(question.account(), economy.catalog());
            byte[] json = JsonContent.bytes(SavingsView.of(new Reported(
                    report,
                    prices.catalog().referenceRegion(question.baseline().provider()),
                    prices.onOwnTerms().contains(question.baseline().provider()),
                    question.account().equals(DemoFleet.ACCOUNT))));
            List<Listener> told;
            synchronized (Streams.this) {
                latest = json;
                told = List.copyOf(listeners);
            }
            told.forEach(listener -> listener.offer(event(listener.greeting(), json)));
        }

        private void welcome(Listener listener) {
            byte[] json;
            synchronized (Streams.this) {
                json = latest;
            }
            if (json != null) {
                listener.offer(event(listener.greeting(), json));
            }
        }
    }

    private static byte[] event(String name, byte[] json) {
        ByteArrayOutputStream event = new ByteArrayOutputStream(json.length + 32);
        event.writeBytes(("event: " + name + "\ndata: ").getBytes(StandardCharsets.UTF_8));
        event.writeBytes(json);
        event.writeBytes("\n\n".getBytes(StandardCharsets.UTF_8));
        return event.toByteArray();
    }

    private final class Listener {

        private final Topic topic;
        private final EventSink sink;
        private boolean greeted;
        private boolean writing;
        private byte @Nullable [] next;

        Listener(Topic topic, EventSink sink) {
            this.topic = topic;
            this.sink = sink;
        }

        synchronized String greeting() {
            String name = greeted ? "change" : "snapshot";
            greeted = true;
            return name;
        }

        /** Has an event written, behind the one that is being written. */
        void offer(byte[] event) {
            boolean tooSlow;
            synchronized (this) {
                tooSlow = next != null;
                next = event;
            }
            if (tooSlow) {
                leave(this);
            } else {
                write();
            }
        }

        /** Shows that the stream is alive, if nothing else is on its way. */
        void beat() {
            synchronized (this) {
                if (writing || next != null) {
                    return;
                }
                next = HEARTBEAT;
            }
            write();
        }

        private void write() {
            try {
                writers.execute(this::writeAll);
            } catch (RejectedExecutionException e) {
                leave(this);
            }
        }

        private void writeAll() {
            for (byte[] event = begin(); event != null; event = begin()) {
                try {
                    sink.write(event);
                } catch (IOException | RuntimeException e) {
                    leave(this);
                    return;
                } finally {
                    synchronized (this) {
                        writing = false;
                    }
                }
            }
        }

        private synchronized byte @Nullable [] begin() {
            byte[] event = next;
            if (writing || event == null) {
                return null;
            }
            writing = true;
            next = null;
            return event;
        }
    }
}
