package cloud.dumont.economy.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.flywaydb.core.api.resource.LoadableResource;

/** A script in {@code migration}, the folder beside this class. */
final class MigrationScript extends LoadableResource {

    private static final String FOLDER = "migration/";

    private final String name;

    MigrationScript(String name) {
        this.name = name;
    }

    @Override
    public Reader read() {
        try (InputStream script = MigrationScript.class.getResourceAsStream(FOLDER + name)) {
            Objects.requireNonNull(script, name);
            return new StringReader(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + name, e);
        }
    }

    @Override
    public String getFilename() {
        return name;
    }

    @Override
    public String getRelativePath() {
        return FOLDER + name;
    }

    @Override
    public String getAbsolutePath() {
        return "cloud/dumont/economy/jdbc/" + FOLDER + name;
    }

    @Override
    public String getAbsolutePathOnDisk() {
        return getAbsolutePath();
    }
}
