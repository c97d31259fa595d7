/**
 * Where catalogs come from. A {@link cloud.dumont.economy.pricing.source.PriceSource} gives a whole
 * {@link cloud.dumont.economy.pricing.PriceCatalog}; {@link cloud.dumont.economy.pricing.source.PriceCsv} reads the prices CSV that
 * catalogs are made of.
 */
@NullMarked
package cloud.dumont.economy.pricing.source;

import org.jspecify.annotations.NullMarked;
