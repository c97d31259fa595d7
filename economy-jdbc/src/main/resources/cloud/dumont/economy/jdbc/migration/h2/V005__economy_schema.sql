-- Which versions of the schema were made here: the greatest is the one it has. Scripts note themselves here, so that the library knows
-- what it finds, whichever tool has run them.
CREATE TABLE IF NOT EXISTS economy_schema (
    version    INTEGER    NOT NULL PRIMARY KEY
);

MERGE INTO economy_schema (version) KEY (version) VALUES (5);

-- Flyway might note that this script has run and fail to commit what it did.
COMMIT;
