/**
 * Identifiers without behaviour: who sells, where, what, and under which terms. They are identifiers, not closed enums (but
 * for {@link cloud.dumont.economy.provider.PurchaseOption}), so that a new cloud needs no new version of this library.
 */
@NullMarked
package cloud.dumont.economy.provider;

import org.jspecify.annotations.NullMarked;
