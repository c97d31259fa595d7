/**
 * Calling a task again and again, knowing nothing of what it does.
 *
 * <ul>
 *   <li>{@link cloud.dumont.economy.polling.Poller} runs one task in a loop that outlives the task's failures and hangs;
 *       {@link cloud.dumont.economy.polling.PollGroup} holds many, up to a million;
 *       {@link cloud.dumont.economy.polling.PollerBuilder} makes either;
 *   <li>{@link cloud.dumont.economy.polling.PollPolicy} says how long to wait, given the last
 *       {@link cloud.dumont.economy.polling.PollOutcome}; {@link cloud.dumont.economy.polling.CallLimit} bounds the calls per
 *       minute of many;
 *   <li>{@link cloud.dumont.economy.polling.PollScheduler} does the waiting, for any number of pollers in one thread;
 *   <li>{@link cloud.dumont.economy.polling.PollListener} hears each {@link cloud.dumont.economy.polling.PollEvent},
 *       {@link cloud.dumont.economy.polling.PollObserver} takes the measures.
 * </ul>
 *
 * <p>Nothing starts before {@link cloud.dumont.economy.polling.Poller#start()}: building opens no thread. Nothing here
 * is null unless marked so. The package depends on the JDK and on SLF4J alone.
 */
@NullMarked
package cloud.dumont.economy.polling;

import org.jspecify.annotations.NullMarked;
