/**
 * What an instance is compared with. An {@link cloud.dumont.economy.equivalence.EquivalencePolicy} decides, for a GPU and a
 * {@link cloud.dumont.economy.equivalence.Baseline}, which instance type stands for it, how good that match is (its
 * {@link cloud.dumont.economy.equivalence.Tier}), and what it costs over time. There is no default price, ever: where nothing
 * qualifies the answer is {@link cloud.dumont.economy.equivalence.Tier#NONE}.
 */
@NullMarked
package cloud.dumont.economy.equivalence;

import org.jspecify.annotations.NullMarked;
