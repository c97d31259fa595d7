package cloud.dumont.economy.polling;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something of a group's that runs on its executor and may hang there. Its fields belong to the group's lock unless volatile. */
abstract class Work {

    /** Where it runs; none before, after, and while it waits for a future. */
    @Nullable
    Thread thread;

    /** Since when its deadline counts, in ticks. */
    int since;

    boolean cancelled;

    /** Where {@link WorkWatch} has it, and next to whom. */
    WorkWatch.@Nullable Line line;

    @Nullable
    Work before;

    @Nullable
    Work behind;

    /** The thread was interrupted, and not to cancel this. */
    boolean interruptedByHost;

    /** Given up: whoever runs it is no worker of the group's any more, and what it does is dropped. */
    volatile boolean detached;

    /** Does it; on a worker, without the lock. */
    abstract void run();

    /** What somebody waits for, and must get even if this is never run. */
    List<Runnable> owed() {
        return List.of();
    }
}
