-- Where a host's own Flyway looks by default; SchemaMigratorTest makes sure that ours does not.
CREATE TABLE called_back_for_the_host (id INTEGER);
