-- Usage as PostgreSQL keeps it: the facts, and views of them for people. The script makes version 5 of the schema, the
-- first that there is for PostgreSQL. It can be run again from its beginning, wherever it was
-- interrupted.
--
-- Ids are compared byte by byte (COLLATE "C"), whatever language the database speaks.
--
-- Times of usage are seconds since 1970-01-01T00:00:00Z, times of telling microseconds; money is whole nano-dollars (1e-9 USD) an
-- hour. vCPUs and memory are decimal numbers with any number of decimals, so they are text. docs/database.md says why.

-- What holds now: when an instance was in one state, at one rate. No two rows of an instance contradict each other. The order of the
-- key is that of the account's instances in time, and begins with the account, so that the table can be distributed by it.
CREATE TABLE IF NOT EXISTS usage_interval (
    account_id                    VARCHAR(200) COLLATE "C"  NOT NULL,
    instance_id                   VARCHAR(200) COLLATE "C"  NOT NULL,
    started_at                    BIGINT                    NOT NULL,
    ended_at                      BIGINT,                              -- null while it lasts
    state                         VARCHAR(20)               NOT NULL,  -- RUNNING, IDLE, HIBERNATED, STOPPED or TERMINATED
    gpu_name                      VARCHAR(1000),                       -- as the host calls it; null where unknown
    gpu_count_numerator           BIGINT                    NOT NULL,  -- a reduced fraction: 23/50 of a GPU, 8/1 GPUs
    gpu_count_denominator         BIGINT                    NOT NULL,
    vcpus                         VARCHAR(100),                        -- may be a fraction; null where unknown
    memory_gib                    VARCHAR(100),                        -- null where unknown
    region                        VARCHAR(1000),                       -- null where unknown
    nano_usd_per_hour             BIGINT,                              -- null where unknown: such usage is counted as unpriced
    storage_nano_usd_per_hour     BIGINT,                              -- while paused; null where nothing is charged
    evidence                      VARCHAR(20)               NOT NULL,  -- OBSERVED or INFERRED; an inferred row may begin with an observed open one
    told_at                       BIGINT                    NOT NULL,
    PRIMARY KEY (account_id, instance_id, started_at, evidence),
    CHECK (ended_at > started_at),
    CHECK (gpu_count_numerator > 0),
    CHECK (gpu_count_denominator > 0),
    CHECK (nano_usd_per_hour >= 0),
    CHECK (storage_nano_usd_per_hour >= 0),
    CHECK (evidence = 'OBSERVED' OR ended_at IS NOT NULL)
);

-- What held before: a fact whose place others have taken moves here, and stays for ever. What was known at a time T: the rows of
-- usage_interval with told_at <= T, and the rows here with told_at <= T < withdrawn_at.
CREATE TABLE IF NOT EXISTS usage_interval_withdrawn (
    account_id                    VARCHAR(200) COLLATE "C"  NOT NULL,  -- down to told_at as in usage_interval
    instance_id                   VARCHAR(200) COLLATE "C"  NOT NULL,
    started_at                    BIGINT                    NOT NULL,
    ended_at                      BIGINT,
    state                         VARCHAR(20)               NOT NULL,
    gpu_name                      VARCHAR(1000),
    gpu_count_numerator           BIGINT                    NOT NULL,
    gpu_count_denominator         BIGINT                    NOT NULL,
    vcpus                         VARCHAR(100),
    memory_gib                    VARCHAR(100),
    region                        VARCHAR(1000),
    nano_usd_per_hour             BIGINT,
    storage_nano_usd_per_hour     BIGINT,
    evidence                      VARCHAR(20)               NOT NULL,
    told_at                       BIGINT                    NOT NULL,
    withdrawn_at                  BIGINT                    NOT NULL,  -- told_at, if both happened within a microsecond: then nobody was ever told
    withdrawn_by                  BIGINT                    NOT NULL,  -- which of the account's appends it was, as usage_account counts them
    PRIMARY KEY (account_id, instance_id, started_at, evidence, withdrawn_by),
    CHECK (withdrawn_at >= told_at)
);

-- One row per account that was ever written. Who appends counts up the rows of its accounts first, which locks them until its
-- transaction ends: writers of one account come one after the other.
CREATE TABLE IF NOT EXISTS usage_account (
    account_id    VARCHAR(200) COLLATE "C"  NOT NULL PRIMARY KEY,
    appends       BIGINT                    NOT NULL,
    told_at       BIGINT  -- when something was told of the account last: nothing is told before that
);

-- What holds now, for people: times in UTC, dollars an hour. The library never reads the views.
CREATE OR REPLACE VIEW usage_interval_usd AS
SELECT
    account_id,
    instance_id,
    TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00' + started_at * INTERVAL '1' SECOND AS started_at,
    TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00' + ended_at * INTERVAL '1' SECOND AS ended_at,
    state,
    gpu_name,
    CAST(gpu_count_numerator * 1.000000 / gpu_count_denominator AS DECIMAL(13, 6)) AS gpu_count,
    vcpus,
    memory_gib,
    region,
    CAST(nano_usd_per_hour * 0.000000001 AS DECIMAL(19, 9)) AS usd_per_hour,
    CAST(storage_nano_usd_per_hour * 0.000000001 AS DECIMAL(19, 9)) AS storage_usd_per_hour,
    evidence,
    TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00' + told_at / 1000000 * INTERVAL '1' SECOND
        + MOD(told_at, 1000000) * INTERVAL '0.000001' SECOND AS told_at
FROM usage_interval;

-- All that was ever told: withdrawn_at is null for what holds now.
CREATE OR REPLACE VIEW usage_interval_told_usd AS
SELECT
    account_id,
    instance_id,
    TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00' + started_at * INTERVAL '1' SECOND AS started_at,
    TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00' + ended_at * INTERVAL '1' SECOND AS ended_at,
    state,
    gpu_name,
    CAST(gpu_count_numerator * 1.000000 / gpu_count_denominator AS DECIMAL(13, 6)) AS gpu_count,
    vcpus,
    memory_gib,
    region,
    CAST(nano_usd_per_hour * 0.000000001 AS DECIMAL(19, 9)) AS usd_per_hour,
    CAST(storage_nano_usd_per_hour * 0.000000001 AS DECIMAL(19, 9)) AS storage_usd_per_hour,
    evidence,
    TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00' + told_at / 1000000 * INTERVAL '1' SECOND
        + MOD(told_at, 1000000) * INTERVAL '0.000001' SECOND AS told_at,
    TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00' + withdrawn_at / 1000000 * INTERVAL '1' SECOND
        + MOD(withdrawn_at, 1000000) * INTERVAL '0.000001' SECOND AS withdrawn_at
FROM (
    SELECT
        account_id, instance_id, started_at, ended_at, state, gpu_name, gpu_count_numerator, gpu_count_denominator, vcpus,
        memory_gib, region, nano_usd_per_hour, storage_nano_usd_per_hour, evidence, told_at,
        CAST(NULL AS BIGINT) AS withdrawn_at
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
);

INSERT INTO economy_schema (version) VALUES (5) ON CONFLICT DO NOTHING;
