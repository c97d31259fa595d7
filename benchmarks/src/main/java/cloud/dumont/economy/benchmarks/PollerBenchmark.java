package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.polling.PollGroup;
import cloud.dumont.economy.polling.PollPolicy;
import cloud.dumont.economy.polling.PollScheduler;
import com.sun.management.OperatingSystemMXBean;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.TimerTask;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What do many pollers cost, how late are they, and how long does a pause of the process keep them together?
 *
 * <p>Data: 100,000 tasks, half of them due every 30 s and half every 60 s, 10% sooner or later each time, first within 30 s; as they
 * are, and a hundred times as fast, where a machine feels them. Each task notes how late it is and says when it wants to be called
 * again. Ours calls it through a {@link PollGroup}, on a worker beside its scheduler's thread, with deadlines, and decides by a
 * policy; {@link ScheduledThreadPoolExecutor} (one thread) and Netty's {@link HashedWheelTimer} (ticks of ten milliseconds) call it on
 * their only thread, and it schedules itself again. Each runs in a JVM of its own. Memory is what stays in use while all are
 * scheduled, less what does once they are closed, so without the tasks; a timer that keeps its memory shows none, as Netty's does. CPU time is the whole process's, its collector and compiler included.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar pollers</pre>
 */
final class PollerBenchmark {

    static final int POLLERS = 100_000;

    private static final PrintStream OUT = System.out;
    private static final int FAST = 100;
    private static final long WARM_UP = 8;
    private static final long MEASURED = 20;

    /** Before the pause each has been called once. */
    private static final long REAL_WARM_UP = 35;

    private PollerBenchmark() {}

    static void run(int pollers) throws IOException, InterruptedException {
        OUT.println("| " + String.format(Locale.ROOT, "%,d", pollers)
                + " pollers | speed | bytes each | polls/s | CPU a poll | late: half | 99% | most |");
        OUT.println("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        for (int speed : new int[] {1, FAST}) {
            for (Contestant contestant : Contestant.values()) {
                fork(contestant.name(), Integer.toString(pollers), Integer.toString(speed));
            }
        }
    }

    private static void fork(String... arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Stream.concat(
                                Stream.of(
                                        System.getProperty("java.home") + "/bin/java",
                                        "-Xmx2g",
                                        "-XX:+UseSerialGC",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        PollerBenchmark.class.getName()),
                                Arrays.stream(arguments))
                        .toList())
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", arguments) + " ended with " + process.exitValue());
        }
    }

    /**
     * Measures one, in this JVM.
     *
     * @param arguments which, how many, and how many times as fast
     * @throws Exception if it is interrupted
     */
    public static void main(String[] arguments) throws Exception {
        Contestant contestant = Contestant.valueOf(arguments[0]);
        int pollers = Integer.parseInt(arguments[1]);
        int speed = Integer.parseInt(arguments[2]);
        Lateness lateness = new Lateness();
        Tick[] ticks = new Tick[pollers];
        for (int i = 0; i < pollers; i++) {
            ticks[i] = new Tick(lateness, TimeUnit.SECONDS.toNanos(i % 2 == 0 ? 30 : 60) / speed);
        }
        Measured measured = measure(contestant, ticks, speed, lateness);
        try {
            // After, not before: what is loaded and made once is there both times.
            long bytes = (measured.used() - heap()) / pollers;
            OUT.printf(
                    Locale.ROOT,
                    "| %s | %d | %s | %s |%n",
                    contestant.label,
                    speed,
                    bytes > 0 ? bytes : "?",
                    measured.figures());
        } finally {
            Reference.reachabilityFence(ticks);
        }
        OUT.flush();
        System.exit(0);
    }

    /** A method of its own, so that nothing of it is left on the stack. */
    private static Measured measure(Contestant contestant, Tick[] ticks, int speed, Lateness lateness)
            throws Exception {
        try (AutoCloseable running = contestant.start(ticks, TimeUnit.SECONDS.toNanos(30) / speed)) {
            try {
                String figures = measure(lateness, speed == 1 ? REAL_WARM_UP : WARM_UP);
                return new Measured(figures, heap());
            } finally {
                lateness.closed = true;
                Reference.reachabilityFence(running);
            }
        }
    }

    /** The figures of one, and the heap in use meanwhile. */
    private record Measured(String figures, long used) {}

    private static String measure(Lateness lateness, long warmUp) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        boolean ended = never.await(warmUp, TimeUnit.SECONDS);
        lateness.reset();
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long cpu = system.getProcessCpuTime();
        ended |= never.await(MEASURED, TimeUnit.SECONDS);
        cpu = system.getProcessCpuTime() - cpu;
        long polls = lateness.count.get();
        if (ended || polls == 0) {
            throw new IllegalStateException("nothing ran");
        }
        return String.format(
                Locale.ROOT,
                "%,d | %s | %s | %s | %s",
                polls / MEASURED,
                Measurement.time((double) cpu / polls),
                lateness.part(0.5),
                lateness.part(0.99),
                Measurement.time((double) lateness.most.get()));
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            System.runFinalization(); // Netty's timer has a finalizer
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** How late the ticks were, in milliseconds. */
    private static final class Lateness {

        private final AtomicIntegerArray millis = new AtomicIntegerArray(60_000);
        private final AtomicLong count = new AtomicLong();
        private final AtomicLong most = new AtomicLong();
        private volatile boolean closed;

        void add(long nanos) {
            count.incrementAndGet();
            millis.incrementAndGet((int) Math.min(millis.length() - 1L, Math.max(0, nanos) / 1_000_000));
            if (nanos > most.get()) {
                most.accumulateAndGet(nanos, Math::max);
            }
        }

        void reset() {
            for (int i = 0; i < millis.length(); i++) {
                millis.set(i, 0);
            }
            count.set(0);
            most.set(0);
        }

        String part(double part) {
            long left = (long) (count.get() * part);
            int at = 0;
            while (at < millis.length() - 1 && left > millis.get(at)) {
                left -= millis.get(at++);
            }
            return at + 1 + " ms";
        }
    }

    /** The host's task. */
    private static final class Tick implements Callable<Tick>, Runnable, TimerTask {

        private final Lateness lateness;
        private final long interval;
        private long due;

        Tick(Lateness lateness, long interval) {
            this.lateness = lateness;
            this.interval = interval;
        }

        private void poll() {
            lateness.add(System.nanoTime() - due);
        }

        /** Of the time after this, in nanoseconds. */
        long next() {
            long delay = interval - interval / 10 + ThreadLocalRandom.current().nextLong(interval / 5);
            due = System.nanoTime() + delay;
            return delay;
        }

        void first(long delay) {
            due = System.nanoTime() + delay;
        }

        @Override
        public Tick call() {
            if (due != 0) { // a group decides for itself about the first
                poll();
            }
            return this;
        }

        @Override
        public void run() {
            poll();
            Future<?> unused =
                    Objects.requireNonNull(EXECUTOR.get()).schedule((Runnable) this, next(), TimeUnit.NANOSECONDS);
        }

        @Override
        public void run(Timeout timeout) {
            poll();
            if (!lateness.closed) {
                timeout.timer().newTimeout(this, next(), TimeUnit.NANOSECONDS);
            }
        }
    }

    /** So that its tasks need no reference to it. */
    private static final AtomicReference<@Nullable ScheduledThreadPoolExecutor> EXECUTOR = new AtomicReference<>();

    private enum Contestant {
        OURS("`PollGroup`") {
            @Override
            AutoCloseable start(Tick[] ticks, long within) {
                PollPolicy<Tick> policy = (last, random) ->
                        Duration.ofNanos(last.latest().orElseThrow().next());
                PollScheduler scheduler = PollScheduler.create();
                PollGroup<Tick> group = PollGroup.<Tick>builder()
                        .policy(policy)
                        .firstWithin(Duration.ofNanos(within))
                        .scheduler(scheduler)
                        .buildGroup()
                        .start();
                for (Tick tick : ticks) {
                    group.add(tick);
                }
                return () -> {
                    group.close();
                    scheduler.close();
                };
            }
        },
        EXECUTOR_OF_THE_JDK("*`ScheduledThreadPoolExecutor`*") {
            @Override
            AutoCloseable start(Tick[] ticks, long within) {
                ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
                EXECUTOR.set(executor);
                for (Tick tick : ticks) {
                    long delay = ThreadLocalRandom.current().nextLong(within);
                    tick.first(delay);
                    Future<?> unused = executor.schedule((Runnable) tick, delay, TimeUnit.NANOSECONDS);
                }
                return executor::shutdownNow;
            }
        },
        WHEEL_OF_NETTY("*Netty's `HashedWheelTimer`*") {
            @Override
            AutoCloseable start(Tick[] ticks, long within) {
                HashedWheelTimer timer = new HashedWheelTimer(10, TimeUnit.MILLISECONDS, 4_096);
                for (Tick tick : ticks) {
                    long delay = ThreadLocalRandom.current().nextLong(within);
                    tick.first(delay);
                    timer.newTimeout(tick, delay, TimeUnit.NANOSECONDS);
                }
                return timer::stop;
            }
        };

        private final String label;

        Contestant(String label) {
            this.label = label;
        }

        abstract AutoCloseable start(Tick[] ticks, long within);
    }
}
