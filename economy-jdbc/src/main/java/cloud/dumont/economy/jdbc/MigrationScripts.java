package cloud.dumont.economy.jdbc;

import java.util.Collection;
import java.util.stream.Stream;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/**
 * The scripts that make the schema in one kind of database, listed. Left to itself, Flyway would look for them on the class path, and
 * find none where a module hides them, a shaded jar has lost its folders, or a native image has no class path.
 */
record MigrationScripts(Dialect dialect) implements ResourceProvider {

    @Override
    public @Nullable LoadableResource getResource(String name) {
        return dialect.scripts().contains(name) ? script(name) : null;
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
        return dialect.scripts().stream()
                .filter(name -> name.startsWith(prefix) && Stream.of(suffixes).anyMatch(name::endsWith))
                .map(this::script)
                .toList();
    }

    private LoadableResource script(String name) {
        return new MigrationScript(dialect.folder(), name);
    }
}
