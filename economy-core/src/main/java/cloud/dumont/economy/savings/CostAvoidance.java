package cloud.dumont.economy.savings;

import cloud.dumont.economy.money.Amount;

/**
 * What pausing instances avoided paying: hours hibernated or stopped after having been billable, at the account's own rate, minus
 * storage paid meanwhile. It stands beside savings and is never added into them.
 *
 * @param pausedSeconds paused time that counts, each pause up to the policy's cap
 * @param avoidedCost what that time would have cost, less storage; negative where storage cost more
 */
public record CostAvoidance(long pausedSeconds, Amount avoidedCost) {}
