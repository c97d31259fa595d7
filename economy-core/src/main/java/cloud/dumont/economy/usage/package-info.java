/**
 * What an account runs. {@link cloud.dumont.economy.usage.UsageInterval}s are the facts that every amount is derived from;
 * {@link cloud.dumont.economy.usage.InstanceTimeline} is the algebra of one instance's intervals, and
 * {@link cloud.dumont.economy.usage.UsageLedger} turns what a host tells, or what is seen of its fleet, into intervals:
 * observed ones, and inferred ones where nobody looked and {@link cloud.dumont.economy.usage.GapPolicy} lets it.
 */
@NullMarked
package cloud.dumont.economy.usage;

import org.jspecify.annotations.NullMarked;
