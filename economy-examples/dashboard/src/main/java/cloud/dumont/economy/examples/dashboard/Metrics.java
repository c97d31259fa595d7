package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.EconomyHealth;
import cloud.dumont.economy.polling.PollStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/** What happens here, counted for Prometheus. Nothing in it speaks of one account. */
final class Metrics {

    private final Map<String, Map<Integer, LongAdder>> answers = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> nanos = new ConcurrentHashMap<>();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder inProgress = new LongAdder();

    void began() {
        inProgress.increment();
    }

    void ended() {
        inProgress.decrement();
    }

    /** An answer that was made. */
    void answered(String route, Response response, long tookNanos) {
        answers.computeIfAbsent(route, any -> new ConcurrentHashMap<>())
                .computeIfAbsent(response.status(), any -> new LongAdder())
                .increment();
        nanos.computeIfAbsent(route, any -> new LongAdder()).add(tookNanos);
        bytes.add(response.length());
    }

    /** All of it, as text. */
    Content content(EconomyHealth health, IntSupplier listeners, Instant now) {
        Text text = new Text();
        text.head("economy_http_answers_total", "counter", "Answers by route and status.");
        new TreeMap<>(answers)
                .forEach((route, byStatus) -> new TreeMap<>(byStatus)
                        .forEach((status, count) -> text.value(
                                "economy_http_answers_total",
                                "route=\"" + route + "\",status=\"" + status + "\"",
                                Long.toString(count.sum()))));
        text.head("economy_http_seconds_total", "counter", "Seconds spent on making answers, by route.");
        new TreeMap<>(nanos)
                .forEach((route, sum) ->
                        text.value("economy_http_seconds_total", "route=\"" + route + "\"", seconds(sum.sum())));
        text.single("economy_http_answer_bytes_total", "counter", "Bytes of answers, as sent.", bytes.sum());
        text.single("economy_http_in_progress", "gauge", "Requests in progress, this one too.", inProgress.sum());
        text.single("economy_stream_listeners", "gauge", "Open streams.", listeners.getAsInt());
        text.single("economy_up", "gauge", "1 if figures can be given.", isUp(health) ? 1 : 0);
        text.single(
                "economy_history_reachable",
                "gauge",
                "1 if the store of facts answers.",
                health.history().reachable() ? 1 : 0);
        text.single(
                "economy_prices_failing",
                "gauge",
                "1 if the last attempt to load prices failed.",
                health.prices().lastFailure().isPresent() ? 1 : 0);
        health.prices()
                .newestReadOn()
                .ifPresent(day -> text.single(
                        "economy_prices_age_seconds",
                        "gauge",
                        "Age of the newest price of the catalog.",
                        now.getEpochSecond() - day.atStartOfDay(ZoneOffset.UTC).toEpochSecond()));
        text.head("economy_source_stale", "gauge", "1 if a source of instances has been silent for too long.");
        for (PollStatus source : health.polling()) {
            text.value("economy_source_stale", "source=\"" + escaped(source.name()) + "\"", source.stale() ? "1" : "0");
        }
        Runtime runtime = Runtime.getRuntime();
        text.single("economy_heap_used_bytes", "gauge", "Heap in use.", runtime.totalMemory() - runtime.freeMemory());
        text.single("economy_heap_max_bytes", "gauge", "Heap at most.", runtime.maxMemory());
        return text;
    }

    private static boolean isUp(EconomyHealth health) {
        return health.status() != EconomyHealth.Status.DOWN;
    }

    private static String seconds(long nanos) {
        return String.format(
                Locale.ROOT, "%d.%09d", TimeUnit.NANOSECONDS.toSeconds(nanos), nanos % TimeUnit.SECONDS.toNanos(1));
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static final class Text implements Content {

        private final StringBuilder text = new StringBuilder();

        void head(String name, String type, String help) {
            text.append("# HELP ").append(name).append(' ').append(help).append('\n');
            text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        }

        void value(String name, String labels, String value) {
            text.append(name);
            if (!labels.isEmpty()) {
                text.append('{').append(labels).append('}');
            }
            text.append(' ').append(value).append('\n');
        }

        void single(String name, String type, String help, long value) {
            head(name, type, help);
            value(name, "", Long.toString(value));
        }

        @Override
        public String mediaType() {
            return "text/plain; version=0.0.4; charset=utf-8";
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}
