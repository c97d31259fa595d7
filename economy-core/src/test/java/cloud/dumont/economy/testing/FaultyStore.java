package cloud.dumont.economy.testing;

import cloud.dumont.economy.history.HistoryStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** A store that breaks down now and then while it writes: before it has written, or after, when nobody hears that it has. */
public final class FaultyStore {

    /** What breaks down. */
    public static final class Broken extends IllegalStateException {

        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message);
        }
    }

    private static final Set<String> WRITES = Set.of("append", "correct", "change", "advance");

    private FaultyStore() {}

    /**
     * A store that fails in one of {@code often} writes before it has written, and in as many after, never twice in a row.
     *
     * @param store what it writes to
     * @param gen decides when
     * @param often 2 or more
     * @return the store
     */
    public static HistoryStore of(HistoryStore store, Gen gen, int often) {
        AtomicBoolean justBroke = new AtomicBoolean();
        return (HistoryStore) Proxy.newProxyInstance(
                FaultyStore.class.getClassLoader(), new Class<?>[] {HistoryStore.class}, (proxy, method, arguments) -> {
                    boolean writes = WRITES.contains(method.getName());
                    boolean mayBreak = writes && !justBroke.getAndSet(false);
                    if (mayBreak && gen.oneIn(often)) {
                        justBroke.set(true);
                        throw new Broken("broke before");
                    }
                    Object answer;
                    try {
                        answer = method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (mayBreak && gen.oneIn(often)) {
                        justBroke.set(true);
                        throw new Broken("broke after");
                    }
                    return answer;
                });
    }
}
