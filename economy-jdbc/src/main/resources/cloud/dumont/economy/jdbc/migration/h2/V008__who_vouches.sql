-- Who vouches for usage, as H2 keeps it: what hosts pushed, what sources showed and when they were asked. The script makes version 8
-- of the schema. It can be run again from its beginning, wherever it was interrupted.
--
-- Times are seconds since 1970-01-01T00:00:00Z; told_at and stored_at are microseconds.
--
-- What was stored before rests on the evidence OBSERVED: it counts as pushed, and what is open lasts until something ends it.

-- The memory of one GPU in MiB, and how many cards its GPUs are, a reduced fraction; null where unknown.
ALTER TABLE usage_interval ADD COLUMN IF NOT EXISTS gpu_memory_mib BIGINT;
ALTER TABLE usage_interval ADD COLUMN IF NOT EXISTS physical_gpus_numerator BIGINT;
ALTER TABLE usage_interval ADD COLUMN IF NOT EXISTS physical_gpus_denominator BIGINT;
ALTER TABLE usage_interval_withdrawn ADD COLUMN IF NOT EXISTS gpu_memory_mib BIGINT;
ALTER TABLE usage_interval_withdrawn ADD COLUMN IF NOT EXISTS physical_gpus_numerator BIGINT;
ALTER TABLE usage_interval_withdrawn ADD COLUMN IF NOT EXISTS physical_gpus_denominator BIGINT;

-- Open intervals may rest on pushes and on sightings. The check that knew neither has a name that H2 has given it.
EXECUTE IMMEDIATE COALESCE((
    SELECT 'ALTER TABLE usage_interval DROP CONSTRAINT "' || tables.constraint_name || '"'
    FROM information_schema.table_constraints AS tables
    JOIN information_schema.check_constraints AS checks
        ON checks.constraint_schema = tables.constraint_schema AND checks.constraint_name = tables.constraint_name
    WHERE tables.table_schema = CURRENT_SCHEMA AND UPPER(tables.table_name) = 'USAGE_INTERVAL'
        AND checks.check_clause LIKE '%OBSERVED%' AND UPPER(tables.constraint_name) <> 'USAGE_INTERVAL_EVIDENCE'),
    'ALTER TABLE usage_interval DROP CONSTRAINT IF EXISTS usage_interval_evidence');

ALTER TABLE usage_interval ADD CONSTRAINT IF NOT EXISTS usage_interval_evidence
    CHECK (evidence <> 'PROVISIONAL' AND (evidence <> 'INFERRED' OR ended_at IS NOT NULL));

-- What holds now, for people: the new columns come last.
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
        + MOD(told_at, 1000000) * INTERVAL '0.000001' SECOND AS told_at,
    gpu_memory_mib,
    CAST(physical_gpus_numerator * 1.000000 / physical_gpus_denominator AS DECIMAL(13, 6)) AS physical_gpus
FROM usage_interval;

-- All that was ever recorded: withdrawn_at is null for what holds now.
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
        + MOD(withdrawn_at, 1000000) * INTERVAL '0.000001' SECOND AS withdrawn_at,
    gpu_memory_mib,
    CAST(physical_gpus_numerator * 1.000000 / physical_gpus_denominator AS DECIMAL(13, 6)) AS physical_gpus
FROM (
    SELECT
        account_id, instance_id, started_at, ended_at, state, gpu_name, gpu_count_numerator, gpu_count_denominator, vcpus,
        memory_gib, region, nano_usd_per_hour, storage_nano_usd_per_hour, evidence, told_at,
        gpu_memory_mib, physical_gpus_numerator, physical_gpus_denominator,
        CAST(NULL AS BIGINT) AS withdrawn_at
    FROM usage_interval
    UNION ALL
    SELECT
        account_id, instance_id, started_at, ended_at, state, gpu_name, gpu_count_numerator, gpu_count_denominator, vcpus,
        memory_gib, region, nano_usd_per_hour, storage_nano_usd_per_hour, evidence, told_at,
        gpu_memory_mib, physical_gpus_numerator, physical_gpus_denominator,
        withdrawn_at
    FROM usage_interval_withdrawn
) AS told;

-- What hosts said of an instance, whatever became of it: sorted by instant, each holds until the next. Pushes are recognised by it when
-- they come again.
CREATE TABLE IF NOT EXISTS usage_push (
    account_id                 VARCHAR(200)   NOT NULL,
    instance_id                VARCHAR(200)   NOT NULL,
    pushed_at                  BIGINT         NOT NULL,  -- from when on it counts; until the next push of the instance
    state                      VARCHAR(20)    NOT NULL,  -- RUNNING, IDLE, HIBERNATED, STOPPED or TERMINATED
    gpu_name                   VARCHAR(1000),            -- from here to storage_nano_usd_per_hour as in usage_interval; all null where it is gone
    gpu_memory_mib             BIGINT,
    gpu_count_numerator        BIGINT,
    gpu_count_denominator      BIGINT,
    physical_gpus_numerator    BIGINT,
    physical_gpus_denominator  BIGINT,
    vcpus                      VARCHAR(100),
    memory_gib                 VARCHAR(100),
    region                     VARCHAR(1000),
    nano_usd_per_hour          BIGINT,
    storage_nano_usd_per_hour  BIGINT,
    source                     VARCHAR(200)   NOT NULL,  -- the ledger that it was said to
    superseded                 BOOLEAN        NOT NULL,  -- whether a correction took its place: kept to be recognised when it comes again
    lasts                      BOOLEAN        NOT NULL,  -- whether it is the last of its instance that no correction has replaced
    told_at                    BIGINT         NOT NULL,  -- when it was recorded, or changed last
    PRIMARY KEY (account_id, instance_id, pushed_at)
);

-- What the source that owns an instance last showed of it, and for a while what a source showed that has ceased to.
CREATE TABLE IF NOT EXISTS usage_sighting (
    account_id                 VARCHAR(200)   NOT NULL,
    instance_id                VARCHAR(200)   NOT NULL,
    source                     VARCHAR(200)   NOT NULL,  -- which owns the instance, until its listing is without it
    state                      VARCHAR(20)    NOT NULL,
    gpu_name                   VARCHAR(1000),            -- from here to storage_nano_usd_per_hour as in usage_interval
    gpu_memory_mib             BIGINT,
    gpu_count_numerator        BIGINT         NOT NULL,
    gpu_count_denominator      BIGINT         NOT NULL,
    physical_gpus_numerator    BIGINT,
    physical_gpus_denominator  BIGINT,
    vcpus                      VARCHAR(100),
    memory_gib                 VARCHAR(100),
    region                     VARCHAR(1000),
    nano_usd_per_hour          BIGINT,
    storage_nano_usd_per_hour  BIGINT,
    since_at                   BIGINT,                   -- since when, in the words of the source; null where it does not say
    since_believed             BOOLEAN        NOT NULL,  -- whether that can be true
    last_seen                  BIGINT,                   -- null if the source's last listing showed it
    absent                     BOOLEAN        NOT NULL,  -- whether complete listings have been without it since
    review_after               BIGINT,                   -- the first sighting later than this is looked at, because the host's word differs; null: none is
    PRIMARY KEY (account_id, instance_id)
);

-- Up to when sources vouch for what they show, and hosts for what they push. Rows are of no account; a listing that shows nothing new
-- writes here and nowhere else.
CREATE TABLE IF NOT EXISTS usage_source (
    source     VARCHAR(200)   NOT NULL,
    version    BIGINT         NOT NULL,  -- how often its listings have changed its sightings
    stamp      BIGINT,                   -- when its last complete listing was asked for; null if there was none
    recent     VARCHAR(4000)  NOT NULL,  -- its last stamps, 240 at most: the first in seconds since 1970, of each other one the seconds since the one before
    alive      BIGINT,                   -- when a host that pushes last said that it lives; null if it never does
    stored_at  BIGINT         NOT NULL,  -- when this row was written, by the database's clock
    PRIMARY KEY (source)
);

-- What a source's version counts beside its own listings. In a table of its own, so that a push need not wait for a listing.
CREATE TABLE IF NOT EXISTS usage_source_version (
    source   VARCHAR(200)  NOT NULL,
    version  BIGINT        NOT NULL,  -- how often others than its own listings have changed its sightings
    PRIMARY KEY (source)
);

-- When nobody looked, so that what was reported then can be asked for.
CREATE TABLE IF NOT EXISTS usage_source_gap (
    source   VARCHAR(200)  NOT NULL,
    from_at  BIGINT        NOT NULL,  -- the last stamp before
    to_at    BIGINT        NOT NULL,  -- the first stamp after
    PRIMARY KEY (source, from_at)
);

-- For what a source shows, what it has ceased to show for long, and what was pushed and lasts.
CREATE INDEX IF NOT EXISTS usage_sighting_source ON usage_sighting (source, absent, last_seen);

CREATE INDEX IF NOT EXISTS usage_push_source ON usage_push (source, lasts, state);

MERGE INTO economy_schema (version) KEY (version) VALUES (8);

-- Flyway might note that this script has run and fail to commit what it did.
COMMIT;
