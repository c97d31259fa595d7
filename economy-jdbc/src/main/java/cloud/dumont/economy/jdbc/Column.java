package cloud.dumont.economy.jdbc;

import java.sql.Types;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table, and what of a row is in it.
 *
 * @param name also that of the parameter it is bound by
 * @param type what it holds
 * @param value of a row
 * @param <T> a row
 */
record Column<T>(String name, Type type, Function<T, @Nullable Object> value) {

    /** What a column holds, as PostgreSQL and JDBC call it. */
    enum Type {
        TEXT("varchar", Types.VARCHAR, String.class),
        NUMBER("bigint", Types.BIGINT, Long.class),
        TRUTH("boolean", Types.BOOLEAN, Boolean.class);

        private final String sql;
        private final int jdbc;
        private final Class<?> java;

        Type(String sql, int jdbc, Class<?> java) {
            this.sql = sql;
            this.jdbc = jdbc;
            this.java = java;
        }

        String sql() {
            return sql;
        }

        int jdbc() {
            return jdbc;
        }

        Class<?> java() {
            return java;
        }
    }

    static <T> Column<T> text(String name, Function<T, @Nullable Object> value) {
        return new Column<>(name, Type.TEXT, value);
    }

    static <T> Column<T> number(String name, Function<T, @Nullable Object> value) {
        return new Column<>(name, Type.NUMBER, value);
    }

    static <T> Column<T> truth(String name, Function<T, @Nullable Object> value) {
        return new Column<>(name, Type.TRUTH, value);
    }

    /** The same column of something that has such a row; null in one that has none. */
    <S> Column<S> of(Function<S, @Nullable T> row) {
        return new Column<>(name, type, holder -> {
            T held = row.apply(holder);
            return held == null ? null : value.apply(held);
        });
    }

    static String names(List<? extends Column<?>> columns) {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }

    static <T> List<Column<T>> concat(List<Column<T>> columns, List<Column<T>> more) {
        return Stream.concat(columns.stream(), more.stream()).toList();
    }
}
