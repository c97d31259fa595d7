package cloud.dumont.economy.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.flywaydb.core.api.resource.LoadableResource;

/** A script in a folder of {@code migration}, which is beside this class. */
final class MigrationScript extends LoadableResource {

    private final String name;
    private final String path;

    MigrationScript(String folder, String name) {
        this.name = name;
        path = "migration/" + folder + "/" + name;
    }

    @Override
    public Reader read() {
        try (InputStream script = MigrationScript.class.getResourceAsStream(path)) {
            Objects.requireNonNull(script, path);
            return new StringReader(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + path, e);
        }
    }

    @Override
    public String getFilename() {
        return name;
    }

    @Override
    public String getRelativePath() {
        return path;
    }

    @Override
    public String getAbsolutePath() {
        return "cloud/dumont/economy/jdbc/" + path;
    }

    @Override
    public String getAbsolutePathOnDisk() {
        return getAbsolutePath();
    }
}
