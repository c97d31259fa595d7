package cloud.dumont.economy.polling;

import java.lang.reflect.Method;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a scheduler that makes its own: as many as its pollers ask for at once, none while there is nothing to do.
 *
 * <p>None keeps the context class loader or the inheritable thread locals of the thread that happened to be there when it was
 * made: a worker may outlive the web application that called first.
 */
final class PollWorkers implements Executor {

    private static final long IDLE_SECONDS = 5;

    private final ThreadPoolExecutor threads;

    PollWorkers() {
        threads = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory());
    }

    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }

    /** Interrupts what runs and refuses the rest; waits for nothing. */
    void close() {
        threads.shutdownNow();
    }

    /** A daemon thread that holds on to nothing of its maker's. */
    static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(null, work, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        return thread;
    }

    private static ThreadFactory factory() {
        AtomicLong number = new AtomicLong();
        VirtualThreads virtual = VirtualThreads.find();
        return work -> {
            String name = "economy-poll-" + number.incrementAndGet();
            Thread thread = virtual == null ? null : virtual.unstarted(work, name);
            return thread == null ? daemon(work, name) : thread;
        };
    }

    /** {@code Thread.ofVirtual()} without compiling for it. */
    private record VirtualThreads(Method ofVirtual, Method name, Method inherit, Method unstarted) {

        /** Before 24, a thread that waits inside a monitor holds its carrier: two hung sources would stop all others. */
        private static final int FIRST_THAT_UNMOUNTS_IN_MONITORS = 24;

        static @Nullable VirtualThreads find() {
            if (Runtime.version().feature() < FIRST_THAT_UNMOUNTS_IN_MONITORS) {
                return null;
            }
            try {
                Class<?> builder = Class.forName("java.lang.Thread$Builder");
                return new VirtualThreads(
                        Thread.class.getMethod("ofVirtual"),
                        builder.getMethod("name", String.class),
                        builder.getMethod("inheritInheritableThreadLocals", boolean.class),
                        builder.getMethod("unstarted", Runnable.class));
            } catch (ReflectiveOperationException e) {
                return null;
            }
        }

        @Nullable
        Thread unstarted(Runnable work, String threadName) {
            try {
                Object builder = ofVirtual.invoke(null);
                name.invoke(builder, threadName);
                inherit.invoke(builder, false);
                Thread thread = (Thread) unstarted.invoke(builder, work);
                thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
                return thread;
            } catch (ReflectiveOperationException e) {
                return null;
            }
        }
    }
}
