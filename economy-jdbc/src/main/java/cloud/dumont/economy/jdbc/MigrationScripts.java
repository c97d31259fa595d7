package cloud.dumont.economy.jdbc;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/**
 * The scripts that make the schema, listed. Left to itself, Flyway would look for them on the class path, and find none where a
 * module hides them, a shaded jar has lost its folders, or a native image has no class path.
 */
final class MigrationScripts implements ResourceProvider {

    /** In order: the script at index n - 1 makes version n. */
    static final List<String> NAMES = List.of(
            "V001__usage_interval.sql", "V002__usage_interval_usd.sql", "V003__versions.sql", "V004__versions_usd.sql");

    @Override
    public @Nullable LoadableResource getResource(String name) {
        return NAMES.contains(name) ? new MigrationScript(name) : null;
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
        return NAMES.stream()
                .filter(name -> name.startsWith(prefix) && Stream.of(suffixes).anyMatch(name::endsWith))
                .<LoadableResource>map(MigrationScript::new)
                .toList();
    }
}
