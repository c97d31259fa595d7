/**
 * Exact money over time. {@link cloud.dumont.economy.money.HourlyRate} is what an hour costs,
 * {@link cloud.dumont.economy.money.Amount} what some seconds at some rate came to, and
 * {@link cloud.dumont.economy.money.AmountAccumulator} the garbage-free way to a sum of many of them.
 *
 * <p>A rate is a whole number of nano-dollars an hour, time is whole seconds, and their product is a whole number of
 * quanta: one quantum is 1 nano-USD/h for 1 s, which is 1/3600 nano-USD. Nothing is divided, so nothing is rounded, until
 * somebody looks. The currency is always USD, the currency of the clouds' price lists.
 */
@NullMarked
package cloud.dumont.economy.money;

import org.jspecify.annotations.NullMarked;
