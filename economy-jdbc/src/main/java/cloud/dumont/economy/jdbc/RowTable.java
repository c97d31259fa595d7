package cloud.dumont.economy.jdbc;

import java.util.List;

/**
 * A table of accounts, whose rows are found by a key that begins with the account and the instance.
 *
 * @param name of the table
 * @param key its primary key
 * @param rest its other columns
 * @param <T> a row
 */
record RowTable<T>(String name, List<Column<T>> key, List<Column<T>> rest) {

    List<Column<T>> columns() {
        return Column.concat(key, rest);
    }

    String names() {
        return Column.names(columns());
    }
}
