package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.UsageInterval;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A fact, and the write that records or withdraws it. */
record ToldFact(UsageInterval fact, Write write) {

    static final List<Column<ToldFact>> WITHDRAWN = List.of(
            Column.number("withdrawn_at", told -> told.write.toldAt()),
            Column.number("withdrawn_by", told -> told.write.number()));

    static List<ToldFact> of(List<UsageInterval> facts, Map<AccountId, Write> writes) {
        return facts.stream()
                .map(fact -> new ToldFact(
                        fact, Objects.requireNonNull(writes.get(fact.instance().account()))))
                .toList();
    }
}
