-- Usage as SQLite keeps it: the facts, and views of them for people. The script makes version 5 of the schema, the
-- first that there is for SQLite. It can be run again from its beginning, wherever it was
-- interrupted.
--
-- STRICT, because SQLite would otherwise keep whatever it is given, and turn integers that are too large into binary floating
-- point. It has no exact decimals and no type for moments: the views write both as text, with integer arithmetic alone.
--
-- Times of usage are seconds since 1970-01-01T00:00:00Z, times of telling microseconds; money is whole nano-dollars (1e-9 USD) an
-- hour. vCPUs and memory are decimal numbers with any number of decimals, so they are text. docs/database.md says why.

-- What holds now: when an instance was in one state, at one rate. No two rows of an instance contradict each other. The order of the
-- key is that of the account's instances in time, and begins with the account, so that the table can be distributed by it.
CREATE TABLE IF NOT EXISTS usage_interval (
    account_id                    TEXT     NOT NULL,
    instance_id                   TEXT     NOT NULL,
    started_at                    INTEGER  NOT NULL,
    ended_at                      INTEGER,            -- null while it lasts
    state                         TEXT     NOT NULL,  -- RUNNING, IDLE, HIBERNATED, STOPPED or TERMINATED
    gpu_name                      TEXT,               -- as the host calls it; null where unknown
    gpu_count_numerator           INTEGER  NOT NULL,  -- a reduced fraction: 23/50 of a GPU, 8/1 GPUs
    gpu_count_denominator         INTEGER  NOT NULL,
    vcpus                         TEXT,               -- may be a fraction; null where unknown
    memory_gib                    TEXT,               -- null where unknown
    region                        TEXT,               -- null where unknown
    nano_usd_per_hour             INTEGER,            -- null where unknown: such usage is counted as unpriced
    storage_nano_usd_per_hour     INTEGER,            -- while paused; null where nothing is charged
    evidence                      TEXT     NOT NULL,  -- OBSERVED or INFERRED; an inferred row may begin with an observed open one
    told_at                       INTEGER  NOT NULL,
    PRIMARY KEY (account_id, instance_id, started_at, evidence),
    CHECK (ended_at > started_at),
    CHECK (gpu_count_numerator > 0),
    CHECK (gpu_count_denominator > 0),
    CHECK (nano_usd_per_hour >= 0),
    CHECK (storage_nano_usd_per_hour >= 0),
    CHECK (evidence = 'OBSERVED' OR ended_at IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- What held before: a fact whose place others have taken moves here, and stays for ever. What was known at a time T: the rows of
-- usage_interval with told_at <= T, and the rows here with told_at <= T < withdrawn_at.
CREATE TABLE IF NOT EXISTS usage_interval_withdrawn (
    account_id                    TEXT     NOT NULL,  -- down to told_at as in usage_interval
    instance_id                   TEXT     NOT NULL,
    started_at                    INTEGER  NOT NULL,
    ended_at                      INTEGER,
    state                         TEXT     NOT NULL,
    gpu_name                      TEXT,
    gpu_count_numerator           INTEGER  NOT NULL,
    gpu_count_denominator         INTEGER  NOT NULL,
    vcpus                         TEXT,
    memory_gib                    TEXT,
    region                        TEXT,
    nano_usd_per_hour             INTEGER,
    storage_nano_usd_per_hour     INTEGER,
    evidence                      TEXT     NOT NULL,
    told_at                       INTEGER  NOT NULL,
    withdrawn_at                  INTEGER  NOT NULL,  -- told_at, if both happened within a microsecond: then nobody was ever told
    withdrawn_by                  INTEGER  NOT NULL,  -- which of the account's appends it was, as usage_account counts them
    PRIMARY KEY (account_id, instance_id, started_at, evidence, withdrawn_by),
    CHECK (withdrawn_at >= told_at)
) STRICT, WITHOUT ROWID;

-- One row per account that was ever written. Who appends counts up the rows of its accounts first, which locks them until its
-- transaction ends: writers of one account come one after the other.
CREATE TABLE IF NOT EXISTS usage_account (
    account_id    TEXT     NOT NULL PRIMARY KEY,
    appends       INTEGER  NOT NULL,
    told_at       INTEGER  -- when something was told of the account last: nothing is told before that
) STRICT, WITHOUT ROWID;

-- What holds now, for people: times in UTC, dollars an hour. The library never reads the views.
CREATE VIEW IF NOT EXISTS usage_interval_usd AS
SELECT
    account_id,
    instance_id,
    strftime('%Y-%m-%dT%H:%M:%SZ', started_at, 'unixepoch') AS started_at,
    strftime('%Y-%m-%dT%H:%M:%SZ', ended_at, 'unixepoch') AS ended_at,
    state,
    gpu_name,
    printf('%d.%06d', (gpu_count_numerator * 2000000 + gpu_count_denominator) / (gpu_count_denominator * 2) / 1000000,
        (gpu_count_numerator * 2000000 + gpu_count_denominator) / (gpu_count_denominator * 2) % 1000000) AS gpu_count,
    vcpus,
    memory_gib,
    region,
    CASE WHEN nano_usd_per_hour IS NOT NULL
        THEN printf('%d.%09d', nano_usd_per_hour / 1000000000, nano_usd_per_hour % 1000000000) END AS usd_per_hour,
    CASE WHEN storage_nano_usd_per_hour IS NOT NULL
        THEN printf('%d.%09d', storage_nano_usd_per_hour / 1000000000, storage_nano_usd_per_hour % 1000000000) END AS storage_usd_per_hour,
    evidence,
    strftime('%Y-%m-%dT%H:%M:%S', told_at / 1000000 - (told_at % 1000000 < 0), 'unixepoch')
        || printf('.%06dZ', (told_at % 1000000 + 1000000) % 1000000) AS told_at
FROM usage_interval;

-- All that was ever told: withdrawn_at is null for what holds now.
CREATE VIEW IF NOT EXISTS usage_interval_told_usd AS
SELECT
    account_id,
    instance_id,
    strftime('%Y-%m-%dT%H:%M:%SZ', started_at, 'unixepoch') AS started_at,
    strftime('%Y-%m-%dT%H:%M:%SZ', ended_at, 'unixepoch') AS ended_at,
    state,
    gpu_name,
    printf('%d.%06d', (gpu_count_numerator * 2000000 + gpu_count_denominator) / (gpu_count_denominator * 2) / 1000000,
        (gpu_count_numerator * 2000000 + gpu_count_denominator) / (gpu_count_denominator * 2) % 1000000) AS gpu_count,
    vcpus,
    memory_gib,
    region,
    CASE WHEN nano_usd_per_hour IS NOT NULL
        THEN printf('%d.%09d', nano_usd_per_hour / 1000000000, nano_usd_per_hour % 1000000000) END AS usd_per_hour,
    CASE WHEN storage_nano_usd_per_hour IS NOT NULL
        THEN printf('%d.%09d', storage_nano_usd_per_hour / 1000000000, storage_nano_usd_per_hour % 1000000000) END AS storage_usd_per_hour,
    evidence,
    strftime('%Y-%m-%dT%H:%M:%S', told_at / 1000000 - (told_at % 1000000 < 0), 'unixepoch')
        || printf('.%06dZ', (told_at % 1000000 + 1000000) % 1000000) AS told_at,
    strftime('%Y-%m-%dT%H:%M:%S', withdrawn_at / 1000000 - (withdrawn_at % 1000000 < 0), 'unixepoch')
        || printf('.%06dZ', (withdrawn_at % 1000000 + 1000000) % 1000000) AS withdrawn_at
FROM (
    SELECT
        account_id, instance_id, started_at, ended_at, state, gpu_name, gpu_count_numerator, gpu_count_denominator, vcpus,
        memory_gib, region, nano_usd_per_hour, storage_nano_usd_per_hour, evidence, told_at,
        NULL AS withdrawn_at
    FROM usage_interval
    UNION ALL
    SELECT
        account_id, instance_id, started_at, ended_at, state, gpu_name, gpu_count_numerator, gpu_count_denominator, vcpus,
        memory_gib, region, nano_usd_per_hour, storage_nano_usd_per_hour, evidence, told_at,
        withdrawn_at
    FROM usage_interval_withdrawn
) AS told;

-- Which versions of the schema were made here: the greatest is the one it has. Scripts note themselves here, so that the library knows
-- what it finds, whichever tool has run them.
CREATE TABLE IF NOT EXISTS economy_schema (
    version    INTEGER    NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

INSERT INTO economy_schema (version) VALUES (5) ON CONFLICT DO NOTHING;
