package cloud.dumont.economy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.history.HistoryStore;
import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class ModuleTest {

    private static final String NAME = "cloud.dumont.economy.jdbc";

    @Test
    void onlyThePublicPackageIsExported() {
        ModuleDescriptor module =
                ModuleFinder.of(classPath()).find(NAME).orElseThrow().descriptor();

        assertThat(module.exports())
                .extracting(ModuleDescriptor.Exports::source)
                .containsExactly(NAME);
        assertThat(module.exports()).noneMatch(ModuleDescriptor.Exports::isQualified);
        assertThat(module.opens()).isEmpty();
    }

    /** On the class path everything finds everything; in modules, scripts may be hidden from Flyway and mappers from Jdbi. */
    @Test
    void itWorksOnTheModulePath() throws ReflectiveOperationException {
        Configuration modules = ModuleLayer.boot()
                .configuration()
                .resolveAndBind(ModuleFinder.of(), ModuleFinder.of(classPath()), Set.of(NAME));
        ClassLoader loader = ModuleLayer.boot()
                .defineModulesWithOneLoader(modules, ClassLoader.getPlatformClassLoader())
                .findLoader(NAME);
        Class<?> migrator = loader.loadClass(SchemaMigrator.class.getName());
        Class<?> store = loader.loadClass(JdbcHistoryStore.class.getName());
        assertThat(migrator.getModule().getName()).isEqualTo(NAME);
        DataSource database = TestDatabase.unpooled(TestDatabase.H2_MEMORY.newUrl(null));

        migrator.getMethod("migrate")
                .invoke(migrator.getMethod("of", DataSource.class).invoke(null, database));
        Object accounts = store.getMethod("accounts")
                .invoke(store.getMethod("create", DataSource.class).invoke(null, database));

        assertThat(accounts).isEqualTo(Set.of());
        HistoryStore outside = JdbcHistoryStore.create(database);
        assertThat(outside.accounts()).isEmpty();
    }

    /** What the module needs, from where the tests found it. */
    private static Path[] classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> !path.endsWith("test-classes"))
                .filter(path -> !path.getFileName().toString().endsWith("-tests.jar"))
                .toArray(Path[]::new);
    }
}
