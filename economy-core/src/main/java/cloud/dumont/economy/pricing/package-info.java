/**
 * Dated list prices. A {@link cloud.dumont.economy.pricing.PriceCatalog} is an immutable, compiled, versioned snapshot: every
 * price has a source, the instant it takes effect and the day it was read.
 */
@NullMarked
package cloud.dumont.economy.pricing;

import org.jspecify.annotations.NullMarked;
