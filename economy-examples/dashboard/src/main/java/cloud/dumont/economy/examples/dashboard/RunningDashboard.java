package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.Economy;
import cloud.dumont.economy.EconomyException;
import cloud.dumont.economy.pricing.feed.PriceFeed;
import cloud.dumont.economy.pricing.feed.PriceFeeds;
import cloud.dumont.economy.pricing.feed.PriceRefresh;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/** All that runs: the server, the economy behind it, and its database. */
final class RunningDashboard implements AutoCloseable {

    private static final int HIGHEST_PORT = 65_535;

    private final DashboardServer server;
    private final Site site;
    private final Optional<TokenFileWatch> tokenFile;
    private final Economy economy;
    private final Database database;
    private final List<String> addresses;

    private RunningDashboard(
            DashboardServer server,
            Site site,
            Optional<TokenFileWatch> tokenFile,
            Economy economy,
            Database database,
            List<String> addresses) {
        this.server = server;
        this.site = site;
        this.tokenFile = tokenFile;
        this.economy = economy;
        this.database = database;
        this.addresses = addresses;
    }

    /**
     * Starts everything.
     *
     * @param options what was asked for
     * @param err where to tell what is not right, but no reason to stop
     * @throws StartupException if it cannot; nothing is left running then
     */
    static RunningDashboard start(Options options, PrintWriter err) {
        return start(options, err, options.offline() ? List.of() : PriceFeeds.withoutKeys());
    }

    /** The same with other price lists; none are read if there are none. */
    static RunningDashboard start(Options options, PrintWriter err, List<PriceFeed> feeds) {
        UsageFiles usage = UsageFiles.read(options.usage(), err);
        OverlayFile overlays = OverlayFile.read(options.overlay());
        Access access = access(options, usage);
        access.file().ifPresent(file -> TokenFile.warnOfReaders(file, err));
        Embedding embedding = options.embedding();
        overlays.tellStrangers(access.accounts(), err);
        InetAddress host = host(options.host());
        if (!host.isLoopbackAddress()) {
            err.println("Tokens and figures travel in plain HTTP to other machines: put TLS in front.");
        }
        // First of all the port: if another dashboard has it, that is the message, not that the database is taken too.
        DashboardServer server = bind(host, options.port());
        try {
            Database database = open(options.databaseUrl());
            try {
                if (!options.demo()) {
                    usage.storeIn(database.history());
                }
                Economy.Builder builder = Economy.builder()
                        .history(database.history())
                        .prices(database.prices())
                        .overlays(overlays::of);
                if (!feeds.isEmpty()) {
                    builder.refreshPrices(PriceRefresh.builder().feeds(feeds).build());
                }
                Economy economy = builder.build().start();
                if (options.demo()) {
                    DemoFleet.settle(database.history(), economy.ledger(), economy.now());
                }
                overlays.check(economy.catalog(), err);
                Tokens tokens = access.tokens();
                Site site = new Site(
                        economy,
                        new Overlays(overlays::of),
                        tokens,
                        options.hosts(),
                        embedding,
                        Budgets.ofThisMachine());
                server.start(site);
                Optional<TokenFileWatch> tokenFile = access.file().map(file -> TokenFileWatch.start(file, tokens));
                String base = "http://" + name(host, options) + ":" + server.port();
                return new RunningDashboard(server, site, tokenFile, economy, database, access.addresses(base));
            } catch (EconomyException e) {
                database.close();
                throw new StartupException(StartupException.FAILED, String.valueOf(e.getMessage()), e);
            } catch (RuntimeException e) {
                database.close();
                throw e;
            }
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static Access access(Options options, UsageFiles usage) {
        if (options.tokens().isPresent()) {
            return Access.of(options.tokens().get());
        }
        if (options.demo()) {
            return Access.demo();
        }
        if (usage.accounts().isEmpty()) {
            throw new StartupException(
                    StartupException.USAGE, "the usage files hold no usable line, so there is no account to show");
        }
        return Access.generatedFor(usage.accounts());
    }

    private static InetAddress host(Optional<String> name) {
        try {
            return name.isEmpty() ? InetAddress.getLoopbackAddress() : InetAddress.getByName(name.get());
        } catch (UnknownHostException e) {
            throw new StartupException(StartupException.USAGE, "--host: there is no host " + name.orElseThrow(), e);
        }
    }

    private static DashboardServer bind(InetAddress host, int port) {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new StartupException(
                    StartupException.USAGE, "--port " + port + " is not allowed; allowed: 0 to " + HIGHEST_PORT);
        }
        try {
            return DashboardServer.bind(new InetSocketAddress(host, port));
        } catch (BindException e) {
            throw new StartupException(
                    StartupException.FAILED,
                    "cannot listen on " + host.getHostAddress() + " port " + port + " (" + e.getMessage()
                            + "); choose another with --port",
                    e);
        } catch (IOException e) {
            throw new StartupException(
                    StartupException.FAILED,
                    "cannot listen on " + host.getHostAddress() + " port " + port + ": " + e,
                    e);
        }
    }

    private static Database open(String jdbcUrl) {
        try {
            return Database.open(jdbcUrl);
        } catch (RuntimeException e) {
            throw new StartupException(
                    StartupException.FAILED,
                    "cannot open the database " + withoutSecrets(jdbcUrl) + ": "
                            + rootOf(e).getMessage(),
                    e);
        }
    }

    /** What follows the name in a JDBC URL may hold a password. */
    private static String withoutSecrets(String jdbcUrl) {
        return jdbcUrl.split("[;?]", 2)[0].replaceFirst("//[^/@]*@", "//");
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** Browsers know this machine as localhost; other addresses are told as they were given. */
    private static String name(InetAddress host, Options options) {
        if (host.isLoopbackAddress() || host.isAnyLocalAddress()) {
            return "localhost";
        }
        String given = options.host().orElseThrow();
        return given.contains(":") ? "[" + given + "]" : given;
    }

    /** Where to look, one line per account. */
    List<String> addresses() {
        return addresses;
    }

    /** Requests in progress are let finish, for a moment. */
    @Override
    public void close() {
        tokenFile.ifPresent(TokenFileWatch::close);
        site.close();
        server.close();
        economy.close();
        database.close();
    }
}
