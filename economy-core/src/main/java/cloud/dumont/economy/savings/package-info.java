/**
 * What was saved. The {@link cloud.dumont.economy.savings.SavingsCalculator} walks an account's intervals, prices each moment of
 * billable time on both sides and adds up exactly; its reports carry coverage, tiers and price dates beside every total.
 */
@NullMarked
package cloud.dumont.economy.savings;

import org.jspecify.annotations.NullMarked;
