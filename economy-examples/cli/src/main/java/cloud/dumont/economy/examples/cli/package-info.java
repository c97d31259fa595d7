/** A command line over the library: prices, matches, replays of usage files, and the care of catalogs. */
@NullMarked
package cloud.dumont.economy.examples.cli;

import org.jspecify.annotations.NullMarked;
