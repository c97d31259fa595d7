/**
 * Keeps history in a relational database. {@link cloud.dumont.economy.jdbc.JdbcHistoryStore} is the store;
 * {@link cloud.dumont.economy.jdbc.SchemaMigrator} makes its tables, and only when it is asked to.
 *
 * <p>Jdbi is part of the API where a host hands in its own; Flyway is not, it only runs the scripts in {@code migration}.
 */
@NullMarked
package cloud.dumont.economy.jdbc;

import org.jspecify.annotations.NullMarked;
