package cloud.dumont.economy.jdbc;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The two users of docs/database.md, in a database of their own: the owner, who has made the tables, and the one whom hosts run as, who has
 * no rights but those that are given below.
 *
 * @param adminsUrl through which rights are given
 * @param ownersUrl through which the tables are changed
 * @param url of the hosts
 * @param to how GRANT names a table ({@code %s}) and the user of the hosts
 */
record HostsUser(String adminsUrl, String ownersUrl, String url, String to) {

    static HostsUser onPostgresql(Path folder) {
        String url = TestDatabase.POSTGRESQL.newUrl(folder);
        String schema = url.substring(url.lastIndexOf('=') + 1);
        String owner = schema + "_owner";
        String host = schema + "_host";
        TestDatabase.execute(
                url,
                "CREATE ROLE " + owner + " LOGIN",
                "CREATE ROLE " + host + " LOGIN",
                "GRANT USAGE, CREATE ON SCHEMA " + schema + " TO " + owner,
                "GRANT USAGE ON SCHEMA " + schema + " TO " + host);
        return new HostsUser(
                        url,
                        url.replace("user=postgres", "user=" + owner),
                        url.replace("user=postgres", "user=" + host),
                        "%s TO " + host)
                .withTables();
    }

    static HostsUser onMariaDb(Path folder) {
        String url = TestDatabase.MARIADB.newUrl(folder);
        String database = url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
        String owner = database + "_owner";
        String host = database + "_host";
        TestDatabase.execute(
                url,
                "CREATE USER " + owner + "@'%'",
                "CREATE USER " + host + "@'%'",
                "GRANT ALL ON " + database + ".* TO " + owner + "@'%'");
        return new HostsUser(
                        url,
                        url.replace("user=root", "user=" + owner),
                        url.replace("user=root", "user=" + host),
                        "%s TO " + host + "@'%%'")
                .withTables();
    }

    private HostsUser withTables() {
        SchemaMigrator.of(TestDatabase.unpooled(ownersUrl)).migrate();
        return this;
    }

    void mayStore() {
        grant("SELECT", "economy_schema", "usage_retention");
        grant("SELECT, INSERT, UPDATE", "usage_account");
        grant("SELECT, INSERT, DELETE", "usage_interval");
        grant("SELECT, INSERT", "usage_interval_withdrawn", "usage_source_gap");
        grant("SELECT, INSERT, UPDATE", "usage_push", "usage_source", "usage_source_version");
        grant("SELECT, INSERT, UPDATE, DELETE", "usage_sighting");
    }

    void mayRollUp() {
        grant("SELECT, INSERT, UPDATE, DELETE", "savings_history", "savings_rollup", "savings_rebuild");
    }

    void mayDrop() {
        grant("INSERT, UPDATE", "usage_retention");
        grant("DELETE", "usage_interval_withdrawn");
    }

    void grant(String rights, String... tables) {
        List<String> grants = new ArrayList<>();
        for (String table : tables) {
            grants.add("GRANT " + rights + " ON " + to.formatted(table));
        }
        TestDatabase.execute(adminsUrl, grants.toArray(String[]::new));
    }
}
