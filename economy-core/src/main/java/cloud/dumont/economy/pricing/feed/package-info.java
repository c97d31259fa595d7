/**
 * Sellers' own price lists, read over the network: what each says is put beside what is known, and only what passes the checks of an import
 * gets into the catalog.
 */
@NullMarked
package cloud.dumont.economy.pricing.feed;

import org.jspecify.annotations.NullMarked;
