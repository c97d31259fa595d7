package cloud.dumont.economy.polling;

import java.util.ArrayList;
import java.util.List;

/** Keeps what it hears. */
final class RecordingListener<T> implements PollListener<T> {

    private final List<PollEvent<? extends T>> events = new ArrayList<>();

    @Override
    public synchronized void onEvent(Poller<? extends T> poller, PollEvent<? extends T> event) {
        events.add(event);
    }

    synchronized List<PollEvent<? extends T>> events() {
        return List.copyOf(events);
    }

    /** Their kinds, without Scheduled. */
    synchronized List<String> kinds() {
        return events.stream()
                .map(event -> event.getClass().getSimpleName())
                .filter(kind -> !kind.equals("Scheduled"))
                .toList();
    }

    synchronized <E> E last(Class<E> kind) {
        return events.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .reduce((a, b) -> b)
                .orElseThrow();
    }
}
