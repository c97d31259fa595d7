package cloud.dumont.economy.polling;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Those who wait for one poller, and what it left behind; most pollers have none. Belongs to the group's lock. */
final class Audience<T> {

    /** Replaced, never changed, so that workers may read them without the lock. */
    List<PollListener<? super T>> listeners = List.of();

    List<LatestSubscription<T>> subscriptions = List.of();

    /** Completes with the next poll that begins. */
    @Nullable
    CompletableFuture<T> next;

    /** How many abandoned polls hold a thread. */
    int abandoned;

    /** The given-up work in which a listener hangs: until it returns, the poller's listeners hear nothing. */
    @Nullable
    Work deafTo;

    boolean isHeard() {
        return !listeners.isEmpty() || !subscriptions.isEmpty();
    }

    boolean isEmpty() {
        return !isHeard() && next == null && abandoned == 0 && deafTo == null;
    }

    static <E> List<E> with(List<E> list, E added) {
        return Stream.concat(list.stream(), Stream.of(added)).toList();
    }

    /** Without the first that is the very same. */
    static <E> List<E> without(List<E> list, E removed) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) == removed) {
                int index = i;
                return Stream.concat(list.stream().limit(index), list.stream().skip(index + 1L))
                        .toList();
            }
        }
        return list;
    }
}
