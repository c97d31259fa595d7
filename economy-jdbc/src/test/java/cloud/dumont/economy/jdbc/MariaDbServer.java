package cloud.dumont.economy.jdbc;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One MariaDB server for all tests of a JVM. Its programs are in the folder that the system property {@code mariadb.home} names: where
 * the profile full has unpacked them, or {@code /usr} for the system's own.
 */
final class MariaDbServer {

    private static final String URL = start();

    private MariaDbServer() {}

    static String url(String database) {
        return URL + database + "?user=root";
    }

    private static String start() {
        try {
            Path home = Path.of(System.getProperty("mariadb.home", "/usr")).toAbsolutePath();
            Path data = Files.createTempDirectory("economy-mariadb");
            run(
                    home,
                    List.of(
                            program(home, "mariadb-install-db").toString(),
                            "--no-defaults",
                            "--user=" + System.getProperty("user.name"),
                            "--basedir=" + home,
                            "--datadir=" + data,
                            "--auth-root-authentication-method=normal",
                            "--skip-test-db"));
            int port = freePort();
            Process server = process(
                            home,
                            List.of(
                                    program(home, "mariadbd").toString(),
                                    "--no-defaults",
                                    "--user=" + System.getProperty("user.name"),
                                    "--basedir=" + home,
                                    "--datadir=" + data,
                                    "--port=" + port,
                                    "--bind-address=127.0.0.1",
                                    "--socket=" + data.resolve("s"),
                                    "--innodb-flush-log-at-trx-commit=0"))
                    .redirectOutput(data.resolve("log").toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, data)));
            String url = "jdbc:mariadb://127.0.0.1:" + port + "/";
            awaitAnswer(server, url + "?user=root");
            return url;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("could not start MariaDB", e);
        }
    }

    private static Path program(Path home, String name) {
        return Stream.of("bin", "sbin", "scripts")
                .map(folder -> home.resolve(folder).resolve(name))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + home));
    }

    private static void run(Path home, List<String> command) throws IOException, InterruptedException {
        Process process = process(home, command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new AssertionError(command + " failed");
        }
    }

    private static ProcessBuilder process(Path home, List<String> command) {
        for (String folder : List.of("bin", "scripts")) {
            File[] unpacked = home.resolve(folder).toFile().listFiles();
            // A jar keeps no permissions.
            Arrays.stream(unpacked == null ? new File[0] : unpacked).forEach(file -> file.setExecutable(true));
        }
        ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
        if (Files.isDirectory(home.resolve("libs"))) {
            process.environment().put("LD_LIBRARY_PATH", home.resolve("libs").toString());
        }
        return process;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void awaitAnswer(Process server, String url) throws InterruptedException {
        for (int tries = 0; tries < 600; tries++) {
            try {
                DriverManager.getConnection(url).close();
                return;
            } catch (SQLException notYet) {
                if (server.waitFor(100, TimeUnit.MILLISECONDS)) {
                    throw new AssertionError("MariaDB ended with " + server.exitValue(), notYet);
                }
            }
        }
        throw new AssertionError("MariaDB does not answer");
    }

    private static void stop(Process server, Path data) {
        server.destroyForcibly().onExit().join();
        try (Stream<Path> files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
