package cloud.dumont.economy.polling;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps every event it is told, in order. */
final class RecordingListener<T> implements PollListener<T> {

    private final List<PollEvent<? extends T>> events = new CopyOnWriteArrayList<>();

    @Override
    public void onEvent(PollEvent<? extends T> event) {
        events.add(event);
    }

    List<PollEvent<? extends T>> events() {
        return List.copyOf(events);
    }

    /** The simple names of the events' types, for tests that care about the order alone. */
    List<String> kinds() {
        return events.stream().map(event -> event.getClass().getSimpleName()).toList();
    }

    PollEvent<? extends T> last() {
        return events.get(events.size() - 1);
    }
}
