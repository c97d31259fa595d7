/**
 * Calling a task again and again, knowing nothing of what it does.
 *
 * <ul>
 *   <li>{@link cloud.dumont.economy.polling.Poller} runs one task in a loop that outlives the task's failures;
 *       {@link cloud.dumont.economy.polling.PollerBuilder} makes it;
 *   <li>{@link cloud.dumont.economy.polling.PollPolicy} says how long to wait, given the last
 *       {@link cloud.dumont.economy.polling.PollOutcome};
 *   <li>{@link cloud.dumont.economy.polling.PollScheduler} does the waiting, for any number of pollers in one thread;
 *   <li>{@link cloud.dumont.economy.polling.PollListener} is told each {@link cloud.dumont.economy.polling.PollEvent}:
 *       {@link cloud.dumont.economy.polling.PollSucceeded}, {@link cloud.dumont.economy.polling.PollFailed},
 *       {@link cloud.dumont.economy.polling.PollScheduled}.
 * </ul>
 *
 * <p>Nothing starts before {@link cloud.dumont.economy.polling.Poller#start()}: building opens no thread. Nothing here
 * is null unless marked so. The package depends on the JDK and on SLF4J alone.
 */
@NullMarked
package cloud.dumont.economy.polling;

import org.jspecify.annotations.NullMarked;
