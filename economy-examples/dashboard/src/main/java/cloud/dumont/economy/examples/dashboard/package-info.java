/**
 * A host of the library: the REST API under {@code /api/v1/economy} and the page that shows it live.
 *
 * <p>{@link cloud.dumont.economy.examples.dashboard.Dashboard} is the program; {@code Site} says what is answered where, an
 * {@code ...Endpoint} answers one question, a {@code ...View} is the JSON of an answer.
 */
@NullMarked
package cloud.dumont.economy.examples.dashboard;

import org.jspecify.annotations.NullMarked;
