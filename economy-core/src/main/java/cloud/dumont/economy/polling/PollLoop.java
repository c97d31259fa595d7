package cloud.dumont.economy.polling;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state machine behind a group of pollers.
 *
 * <p>The scheduler's thread only moves pollers that are due into a queue, cancels what is overdue and gives up what ignored that.
 * Everything of the host's (tasks, policy, listeners, futures) runs on workers: loops on the executor that take one {@link Work}
 * after the other and end when there is none. A worker whose work was given up is no longer counted, so another takes its place.
 *
 * <p>All state is under one lock, in which nothing of the host's is called but its clock and its scheduler.
 */
final class PollLoop<T> {

    static final Duration DEFAULT_DELAY = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(PollLoop.class);
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int SECOND = (int) (TimeUnit.SECONDS.toNanos(1) / TICK);
    private static final long AGE_UNIT = TimeUnit.MILLISECONDS.toNanos(100);

    /** How late a poll must be for the delay to be taken for a pause of the process. */
    private static final int PAUSE = SECOND;

    /** So many polls at once are no burst, whatever the interval. */
    private static final int FEW = 8;

    /** The longest time between two looks at the table. */
    private static final int FIRST_CAPACITY = 16;

    private static final int LONGEST_SLEEP = 3_600 * SECOND;

    /** A queue this many times as long as what was taken from it since the last wake-up needs more workers. */
    private static final int BACKLOG = 4;

    /** The weight of the latest delay in their mean is 1/64. */
    private static final int MEAN_SHIFT = 6;

    private final PollRules<T> rules;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PollTable table;
    private final Map<Integer, Audience<T>> audiences = new HashMap<>();

    /** Whether anybody listens to a single poller, or waits for one: read without the lock, to save it. */
    private volatile boolean attended;

    private final ArrayDeque<Work> jobs = new ArrayDeque<>();
    private final WorkWatch watch;
    private final Teller<T> teller;
    private final long origin;
    private final AgeClock ages;
    private final int deadlineTicks;
    private final int staleAfter;

    private boolean started;
    private boolean closed;
    private boolean ended;
    private boolean endsItself;

    private int workers;
    private int busy;
    private int inProgress;
    private int takenSinceWake;
    private int notBefore;
    private boolean refused;
    private long meanDelay;

    private PollScheduler.@Nullable Cancellable wake;
    private int wakeAt;

    private @Nullable T lastValue;
    private int lastGoodAt;

    PollLoop(PollRules<T> rules) {
        this.rules = rules;
        table = new PollTable(rules.alone() ? 1 : FIRST_CAPACITY);
        origin = rules.scheduler().nanoTime();
        ages = new AgeClock(origin, rules.time().instant());
        deadlineTicks = ticks(rules.deadline());
        staleAfter = (int) Math.min(Integer.MAX_VALUE, rules.staleAfter().toNanos() / AGE_UNIT);
        watch = new WorkWatch(deadlineTicks, Math.min(deadlineTicks, SECOND));
        teller = new Teller<>(rules);
        meanDelay = (long) ticks(DEFAULT_DELAY) << MEAN_SHIFT;
    }

    PollRules<T> rules() {
        return rules;
    }

    Teller<T> teller() {
        return teller;
    }

    // ------------------------------------------------------------------ life

    void start() {
        List<Poller<T>> begun = new ArrayList<>();
        lock.lock();
        try {
            requireOpen();
            if (started) {
                return;
            }
            started = true;
            for (int slot = 0; slot < table.top(); slot++) {
                if (table.isTaken(slot)) {
                    begun.add(new Poller<>(this, slot, table.generation(slot)));
                }
            }
        } finally {
            lock.unlock();
        }
        begin(begun);
    }

    Poller<T> add(Object task) {
        Poller<T> added;
        boolean begins;
        lock.lock();
        try {
            requireOpen();
            int slot = table.add(task);
            added = new Poller<>(this, slot, table.generation(slot));
            begins = started;
        } finally {
            lock.unlock();
        }
        if (begins) {
            begin(List.of(added));
        }
        return added;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(rules.name() + " is closed");
        }
    }

    /** Schedules the first polls; their announcements come first, on the caller's thread. */
    private void begin(List<Poller<T>> pollers) {
        int bound = ticks(rules.firstWithin());
        for (Poller<T> poller : pollers) {
            int delay = bound <= 1 ? 0 : rules.random().get().nextInt(bound);
            if (!rules.listeners().isEmpty()) {
                PollFacts facts;
                lock.lock();
                try {
                    facts = facts(poller.slot(), 1, Duration.ZERO, Optional.of(after(delay * TICK)));
                } finally {
                    lock.unlock();
                }
                teller.tell(null, poller, null, new PollEvent.Scheduled<>(facts));
            }
            lock.lock();
            try {
                if (!table.holds(poller.slot(), poller.generation()) || table.state(poller.slot()) != PollState.NEW) {
                    continue; // a listener closed or nudged it
                }
                int due = tickIn(delay * TICK);
                table.await(poller.slot(), due);
                planWake(due);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Returns within the close deadline; nothing begins from then on. */
    void close() {
        List<Farewell<T>> farewells = new ArrayList<>();
        boolean byItself;
        boolean first;
        lock.lock();
        try {
            byItself = watch.all().anyMatch(work -> work.thread == Thread.currentThread());
            first = !closed;
            closed = true;
            endsItself |= first && byItself;
            for (int slot = 0; slot < table.top(); slot++) {
                if (table.isTaken(slot)) {
                    Farewell<T> farewell = retire(slot);
                    if (farewell != null) {
                        farewells.add(farewell);
                    }
                }
            }
        } finally {
            lock.unlock();
        }
        if (first) {
            bid(farewells);
        } else if (!byItself) {
            awaitEnd();
        }
        if (first && !byItself) {
            end();
        } // else the worker that runs this ends the group when it has ended its work
    }

    /** What is in progress now is given up; nobody takes up anything more. */
    private void end() {
        List<Runnable> owed;
        lock.lock();
        try {
            if (ended) {
                return;
            }
            ended = true;
            if (wake != null) {
                wake.cancel();
                wake = null;
            }
            watch.all().toList().forEach(this::giveUp);
            owed = jobs.stream().flatMap(job -> job.owed().stream()).toList();
            jobs.clear();
            audiences.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (!owed.isEmpty()) { // the executor did not get to it, and what depends on these futures may hang
            PollWorkers.daemon(() -> owed.forEach(Runnable::run), rules.name() + "-close")
                    .start();
        }
        PollScheduler own = rules.ownScheduler();
        if (own != null) {
            own.close();
        }
    }

    private void awaitEnd() {
        lock.lock();
        try {
            awaitAll(() -> ended, rules.closeDeadline().toNanos());
        } finally {
            lock.unlock();
        }
    }

    void close(int slot, int generation) {
        Farewell<T> farewell;
        lock.lock();
        try {
            farewell = table.holds(slot, generation) ? retire(slot) : null;
        } finally {
            lock.unlock();
        }
        if (farewell != null) {
            bid(List.of(farewell));
        }
    }

    /** Takes a poller out of the table. What follows is waited for by {@link #bid}; null if nothing does. */
    private @Nullable Farewell<T> retire(int slot) {
        Audience<T> audience = audiences.remove(slot);
        attended = !audiences.isEmpty();
        Poller<T> poller = new Poller<>(this, slot, table.generation(slot));
        PollFacts facts = facts(slot, table.failures(slot) + 1, Duration.ZERO, Optional.empty());
        Call<T> running = table.state(slot) == PollState.RUNNING ? callOf(slot) : null;
        if (rules.alone()) {
            lastValue = valueOf(slot);
            lastGoodAt = table.goodAt(slot);
        }
        table.remove(slot);
        if (running == null && audience == null && rules.listeners().isEmpty()) {
            return null;
        }
        Farewell<T> farewell = new Farewell<>(this, poller, facts, audience);
        if (running == null) {
            jobs.add(farewell);
        } else {
            farewell.after = running;
            running.farewell = farewell;
            if (running.thread == Thread.currentThread()) {
                running.silenced = true;
                farewell.done = true; // it cannot be waited for by itself
            }
        }
        return farewell;
    }

    private @Nullable Call<T> callOf(int slot) {
        return watch.all()
                .map(this::asCall)
                .filter(call -> call != null && call.slot == slot && call.generation == table.generation(slot))
                .findFirst()
                .orElse(null);
    }

    @SuppressWarnings("unchecked") // only this group's calls are among its works
    private @Nullable Call<T> asCall(Work work) {
        return work instanceof Call<?> call ? (Call<T>) call : null;
    }

    /** Lets what is in progress end, then cancels it, then gives it up: half of the deadline for each of the first two. */
    private void bid(List<Farewell<T>> farewells) {
        launchWanted();
        long half = rules.closeDeadline().toNanos() / 2;
        List<Farewell<T>> left = awaitDone(farewells, half);
        if (left.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            left.forEach(farewell -> cancel(farewell.after == null ? farewell : farewell.after));
        } finally {
            lock.unlock();
        }
        launchWanted();
        left = awaitDone(left, Thread.currentThread().isInterrupted() ? 0 : half);
        lock.lock();
        try {
            for (Farewell<T> farewell : left) {
                LOG.warn("{}: a poll or a listener still runs {} after close", rules.name(), rules.closeDeadline());
                farewell.done = true;
                if (farewell.after != null) {
                    giveUp(farewell.after);
                }
                giveUp(farewell);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Those that are not done in time. */
    private List<Farewell<T>> awaitDone(List<Farewell<T>> farewells, long nanos) {
        lock.lock();
        try {
            awaitAll(() -> farewells.stream().allMatch(farewell -> farewell.done), nanos);
            return farewells.stream().filter(farewell -> !farewell.done).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a condition, but no longer once the caller is interrupted, which stays so. */
    private void awaitAll(BooleanSupplier condition, long nanos) {
        long left = nanos;
        try {
            while (left > 0 && !condition.getAsBoolean()) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void done(Farewell<T> farewell) {
        lock.lock();
        try {
            farewell.done = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ------------------------------------------------------------------ the scheduler's thread

    private void wake() {
        int start;
        lock.lock();
        try {
            wake = null;
            if (ended) {
                return;
            }
            int tick = tick();
            admit(tick);
            watch.overdue(tick).forEach(this::cancel);
            watch.lost(tick).forEach(this::giveUp);
            start = workersWanted(tick);
            takenSinceWake = 0;
            planNextWake(tick);
        } finally {
            lock.unlock();
        }
        launch(start);
    }

    /**
     * Queues those that are due. After a pause of the process (a long collection, a stopped or sleeping computer) many are late at
     * once: as many as a second usually sees run now, the others are spread over the usual interval, or they would stay together
     * for good.
     */
    private void admit(int tick) {
        int interval = (int) (meanDelay >> MEAN_SHIFT);
        int allowed = Math.max(FEW, (int) ((long) table.size() * SECOND / Math.max(SECOND, interval)));
        boolean paused = table.waiting() > 0 && tick - table.due(table.first()) > PAUSE;
        while (table.waiting() > 0) {
            int slot = table.first();
            if (tick - table.due(slot) < 0) {
                return;
            }
            if (paused && allowed-- <= 0) {
                table.unmark(slot, PollTable.HELD);
                table.await(slot, tick + 1 + rules.random().get().nextInt(Math.max(1, interval)));
            } else {
                table.enqueue(slot);
            }
        }
    }

    /** Interrupts it; the future of a poll without a thread is cancelled by a worker. */
    private void cancel(Work work) {
        if (work.detached) {
            return;
        }
        watch.cancel(work, tick());
        if (work.thread != null) {
            work.thread.interrupt();
        }
        Call<T> call = asCall(work);
        if (call != null && call.future != null && !call.ended) {
            jobs.add(new Cancellation(call.future));
        }
    }

    /** Counts its worker out. A poll counts as failed, and a stand-in concludes it. */
    private void giveUp(Work work) {
        if (work.detached) {
            return;
        }
        work.detached = true;
        watch.end(work);
        if (work.thread != null) {
            workers--;
            busy--;
        }
        Call<T> call = asCall(work);
        if (call != null) {
            giveUpCall(call);
        } else if (work instanceof Farewell<?> farewell) {
            farewell.done = true;
        }
        changed.signalAll();
    }

    private void giveUpCall(Call<T> call) {
        boolean there = table.holds(call.slot, call.generation);
        if (call.thread != null && there) {
            call.left = audience(call.slot);
            call.left.abandoned++;
            call.left.deafTo = call.announcing ? call : call.left.deafTo;
        }
        if (there && !call.ended) {
            table.failed(call.slot);
            Call<T> standIn = new Call<>(call, call.left == null ? 0 : call.left.abandoned);
            standIn.failure = new TimeoutException(
                    "no answer within " + rules.deadline() + ", and none to its cancellation: abandoned");
            watch.begin(standIn, tick());
            jobs.add(standIn);
            return;
        }
        inProgress--;
        if (call.requested != null) {
            jobs.add(new Completion<>(call));
        }
        if (there) {
            settle(call, nanos());
        } else if (call.farewell != null && !call.farewell.done) {
            jobs.add(call.farewell);
        }
    }

    private void planNextWake(int tick) {
        int next = watch.untilNext(tick, LONGEST_SLEEP);
        if (table.waiting() > 0) {
            next = Math.min(next, table.due(table.first()) - tick);
        }
        if (table.ready() > 0 && !closed && inProgress < rules.concurrency()) {
            next = Math.min(next, 1);
        }
        if (next < LONGEST_SLEEP || table.waiting() > 0) {
            planWake(tick + Math.max(0, next));
        }
    }

    /** Makes sure that the group wakes up at a tick or before. */
    private void planWake(int at) {
        if (ended || (wake != null && wakeAt - at <= 0)) {
            return;
        }
        PollScheduler.Cancellable later = wake;
        long now = nanos();
        int tick = (int) (now / TICK);
        try {
            wake = rules.scheduler()
                    .schedule(this::wake, Duration.ofNanos(Math.max(0, (now / TICK + (at - tick)) * TICK - now)));
            wakeAt = at;
        } catch (RejectedExecutionException e) {
            LOG.error("{}: the scheduler is closed, so polling stops", rules.name(), e);
        }
        if (later != null) {
            later.cancel();
        }
    }

    // ------------------------------------------------------------------ workers

    /** Counts in, and says, how many workers to start. */
    private int workersWanted(int tick) {
        boolean polls = table.ready() > 0 && !closed && inProgress < rules.concurrency();
        if (ended || workers > busy || (jobs.isEmpty() && !polls) || (refused && tick - notBefore < 0)) {
            return 0; // nothing to do, or one who is about to look for it
        }
        int wanted = 1;
        if (jobs.isEmpty()) {
            int most = rules.concurrency() - workers;
            int backlog = table.ready() > BACKLOG * takenSinceWake ? Math.max(1, workers) : 0;
            wanted = workers == 0 ? 1 : Math.min(Math.min(backlog, table.ready()), most);
        }
        workers += Math.max(0, wanted);
        return Math.max(0, wanted);
    }

    private void launch(int start) {
        for (int i = 0; i < start; i++) {
            try {
                rules.executor().execute(this::work);
            } catch (Throwable refusal) {
                refused(refusal, start - i);
                rethrowIfJvmFails(refusal);
                return;
            }
        }
    }

    /** Tries again in a second: what is due stays in the queue, and its lateness shows. */
    private void refused(Throwable refusal, int notStarted) {
        lock.lock();
        try {
            workers -= notStarted;
            notBefore = tick() + SECOND;
            if (!refused) {
                LOG.warn("{}: the executor refused; it is asked again every second", rules.name(), refusal);
            }
            refused = true;
            planWake(notBefore);
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        boolean interrupted = false; // by the host, who wants its thread to end
        VirtualMachineError fatal = null;
        Work work = null;
        do {
            if (work != null) {
                try {
                    work.run();
                } catch (VirtualMachineError e) {
                    fatal = e;
                } catch (Throwable e) {
                    LOG.error("{}: a bug of the poller's", rules.name(), e);
                }
                if (work instanceof Call<?> call && call.fatal != null) {
                    fatal = call.fatal;
                }
            }
            Work done = work;
            work = next(done, fatal != null);
            interrupted |= done != null && done.interruptedByHost;
        } while (work != null);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (fatal != null) {
            throw fatal;
        }
    }

    /** Ends the work that the worker has done and gives it the next; null if the worker is to end. */
    private @Nullable Work next(@Nullable Work last, boolean failing) {
        int start;
        boolean isLast;
        lock.lock();
        try {
            refused = false;
            long now = nanos();
            if (last != null && !release(last, now)) {
                return null;
            }
            Work work = ended || failing ? null : take(now);
            if (work != null) {
                work.thread = Thread.currentThread();
                busy++;
                takenSinceWake++;
                return work;
            }
            workers--;
            start = workersWanted(tick());
            isLast = closed && !ended && endsItself && jobs.isEmpty() && watch.isEmpty();
        } finally {
            lock.unlock();
        }
        launch(start);
        if (isLast) {
            end();
        }
        return null;
    }

    private void launchWanted() {
        int start;
        lock.lock();
        try {
            start = workersWanted(tick());
        } finally {
            lock.unlock();
        }
        launch(start);
    }

    /** Whether the worker still is one. */
    private boolean release(Work last, long now) {
        boolean ours = last.cancelled;
        if (Thread.interrupted() && !ours) { // one poll's interrupt is not the next one's
            last.interruptedByHost = true;
        }
        Call<T> call = asCall(last);
        if (last.detached) {
            if (call != null && call.left != null) {
                Audience<T> audience = call.left;
                audience.abandoned--;
                audience.deafTo = audience.deafTo == call ? null : audience.deafTo;
                if (audiences.get(call.slot) == audience) {
                    dropIfEmpty(call.slot, audience);
                }
            }
            return false;
        }
        last.thread = null;
        busy--;
        if (call != null && call.suspended) {
            if (call.completed) {
                jobs.add(call);
            }
            return true;
        }
        watch.end(last);
        if (call != null) {
            inProgress--;
            settle(call, now);
        }
        changed.signalAll();
        return true;
    }

    private @Nullable Work take(long now) {
        int tick = (int) (now / TICK);
        for (Work job = jobs.poll(); job != null; job = jobs.poll()) {
            if (!job.detached) {
                return job instanceof Call<?> ? job : watched(job, tick); // a call is watched already
            }
        }
        while (!closed && inProgress < rules.concurrency()) {
            int slot = table.takeReady();
            if (slot < 0) {
                return null;
            }
            Audience<T> audience = audiences.isEmpty() ? null : audiences.get(slot);
            boolean wanted = !rules.pauses()
                    || rules.watched()
                    || (audience != null && (audience.isHeard() || audience.next != null));
            if (!wanted || rules.limit() == null || isTurn(rules.limit(), slot)) {
                inProgress++;
                return watched(call(slot, audience, wanted ? Call.Kind.POLL : Call.Kind.PAUSE, now), tick);
            }
        }
        return null;
    }

    private Call<T> call(int slot, @Nullable Audience<T> audience, Call.Kind kind, long now) {
        long nanos = now + origin;
        Call<T> call = new Call<>(this, kind, table.task(slot), slot, table.generation(slot), nanos);
        call.goodAt = (int) (ages.now(nanos, rules.time().instant()) / AGE_UNIT);
        call.lateness = Math.max(0, (int) (now / TICK) - table.due(slot));
        call.failuresBefore = table.failures(slot);
        call.resumed = table.is(slot, PollTable.RESUMED);
        call.ended = kind != Call.Kind.POLL;
        table.unmark(slot, PollTable.AGAIN | PollTable.HELD | PollTable.TURN | PollTable.RESUMED);
        if (audience != null) {
            call.requested = audience.next;
            audience.next = null;
            if (audience.abandoned >= rules.mostAbandoned()) {
                call.failure = new IllegalStateException(audience.abandoned
                        + " polls of this poller were abandoned and still hold a thread each; the source must end"
                        + " when it is interrupted, or have a timeout of its own");
            }
        }
        return call;
    }

    private Work watched(Work work, int tick) {
        watch.begin(work, tick);
        planWake(tick + watch.untilNext(tick, LONGEST_SLEEP));
        return work;
    }

    /** Whether it is this poller's turn; else it waits for it. */
    private boolean isTurn(CallLimit limit, int slot) {
        long now = rules.scheduler().nanoTime();
        long wait = table.is(slot, PollTable.TURN) ? limit.begin(now) : limit.turn(now);
        if (wait == 0 && !table.is(slot, PollTable.TURN)) {
            wait = limit.begin(now);
        }
        if (wait == 0) {
            return true;
        }
        int due = tickIn(wait);
        table.await(slot, due);
        table.mark(slot, PollTable.TURN);
        planWake(due);
        return false;
    }

    // ------------------------------------------------------------------ one poll

    /** On a worker: calls the task, or goes on where its future has completed. */
    void poll(Call<T> call) {
        switch (call.kind) {
            case PAUSE -> announce(call, new PollEvent.Paused<>(facts(call, Duration.ZERO, Optional.empty())));
            case ABANDONED -> concludeAbandoned(call);
            case POLL -> {
                if (call.suspended) {
                    call.suspended = false;
                    conclude(call);
                } else if (ask(call)) {
                    conclude(call);
                }
            }
        }
    }

    /** Calls the task. Returns false if its future will tell. */
    @SuppressWarnings("unchecked") // tasks are only ever added as what they are
    private boolean ask(Call<T> call) {
        if (isHeard(call)) {
            PollFacts facts = facts(call, Duration.ZERO, Optional.empty());
            if (call.resumed) {
                announce(call, new PollEvent.Resumed<>(facts));
            }
            announce(call, new PollEvent.Started<>(facts));
        }
        if (call.failure != null || call.detached || call.silenced) {
            return true;
        }
        try {
            if (!(call.task instanceof AsyncTask<?> async)) {
                call.value =
                        Objects.requireNonNull(((Callable<? extends T>) call.task).call(), "the task returned null");
                return true;
            }
            CompletableFuture<? extends T> future = ((AsyncTask<T>) async).begin();
            call.future = future;
            call.suspended = true;
            CompletableFuture<?> unused = future.whenComplete((value, failure) -> resume(call, value, failure));
            return false;
        } catch (Throwable failure) {
            call.suspended = false;
            call.failure = failure;
            return true;
        }
    }

    /** On any thread: the future has completed. */
    private void resume(Call<T> call, @Nullable T value, @Nullable Throwable failure) {
        lock.lock();
        try {
            if (call.detached || call.completed) {
                return;
            }
            call.completed = true;
            call.value = value;
            if (failure != null) {
                Throwable cause = failure.getCause();
                call.failure = failure instanceof CompletionException && cause != null ? cause : failure;
            } else if (value == null) {
                call.failure = new NullPointerException("the task's future completed with null");
            }
            if (call.thread == null) {
                jobs.add(call); // else the worker that asked has yet to let go of it
            }
        } finally {
            lock.unlock();
        }
        launchWanted();
    }

    /** Ends a poll whose task has ended: counts it, asks the policy, tells the listeners. */
    private void conclude(Call<T> call) {
        accept(call);
        Duration duration;
        Duration outage;
        lock.lock();
        try {
            if (call.detached) {
                return;
            }
            long now = nanos();
            long elapsed = now + origin - call.began;
            duration = Duration.ofNanos(elapsed);
            if (call.cancelled || elapsed >= rules.deadline().toNanos()) {
                TimeoutException late = new TimeoutException("no answer within " + rules.deadline());
                if (call.failure != null) {
                    late.initCause(call.failure);
                }
                call.failure = late;
                call.value = null;
            } else if (call.failure instanceof InterruptedException) {
                call.interruptedByHost = true;
            }
            if (Thread.interrupted() && !call.cancelled) { // its own cancellation is not the listeners'
                call.interruptedByHost = true;
            }
            call.ended = true;
            call.future = null;
            outage = call.failuresBefore == 0
                    ? Duration.ZERO
                    : facts(call.slot, 1, Duration.ZERO, Optional.empty()).age().orElse(Duration.ZERO);
            record(call);
            watch.begin(call, (int) (now / TICK));
        } finally {
            lock.unlock();
        }
        if (call.failure instanceof VirtualMachineError fatal && !(fatal instanceof StackOverflowError)) {
            call.fatal = fatal;
        }
        teller.logFailure(call);
        decide(call);
        observe(call, duration, call.failure == null ? PollObserver.Result.SUCCEEDED : PollObserver.Result.FAILED);
        if (isHeard(call)) {
            PollFacts facts = facts(call, duration, nextDue(call));
            if (call.failure != null) {
                announce(call, new PollEvent.Failed<>(facts, call.failure));
            } else {
                announce(call, new PollEvent.Succeeded<>(facts, Objects.requireNonNull(call.value)));
                if (call.failuresBefore > 0) {
                    announce(call, new PollEvent.Recovered<>(facts, call.failuresBefore, outage));
                }
            }
        }
        offer(call);
        call.fulfil();
        announceNext(call);
    }

    private void concludeAbandoned(Call<T> call) {
        teller.logFailure(call);
        decide(call);
        Duration duration = Duration.ofNanos(rules.scheduler().nanoTime() - call.began);
        observe(call, duration, PollObserver.Result.ABANDONED);
        if (isHeard(call)) {
            announce(call, new PollEvent.Abandoned<>(facts(call, duration, nextDue(call)), call.abandonedRunning));
        }
        call.fulfil();
        announceNext(call);
    }

    private void announceNext(Call<T> call) {
        if (call.farewell == null && isHeard(call)) {
            announce(call, new PollEvent.Scheduled<>(facts(call, Duration.ZERO, nextDue(call))));
        }
    }

    private Optional<Instant> nextDue(Call<T> call) {
        return call.farewell != null || call.delay == null
                ? Optional.empty()
                : Optional.of(after(call.delay.toNanos()));
    }

    private void accept(Call<T> call) {
        T value = call.value;
        if (rules.accept() == null || value == null || call.failure != null) {
            return;
        }
        lock.lock();
        try {
            long elapsed = rules.scheduler().nanoTime() - call.began;
            if (call.detached
                    || call.silenced
                    || call.cancelled
                    || elapsed >= rules.deadline().toNanos()) {
                return;
            }
        } finally {
            lock.unlock();
        }
        try {
            rules.accept().accept(value);
        } catch (Throwable failure) {
            call.failure = failure;
            call.value = null;
        }
    }

    private void record(Call<T> call) {
        if (table.holds(call.slot, call.generation)) {
            if (call.value != null) {
                table.succeeded(call.slot, call.value, call.goodAt);
            } else {
                table.failed(call.slot);
            }
        } else if (rules.alone() && call.value != null && !call.silenced) {
            lastValue = call.value;
            lastGoodAt = call.goodAt;
        }
    }

    /** Plans the next poll, or lets the audience hear the last of it. */
    private void settle(Call<T> call, long now) {
        Farewell<T> farewell = call.farewell;
        if (farewell != null && (call.silenced || !farewell.done)) {
            jobs.add(farewell);
        }
        if (!table.holds(call.slot, call.generation) || table.state(call.slot) != PollState.RUNNING) {
            return;
        }
        if (call.kind == Call.Kind.PAUSE) {
            Audience<T> audience = audiences.get(call.slot);
            if (audience == null || (!audience.isHeard() && audience.next == null)) {
                table.pause(call.slot);
                return;
            }
            table.mark(call.slot, PollTable.AGAIN | PollTable.RESUMED); // somebody came while this was told
        }
        if (table.is(call.slot, PollTable.AGAIN) && !call.held) {
            table.enqueue(call.slot, (int) (now / TICK));
            return;
        }
        if (call.failure == null && call.delay != null) {
            meanDelay += ticks(call.delay) - (meanDelay >> MEAN_SHIFT);
        }
        int due = tickAfter(now, (call.delay == null ? DEFAULT_DELAY : call.delay).toNanos());
        table.await(call.slot, due);
        if (call.held) {
            table.mark(call.slot, PollTable.HELD);
        }
        planWake(due);
    }

    private void decide(Call<T> call) {
        PollOutcome<T> outcome = outcome(call);
        Duration delay;
        try {
            delay = PositiveDuration.require(
                    rules.policy().nextDelay(outcome, rules.random().get()), "the policy's delay");
        } catch (Throwable failure) {
            LOG.error("{}: policy {} failed; waiting {}", rules.name(), rules.policy(), DEFAULT_DELAY, failure);
            delay = DEFAULT_DELAY;
        }
        Optional<Duration> asked = call.failure == null ? Optional.empty() : outcome.retryAfter();
        if (asked.isPresent()) {
            long least = asked.get().toNanos();
            long spread = least / 10 + 1;
            delay = Duration.ofNanos(least + rules.random().get().nextLong(spread));
            call.held = true;
        }
        call.delay = delay;
    }

    private PollOutcome<T> outcome(Call<T> call) {
        if (call.failure == null) {
            return new PollOutcome<>(Optional.ofNullable(call.value), 0, Optional.empty());
        }
        Optional<T> latest;
        lock.lock();
        try {
            latest = table.holds(call.slot, call.generation)
                    ? Optional.ofNullable(valueOf(call.slot))
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
        return new PollOutcome<>(
                latest, Math.min(call.failuresBefore + 1, PollTable.MOST_FAILURES), Optional.of(call.failure));
    }

    private void offer(Call<T> call) {
        T value = call.value;
        if (value == null || call.silenced || (!attended && call.farewell == null)) {
            return;
        }
        List<LatestSubscription<T>> subscriptions;
        Reading<T> reading;
        lock.lock();
        try {
            Audience<T> audience = audienceOf(call);
            if (audience == null || audience.subscriptions.isEmpty()) {
                return;
            }
            subscriptions = audience.subscriptions;
            reading = reading(value, call.goodAt);
        } finally {
            lock.unlock();
        }
        subscriptions.forEach(subscription -> subscription.offer(reading));
    }

    private void observe(Call<T> call, Duration latency, PollObserver.Result result) {
        if (rules.observer() != null) {
            teller.observe(
                    result,
                    latency,
                    Duration.ofNanos(call.lateness * TICK),
                    facts(call, Duration.ZERO, Optional.empty()).age());
        }
    }

    // ------------------------------------------------------------------ who listens

    private boolean isHeard(Call<T> call) {
        if (!rules.listeners().isEmpty()) {
            return true;
        }
        if (!attended && call.farewell == null) {
            return false;
        }
        lock.lock();
        try {
            Audience<T> audience = audienceOf(call);
            return audience != null && !audience.listeners.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Audience<T> audienceOf(Call<T> call) {
        return call.farewell != null ? call.farewell.audience() : audiences.get(call.slot);
    }

    private void announce(Call<T> call, PollEvent<T> event) {
        Audience<T> audience;
        lock.lock();
        try {
            audience = audienceOf(call);
            if (audience != null && audience.deafTo != null) {
                return;
            }
        } finally {
            lock.unlock();
        }
        call.announcing = true;
        teller.tell(call, new Poller<>(this, call.slot, call.generation), audience, event);
        call.announcing = false;
    }

    private Audience<T> audience(int slot) {
        attended = true;
        return audiences.computeIfAbsent(slot, key -> new Audience<>());
    }

    private void dropIfEmpty(int slot, Audience<?> audience) {
        if (audience.isEmpty()) {
            audiences.remove(slot);
            attended = !audiences.isEmpty();
        }
    }

    Poller.Registration listen(Poller<T> poller, PollListener<? super T> listener) {
        Objects.requireNonNull(listener, "listener");
        lock.lock();
        try {
            requireHeld(poller);
            Audience<T> audience = audience(poller.slot());
            boolean unheard = !audience.isHeard();
            audience.listeners = Audience.with(audience.listeners, listener);
            awaken(poller.slot(), unheard);
        } finally {
            lock.unlock();
        }
        return () -> leave(poller, audience -> audience.listeners = Audience.without(audience.listeners, listener));
    }

    void subscribe(Poller<T> poller, Flow.Subscriber<? super Reading<T>> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        LatestSubscription<T> subscription = new LatestSubscription<>(this, poller, subscriber);
        subscriber.onSubscribe(subscription);
        Reading<T> latest;
        boolean open;
        lock.lock();
        try {
            latest = latestOf(poller).orElse(null);
            open = table.holds(poller.slot(), poller.generation());
            if (open) {
                Audience<T> audience = audience(poller.slot());
                boolean unheard = !audience.isHeard();
                audience.subscriptions = Audience.with(audience.subscriptions, subscription);
                awaken(poller.slot(), unheard);
            }
        } finally {
            lock.unlock();
        }
        if (latest != null) {
            subscription.offer(latest);
        }
        if (!open) {
            subscription.complete();
        }
    }

    /** Polls at once if nobody had listened to a poller that pauses then. */
    private void awaken(int slot, boolean unheard) {
        PollState state = table.state(slot);
        if (!rules.pauses() || rules.watched() || !unheard || !started) {
            return;
        }
        if (state == PollState.PAUSED) {
            table.mark(slot, PollTable.RESUMED);
        } else if (state != PollState.WAITING || table.is(slot, PollTable.HELD | PollTable.TURN)) {
            return;
        }
        enqueueNow(slot);
    }

    /** On the scheduler's thread, at once: the caller's runs no poll. */
    private void enqueueNow(int slot) {
        int tick = tick();
        table.enqueue(slot, tick);
        planWake(tick);
    }

    void unsubscribe(Poller<T> poller, LatestSubscription<T> subscription) {
        leave(poller, audience -> audience.subscriptions = Audience.without(audience.subscriptions, subscription));
    }

    private void leave(Poller<T> poller, Consumer<Audience<T>> change) {
        lock.lock();
        try {
            if (table.holds(poller.slot(), poller.generation())) {
                Audience<T> audience = audience(poller.slot());
                change.accept(audience);
                dropIfEmpty(poller.slot(), audience);
            }
        } finally {
            lock.unlock();
        }
    }

    CompletableFuture<T> nudge(Poller<T> poller) {
        CompletableFuture<T> result;
        lock.lock();
        try {
            requireHeld(poller);
            if (!started) {
                throw new IllegalStateException(poller + " is not started");
            }
            int slot = poller.slot();
            Audience<T> audience = audience(slot);
            if (audience.next == null) {
                audience.next = new CompletableFuture<>();
            }
            result = audience.next.copy();
            switch (table.state(slot)) {
                case RUNNING -> table.mark(slot, PollTable.AGAIN);
                case WAITING -> {
                    if (!table.is(slot, PollTable.HELD | PollTable.TURN)) {
                        enqueueNow(slot);
                    }
                }
                case NEW, PAUSED -> enqueueNow(slot);
                case READY, CLOSED -> {}
            }
        } finally {
            lock.unlock();
        }
        return result;
    }

    private void requireHeld(Poller<T> poller) {
        if (!table.holds(poller.slot(), poller.generation())) {
            throw new IllegalStateException(poller + " is closed");
        }
    }

    // ------------------------------------------------------------------ how it stands

    Optional<Reading<T>> latest(Poller<T> poller) {
        lock.lock();
        try {
            return latestOf(poller);
        } finally {
            lock.unlock();
        }
    }

    private Optional<Reading<T>> latestOf(Poller<T> poller) {
        if (table.holds(poller.slot(), poller.generation())) {
            T value = valueOf(poller.slot());
            return value == null ? Optional.empty() : Optional.of(reading(value, table.goodAt(poller.slot())));
        }
        T last = lastValue;
        return last == null ? Optional.empty() : Optional.of(reading(last, lastGoodAt));
    }

    @SuppressWarnings("unchecked") // only values of the group's tasks get there
    private @Nullable T valueOf(int slot) {
        return (T) table.value(slot);
    }

    private Reading<T> reading(T value, int goodAt) {
        Instant now = rules.time().instant();
        Duration age = age(now, goodAt);
        return new Reading<>(value, now.minus(age), age, isStale(age));
    }

    private boolean isStale(Duration age) {
        return age.toNanos() / AGE_UNIT > staleAfter;
    }

    private Duration age(Instant now, int goodAt) {
        long line = ages.now(rules.scheduler().nanoTime(), now);
        return Duration.ofNanos(((int) (line / AGE_UNIT) - goodAt) * AGE_UNIT + line % AGE_UNIT);
    }

    PollStatus status(Poller<T> poller) {
        lock.lock();
        try {
            Optional<Reading<T>> latest = latestOf(poller);
            int slot = poller.slot();
            boolean there = table.holds(slot, poller.generation());
            PollState state = there ? table.state(slot) : PollState.CLOSED;
            Audience<T> audience = there ? audiences.get(slot) : null;
            return new PollStatus(
                    poller.toString(),
                    state,
                    latest.map(Reading::goodAt),
                    latest.map(Reading::age),
                    latest.map(Reading::stale).orElse(true),
                    there ? table.failures(slot) : 0,
                    state == PollState.WAITING || state == PollState.READY
                            ? Optional.of(after((table.due(slot) - tick()) * TICK))
                            : Optional.empty(),
                    audience == null ? 0 : audience.abandoned);
        } finally {
            lock.unlock();
        }
    }

    Map<PollState, Integer> states() {
        Map<PollState, Integer> states = new EnumMap<>(PollState.class);
        lock.lock();
        try {
            for (int slot = 0; slot < table.top(); slot++) {
                if (table.isTaken(slot)) {
                    states.merge(table.state(slot), 1, Integer::sum);
                }
            }
        } finally {
            lock.unlock();
        }
        return states;
    }

    int size() {
        lock.lock();
        try {
            return table.size();
        } finally {
            lock.unlock();
        }
    }

    private PollFacts facts(Call<T> call, Duration duration, Optional<Instant> nextDue) {
        lock.lock();
        try {
            return facts(call.slot, call.failuresBefore + 1, duration, nextDue);
        } finally {
            lock.unlock();
        }
    }

    private PollFacts facts(int slot, int attempt, Duration duration, Optional<Instant> nextDue) {
        Instant now = rules.time().instant();
        Optional<Duration> age = table.isTaken(slot) && table.value(slot) != null
                ? Optional.of(age(now, table.goodAt(slot)))
                : Optional.empty();
        return new PollFacts(now, attempt, duration, nextDue, age);
    }

    private Instant after(long nanos) {
        return rules.time().instant().plusNanos(nanos);
    }

    private long nanos() {
        return rules.scheduler().nanoTime() - origin;
    }

    private int tick() {
        return (int) (nanos() / TICK);
    }

    /** The first tick that is no earlier than so long from now. */
    private int tickIn(long delay) {
        return tickAfter(nanos(), delay);
    }

    private static int tickAfter(long now, long delay) {
        return (int) ((now + delay + TICK - 1) / TICK);
    }

    private static int ticks(Duration duration) {
        return (int) ((duration.toNanos() + TICK - 1) / TICK);
    }

    private static void rethrowIfJvmFails(Throwable failure) {
        if (failure instanceof VirtualMachineError fatal && !(failure instanceof StackOverflowError)) {
            throw fatal;
        }
    }
}
