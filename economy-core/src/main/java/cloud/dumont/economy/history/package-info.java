/**
 * Where the facts are kept. A {@link cloud.dumont.economy.history.HistoryStore} holds usage intervals and nothing derived from them, as
 * they are known now and as they were told at any time before;
 * {@link cloud.dumont.economy.history.InMemoryHistoryStore} is the one for tests and short-lived hosts, economy-jdbc has the one for
 * databases.
 */
@NullMarked
package cloud.dumont.economy.history;

import org.jspecify.annotations.NullMarked;
