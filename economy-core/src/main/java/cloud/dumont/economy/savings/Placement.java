package cloud.dumont.economy.savings;

import cloud.dumont.economy.history.Granularity;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * What some usage is added up by. Two that are equal place alike.
 *
 * @param <K> the key of a group, or of a stretch of time
 */
interface Placement<K extends Comparable<K>> {

    /** Takes a part of some usage that has one key. */
    interface Part<K> {
        void at(K key, long fromSecond, long toSecond);
    }

    /** Cuts usage from a second up to but not including another into parts. */
    void place(PricedUsage usage, long fromSecond, long toSecond, Part<K> part);

    /** Whether nothing that happens at a second, or later, has a key any more. */
    boolean isOver(K key, long second);

    /** The last key of which everything lies before a moment, if that is where its time ends; empty where keys have no end. */
    default Optional<K> endingBy(Instant moment) {
        return Optional.empty();
    }

    /** All of it together. */
    record Whole() implements Placement<Integer> {

        static final int KEY = 0;

        @Override
        public void place(PricedUsage usage, long fromSecond, long toSecond, Part<Integer> part) {
            part.at(KEY, fromSecond, toSecond);
        }

        @Override
        public boolean isOver(Integer key, long second) {
            return false;
        }
    }

    /** By what it has in common. */
    record InGroups(Dimension by) implements Placement<String> {

        @Override
        public void place(PricedUsage usage, long fromSecond, long toSecond, Part<String> part) {
            part.at(usage.name(by), fromSecond, toSecond);
        }

        @Override
        public boolean isOver(String key, long second) {
            return false;
        }
    }

    /** By the bucket of time that it falls into, named by its first second. */
    record InBuckets(Granularity granularity, ZoneId zone) implements Placement<Long> {

        @Override
        public void place(PricedUsage usage, long fromSecond, long toSecond, Part<Long> part) {
            long at = fromSecond;
            while (at < toSecond) {
                Instant moment = Instant.ofEpochSecond(at);
                long next =
                        Math.min(toSecond, granularity.bucketEnd(moment, zone).getEpochSecond());
                part.at(granularity.bucketStart(moment, zone).getEpochSecond(), at, next);
                at = next;
            }
        }

        @Override
        public Optional<Long> endingBy(Instant moment) {
            return granularity.bucketStart(moment, zone).equals(moment)
                    ? Optional.of(keyOf(moment.minusSeconds(1)))
                    : Optional.empty();
        }

        long keyOf(Instant moment) {
            return granularity.bucketStart(moment, zone).getEpochSecond();
        }

        @Override
        public boolean isOver(Long key, long second) {
            return granularity.bucketEnd(Instant.ofEpochSecond(key), zone).getEpochSecond() <= second;
        }
    }
}
