/**
 * What GPU instances save against AWS, Google Cloud and Azure: exact, explainable, live.
 *
 * <p>Facts go in (usage intervals, dated prices), exact answers come out (reports that can be explained), and nothing in
 * between can drift. {@link cloud.dumont.economy.Economy} is the facade a host builds once; every part it is made of can also
 * be used alone:
 *
 * <ul>
 *   <li>{@code money}: rates per hour and exact amounts;
 *   <li>{@code gpu}: GPU models, their data-sheet figures and aliases;
 *   <li>{@code provider}: identifiers of clouds, regions, instance types;
 *   <li>{@code pricing}: the catalog of dated list prices, and {@code pricing.source}, where catalogs come from;
 *   <li>{@code equivalence}: which instance type elsewhere an instance is compared with, and how good the match is;
 *   <li>{@code usage}: instances, their states, and the ledger that turns observations into intervals;
 *   <li>{@code history}: where intervals are kept;
 *   <li>{@code savings}: the calculator and its reports;
 *   <li>{@code polling}: the adaptive poller, which knows nothing of money.
 * </ul>
 *
 * <p>Nothing may be null unless it is marked so; a null argument is a {@link java.lang.NullPointerException}.
 */
@NullMarked
package cloud.dumont.economy;

import org.jspecify.annotations.NullMarked;
