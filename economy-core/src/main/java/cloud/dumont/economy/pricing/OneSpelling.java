package cloud.dumont.economy.pricing;

import cloud.dumont.economy.provider.InstanceType;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** One name for each type of those sellers whose names are the same in any case: of several spellings the first in the order of letters. */
final class OneSpelling {

    private OneSpelling() {}

    /** The rows, with one name a type, whatever order they come in. */
    static Collection<PriceRow> of(Collection<PriceRow> rows) {
        Set<InstanceType> written = new HashSet<>();
        Map<String, InstanceType> names = new HashMap<>();
        for (PriceRow row : rows) {
            if (row.spec().provider().ignoresCaseOfTypes()
                    && written.add(row.spec().instanceType())) {
                names.merge(key(row), row.spec().instanceType(), OneSpelling::first);
            }
        }
        return names.size() == written.size()
                ? rows
                : rows.stream()
                        .map(row -> row.spec().provider().ignoresCaseOfTypes()
                                ? row.named(Objects.requireNonNull(names.get(key(row))))
                                : row)
                        .toList();
    }

    private static String key(PriceRow row) {
        return row.spec().instanceType().name().toLowerCase(Locale.ROOT);
    }

    private static InstanceType first(InstanceType one, InstanceType other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
