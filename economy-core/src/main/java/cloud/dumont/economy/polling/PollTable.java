package cloud.dumont.economy.polling;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The pollers of a group: 28 bytes each. What changes with every poll lies together, in a quarter of a cache line. Those that wait are in a heap by when they are due, those that are ready in a
 * queue, those that left in a stack; all three are threaded through their places. Not thread-safe.
 *
 * <p>Times are ticks, 32 bits that go round: they are compared by their difference, so no two may lie further apart than half the
 * circle.
 */
@SuppressWarnings(
        "EnumOrdinal") // a state is kept as its number, never outlives the process, and is read back by STATES alone
final class PollTable {

    /** Beside the public states: taken out of the table while it stood in the queue. */
    private static final int DROPPED = PollState.values().length;

    private static final PollState[] STATES = PollState.values();
    private static final int NOWHERE = -1;
    private static final int ARITY = 4;

    /** A poller's cell: when it is due, when its value was good, its flags, and its place in heap, queue or stack. */
    private static final int CELL = 4;

    private static final int DUE = 0;
    private static final int GOOD = 1;
    private static final int FLAGS = 2;
    private static final int PLACE = 3;

    // A poller's flags: 4 bits of state, 4 marks, 8 bits of failures, 16 bits of generation.
    private static final int STATE_MASK = 0xF;
    private static final int FAILURES_SHIFT = 8;
    private static final int FAILURES_MASK = 0xFF;
    private static final int GENERATION_SHIFT = 16;
    private static final int LAST_GENERATION = 0xFFFF;

    /** The source asked to be left alone until it is due. */
    static final int HELD = 1 << 4;

    /** Its turn at the call limit is when it is due. */
    static final int TURN = 1 << 5;

    /** Poll once more as soon as this poll has ended. */
    static final int AGAIN = 1 << 6;

    /** It was paused, and somebody came. */
    static final int RESUMED = 1 << 7;

    static final int MOST_FAILURES = FAILURES_MASK;

    private @Nullable Object[] tasks;
    private @Nullable Object[] values;
    private int[] cells;
    private int[] heap;

    private int waiting;
    private int readyFirst = NOWHERE;
    private int readyLast = NOWHERE;
    private int ready;
    private int free = NOWHERE;
    private int top;
    private int size;

    PollTable(int capacity) {
        tasks = new Object[capacity];
        values = new Object[capacity];
        cells = new int[capacity * CELL];
        heap = new int[capacity];
    }

    /** Adds a new poller and says where. */
    int add(Object task) {
        int slot = free;
        if (slot == NOWHERE) {
            if (top == tasks.length) {
                grow();
            }
            slot = top++;
        } else {
            free = cells[at(slot, PLACE)];
        }
        tasks[slot] = task;
        cells[at(slot, FLAGS)] &= LAST_GENERATION << GENERATION_SHIFT;
        cells[at(slot, PLACE)] = NOWHERE;
        size++;
        return slot;
    }

    /** By an eighth: a table that has just grown wastes little, and growing costs a few moves a poller. */
    private void grow() {
        int capacity = tasks.length + Math.max(4, tasks.length / 8);
        tasks = Arrays.copyOf(tasks, capacity);
        values = Arrays.copyOf(values, capacity);
        cells = Arrays.copyOf(cells, capacity * CELL);
        heap = Arrays.copyOf(heap, capacity);
    }

    /** Takes a poller out; handles of its generation are dead from now on. */
    void remove(int slot) {
        boolean queued = state(slot) == PollState.READY;
        leaveHeap(slot);
        tasks[slot] = null;
        values[slot] = null;
        size--;
        int generation = generation(slot) + 1;
        cells[at(slot, FLAGS)] = (generation << GENERATION_SHIFT) | (queued ? DROPPED : PollState.CLOSED.ordinal());
        if (!queued) {
            release(slot);
        } else {
            ready--;
        }
    }

    private void release(int slot) {
        if (generation(slot)
                < LAST_GENERATION) { // else the slot is worn out: a handle could meet its own generation again
            cells[at(slot, PLACE)] = free;
            free = slot;
        }
    }

    private static int at(int slot, int part) {
        return slot * CELL + part;
    }

    int size() {
        return size;
    }

    /** One more than the highest slot in use. */
    int top() {
        return top;
    }

    int generation(int slot) {
        return cells[at(slot, FLAGS)] >>> GENERATION_SHIFT;
    }

    boolean holds(int slot, int generation) {
        return generation(slot) == generation && isTaken(slot);
    }

    boolean isTaken(int slot) {
        return tasks[slot] != null;
    }

    PollState state(int slot) {
        int state = cells[at(slot, FLAGS)] & STATE_MASK;
        return state == DROPPED ? PollState.CLOSED : STATES[state];
    }

    Object task(int slot) {
        return Objects.requireNonNull(tasks[slot], "task");
    }

    @Nullable
    Object value(int slot) {
        return values[slot];
    }

    /** When the value was good; nothing without a value. */
    int goodAt(int slot) {
        return cells[at(slot, GOOD)];
    }

    int due(int slot) {
        return cells[at(slot, DUE)];
    }

    int failures(int slot) {
        return (cells[at(slot, FLAGS)] >>> FAILURES_SHIFT) & FAILURES_MASK;
    }

    boolean is(int slot, int mark) {
        return (cells[at(slot, FLAGS)] & mark) != 0;
    }

    void mark(int slot, int mark) {
        cells[at(slot, FLAGS)] |= mark;
    }

    void unmark(int slot, int mark) {
        cells[at(slot, FLAGS)] &= ~mark;
    }

    void succeeded(int slot, Object value, int goodAt) {
        values[slot] = value;
        cells[at(slot, GOOD)] = goodAt;
        cells[at(slot, FLAGS)] &= ~(FAILURES_MASK << FAILURES_SHIFT);
    }

    /** Counts up to {@link #MOST_FAILURES} and stays there. */
    void failed(int slot) {
        if (failures(slot) < MOST_FAILURES) {
            cells[at(slot, FLAGS)] += 1 << FAILURES_SHIFT;
        }
    }

    void pause(int slot) {
        leaveHeap(slot);
        set(slot, PollState.PAUSED);
    }

    /** Lets it wait until a tick. */
    void await(int slot, int due) {
        leaveHeap(slot);
        set(slot, PollState.WAITING);
        cells[at(slot, DUE)] = due;
        siftUp(waiting++, slot);
    }

    /** Puts it at the end of the queue; when it was due stays as it is. */
    void enqueue(int slot) {
        leaveHeap(slot);
        set(slot, PollState.READY);
        cells[at(slot, PLACE)] = NOWHERE;
        if (readyLast == NOWHERE) {
            readyFirst = slot;
        } else {
            cells[at(readyLast, PLACE)] = slot;
        }
        readyLast = slot;
        ready++;
    }

    /** The same, due at a tick. */
    void enqueue(int slot, int due) {
        enqueue(slot);
        cells[at(slot, DUE)] = due;
    }

    int ready() {
        return ready;
    }

    /** Takes the first of the queue, which then is RUNNING; or -1. */
    int takeReady() {
        while (readyFirst != NOWHERE) {
            int slot = readyFirst;
            readyFirst = cells[at(slot, PLACE)];
            if (readyFirst == NOWHERE) {
                readyLast = NOWHERE;
            }
            cells[at(slot, PLACE)] = NOWHERE;
            if ((cells[at(slot, FLAGS)] & STATE_MASK) == PollState.READY.ordinal()) {
                ready--;
                set(slot, PollState.RUNNING);
                return slot;
            }
            cells[at(slot, FLAGS)] = (cells[at(slot, FLAGS)] & ~STATE_MASK) | PollState.CLOSED.ordinal();
            release(slot);
        }
        return NOWHERE;
    }

    /** How many wait for their time. */
    int waiting() {
        return waiting;
    }

    /** Who is due first; only if somebody waits. */
    int first() {
        return heap[0];
    }

    private void set(int slot, PollState state) {
        cells[at(slot, FLAGS)] = (cells[at(slot, FLAGS)] & ~STATE_MASK) | state.ordinal();
    }

    private void leaveHeap(int slot) {
        if (state(slot) != PollState.WAITING) {
            return;
        }
        int place = cells[at(slot, PLACE)];
        int last = heap[--waiting];
        if (last != slot) {
            if (place > 0 && isBefore(last, heap[(place - 1) / ARITY])) {
                siftUp(place, last);
            } else {
                siftDown(place, last);
            }
        }
        cells[at(slot, PLACE)] = NOWHERE;
    }

    private boolean isBefore(int slot, int other) {
        return cells[at(slot, DUE)] - cells[at(other, DUE)] < 0;
    }

    private void siftUp(int from, int slot) {
        int place = from;
        while (place > 0) {
            int parent = (place - 1) / ARITY;
            if (!isBefore(slot, heap[parent])) {
                break;
            }
            put(place, heap[parent]);
            place = parent;
        }
        put(place, slot);
    }

    private void siftDown(int from, int slot) {
        int place = from;
        while (true) {
            int least = place * ARITY + 1;
            if (least >= waiting) {
                break;
            }
            int end = Math.min(least + ARITY, waiting);
            for (int child = least + 1; child < end; child++) {
                if (isBefore(heap[child], heap[least])) {
                    least = child;
                }
            }
            if (!isBefore(heap[least], slot)) {
                break;
            }
            put(place, heap[least]);
            place = least;
        }
        put(place, slot);
    }

    private void put(int place, int slot) {
        heap[place] = slot;
        cells[at(slot, PLACE)] = place;
    }
}
