package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.usage.Sighting;
import cloud.dumont.economy.usage.UsageInterval;
import java.util.List;

/** What is stored of some instances, in no order. */
record UsageRows(List<UsageInterval> facts, List<KeptPush> pushes, List<Sighting> sightings) {}
