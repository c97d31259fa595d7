package cloud.dumont.economy.usage;

import cloud.dumont.economy.usage.Observation.Finding;
import cloud.dumont.economy.usage.Observation.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A change of a listing that remembers what it did when it was last applied. */
final class RecordedChange implements InstanceChange {

    private final InstanceChange change;
    private final Optional<MissedChange> missed;
    private @Nullable InstanceFacts before;
    private @Nullable InstanceFacts after;

    RecordedChange(InstanceChange change) {
        this(change, Optional.empty());
    }

    /** A change of an instance whose clock should have been stopped earlier, when the store refused all changes of it. */
    RecordedChange(InstanceChange change, Optional<MissedChange> missed) {
        this.change = change;
        this.missed = missed;
    }

    @Override
    public InstanceKey key() {
        return change.key();
    }

    @Override
    public Instant from() {
        return missed.map(MissedChange::from).filter(change.from()::isAfter).orElse(change.from());
    }

    @Override
    public InstanceFacts apply(InstanceFacts facts) {
        before = facts;
        after = change.apply(missed.map(stop -> stop.apply(facts)).orElse(facts));
        return after;
    }

    boolean isDoubt() {
        return change instanceof MissedChange;
    }

    Optional<Sighting> sighting() {
        return after == null ? Optional.empty() : after.sighting();
    }

    Optional<String> refusal() {
        return change instanceof SightingChange sighting ? sighting.refusal() : Optional.empty();
    }

    Stream<Finding> findings() {
        if (before == null || after == null) {
            return Stream.empty();
        }
        Optional<String> refusal = refusal();
        if (refusal.isPresent()) {
            return Stream.of(finding(Kind.LEFT_OUT, refusal.get()));
        }
        List<Finding> findings = new ArrayList<>();
        if (change instanceof MissedChange && !after.equals(before)) {
            findings.add(finding(
                    Kind.DOUBTED, "missing from a listing that lacks more than half, or left out: its clock stops"));
        }
        List<UsageInterval> added = after.timeline().factsMissingFrom(before.timeline());
        Optional<UsageInterval> wasOpen = before.timeline().openInterval();
        Optional<UsageInterval> isOpen = after.timeline().openInterval();
        added.stream()
                .filter(UsageInterval::isInferred)
                .forEach(guess -> findings.add(finding(Kind.INFERRED, "nobody looked: " + guess)));
        if (wasOpen.isPresent() && isOpen.isEmpty()) {
            findings.add(finding(Kind.ENDED, "last seen: " + added));
        } else if (wasOpen.isEmpty() && isOpen.isPresent()) {
            findings.add(finding(Kind.STARTED, isOpen.get().toString()));
        } else if (wasOpen.isPresent() && !wasOpen.get().agreesWith(isOpen.get())) {
            findings.add(finding(Kind.CHANGED, "from " + wasOpen.get() + " to " + isOpen.get()));
        } else if (wasOpen.isPresent()
                && !wasOpen.get().start().equals(isOpen.get().start())
                && findings.isEmpty()
                && !isOpen.get().evidence().isPushed()) {
            findings.add(finding(Kind.UNKNOWN, "nobody vouches for the time before " + isOpen.get()));
        }
        return findings.stream();
    }

    private Finding finding(Kind kind, String detail) {
        return new Finding(kind, Optional.of(key()), detail);
    }
}
