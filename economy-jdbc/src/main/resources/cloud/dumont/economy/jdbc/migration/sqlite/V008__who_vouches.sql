-- Who vouches for usage, as SQLite keeps it: what hosts pushed, what sources showed and when they were asked. The script makes version 8
-- of the schema. It can be run again from its beginning, wherever it was interrupted.
--
-- Times are seconds since 1970-01-01T00:00:00Z; told_at and stored_at are microseconds.
--
-- What was stored before rests on the evidence OBSERVED: it counts as pushed, and what is open lasts until something ends it.

-- Open intervals may rest on pushes and on sightings. SQLite cannot drop the check that knew neither: so both tables are made again under
-- other names, which they lose in the end. If this was interrupted before, a table may be the old one, none, or already the new one; in
-- each case what it holds is copied.
DROP VIEW IF EXISTS usage_interval_told_usd;

DROP VIEW IF EXISTS usage_interval_usd;

CREATE TABLE IF NOT EXISTS usage_interval_vouched (
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
    evidence                      TEXT     NOT NULL,  -- who vouches for it; an inferred row may begin with an open one of another evidence
    told_at                       INTEGER  NOT NULL,
    gpu_memory_mib                INTEGER,            -- memory of one GPU; null where unknown
    physical_gpus_numerator       INTEGER,            -- how many cards its GPUs are, a reduced fraction; null where that is not told
    physical_gpus_denominator     INTEGER,
    PRIMARY KEY (account_id, instance_id, started_at, evidence),
    CHECK (ended_at > started_at),
    CHECK (gpu_count_numerator > 0),
    CHECK (gpu_count_denominator > 0),
    CHECK (nano_usd_per_hour >= 0),
    CHECK (storage_nano_usd_per_hour >= 0),
    CONSTRAINT usage_interval_evidence
        CHECK (evidence <> 'PROVISIONAL' AND (evidence <> 'INFERRED' OR ended_at IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS usage_interval AS SELECT * FROM usage_interval_vouched WHERE FALSE;

INSERT INTO usage_interval_vouched (
    account_id, instance_id, started_at, ended_at, state, gpu_name, gpu_count_numerator, gpu_count_denominator, vcpus, memory_gib,
    region, nano_usd_per_hour, storage_nano_usd_per_hour, evidence, told_at)
SELECT
    account_id, instance_id, started_at, ended_at, state, gpu_name, gpu_count_numerator, gpu_count_denominator, vcpus, memory_gib,
    region, nano_usd_per_hour, storage_nano_usd_per_hour, evidence, told_at
FROM usage_interval WHERE TRUE ON CONFLICT DO NOTHING;

DROP TABLE usage_interval;

ALTER TABLE usage_interval_vouched RENAME TO usage_interval;

CREATE TABLE IF NOT EXISTS usage_interval_withdrawn_vouched (
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
    gpu_memory_mib                INTEGER,
    physical_gpus_numerator       INTEGER,
    physical_gpus_denominator     INTEGER,
    PRIMARY KEY (account_id, instance_id, started_at, evidence, withdrawn_by),
    CHECK (withdrawn_at >= told_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS usage_interval_withdrawn AS SELECT * FROM usage_interval_withdrawn_vouched WHERE FALSE;

INSERT INTO usage_interval_withdrawn_vouched (
    account_id, instance_id, started_at, ended_at, state, gpu_name, gpu_count_numerator, gpu_count_denominator, vcpus, memory_gib,
    region, nano_usd_per_hour, storage_nano_usd_per_hour, evidence, told_at, withdrawn_at, withdrawn_by)
SELECT
    account_id, instance_id, started_at, ended_at, state, gpu_name, gpu_count_numerator, gpu_count_denominator, vcpus, memory_gib,
    region, nano_usd_per_hour, storage_nano_usd_per_hour, evidence, told_at, withdrawn_at, withdrawn_by
FROM usage_interval_withdrawn WHERE TRUE ON CONFLICT DO NOTHING;

DROP TABLE usage_interval_withdrawn;

ALTER TABLE usage_interval_withdrawn_vouched RENAME TO usage_interval_withdrawn;

CREATE INDEX IF NOT EXISTS usage_interval_ended ON usage_interval (account_id, ended_at);

CREATE INDEX IF NOT EXISTS usage_interval_told ON usage_interval (account_id, told_at);

CREATE INDEX IF NOT EXISTS usage_interval_withdrawn_at ON usage_interval_withdrawn (account_id, withdrawn_at);

-- What holds now, for people: the new columns come last.
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
        || printf('.%06dZ', (told_at % 1000000 + 1000000) % 1000000) AS told_at,
    gpu_memory_mib,
    CASE WHEN physical_gpus_numerator IS NOT NULL
        THEN printf('%d.%06d', (physical_gpus_numerator * 2000000 + physical_gpus_denominator) / (physical_gpus_denominator * 2) / 1000000,
            (physical_gpus_numerator * 2000000 + physical_gpus_denominator) / (physical_gpus_denominator * 2) % 1000000) END AS physical_gpus
FROM usage_interval;

-- All that was ever recorded: withdrawn_at is null for what holds now.
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
        || printf('.%06dZ', (withdrawn_at % 1000000 + 1000000) % 1000000) AS withdrawn_at,
    gpu_memory_mib,
    CASE WHEN physical_gpus_numerator IS NOT NULL
        THEN printf('%d.%06d', (physical_gpus_numerator * 2000000 + physical_gpus_denominator) / (physical_gpus_denominator * 2) / 1000000,
            (physical_gpus_numerator * 2000000 + physical_gpus_denominator) / (physical_gpus_denominator * 2) % 1000000) END AS physical_gpus
FROM (
    SELECT
        account_id, instance_id, started_at, ended_at, state, gpu_name, gpu_count_numerator, gpu_count_denominator, vcpus,
        memory_gib, region, nano_usd_per_hour, storage_nano_usd_per_hour, evidence, told_at,
        gpu_memory_mib, physical_gpus_numerator, physical_gpus_denominator,
        NULL AS withdrawn_at
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
    account_id                 TEXT     NOT NULL,
    instance_id                TEXT     NOT NULL,
    pushed_at                  INTEGER  NOT NULL,  -- from when on it counts; until the next push of the instance
    state                      TEXT     NOT NULL,  -- RUNNING, IDLE, HIBERNATED, STOPPED or TERMINATED
    gpu_name                   TEXT,               -- from here to storage_nano_usd_per_hour as in usage_interval; all null where it is gone
    gpu_memory_mib             INTEGER,
    gpu_count_numerator        INTEGER,
    gpu_count_denominator      INTEGER,
    physical_gpus_numerator    INTEGER,
    physical_gpus_denominator  INTEGER,
    vcpus                      TEXT,
    memory_gib                 TEXT,
    region                     TEXT,
    nano_usd_per_hour          INTEGER,
    storage_nano_usd_per_hour  INTEGER,
    source                     TEXT     NOT NULL,  -- the ledger that it was said to
    superseded                 INTEGER  NOT NULL,  -- whether a correction took its place: kept to be recognised when it comes again
    lasts                      INTEGER  NOT NULL,  -- whether it is the last of its instance that no correction has replaced
    told_at                    INTEGER  NOT NULL,  -- when it was recorded, or changed last
    PRIMARY KEY (account_id, instance_id, pushed_at)
) STRICT, WITHOUT ROWID;

-- What the source that owns an instance last showed of it, and for a while what a source showed that has ceased to.
CREATE TABLE IF NOT EXISTS usage_sighting (
    account_id                 TEXT     NOT NULL,
    instance_id                TEXT     NOT NULL,
    source                     TEXT     NOT NULL,  -- which owns the instance, until its listing is without it
    state                      TEXT     NOT NULL,
    gpu_name                   TEXT,               -- from here to storage_nano_usd_per_hour as in usage_interval
    gpu_memory_mib             INTEGER,
    gpu_count_numerator        INTEGER  NOT NULL,
    gpu_count_denominator      INTEGER  NOT NULL,
    physical_gpus_numerator    INTEGER,
    physical_gpus_denominator  INTEGER,
    vcpus                      TEXT,
    memory_gib                 TEXT,
    region                     TEXT,
    nano_usd_per_hour          INTEGER,
    storage_nano_usd_per_hour  INTEGER,
    since_at                   INTEGER,            -- since when, in the words of the source; null where it does not say
    since_believed             INTEGER  NOT NULL,  -- whether that can be true
    last_seen                  INTEGER,            -- null if the source's last listing showed it
    absent                     INTEGER  NOT NULL,  -- whether complete listings have been without it since
    review_after               INTEGER,            -- the first sighting later than this is looked at, because the host's word differs; null: none is
    PRIMARY KEY (account_id, instance_id)
) STRICT, WITHOUT ROWID;

-- Up to when sources vouch for what they show, and hosts for what they push. Rows are of no account; a listing that shows nothing new
-- writes here and nowhere else.
CREATE TABLE IF NOT EXISTS usage_source (
    source     TEXT     NOT NULL,
    version    INTEGER  NOT NULL,  -- how often its listings have changed its sightings
    stamp      INTEGER,            -- when its last complete listing was asked for; null if there was none
    recent     TEXT     NOT NULL,  -- its last stamps, 240 at most: the first in seconds since 1970, of each other one the seconds since the one before
    alive      INTEGER,            -- when a host that pushes last said that it lives; null if it never does
    stored_at  INTEGER  NOT NULL,  -- when this row was written, by the database's clock
    PRIMARY KEY (source)
) STRICT, WITHOUT ROWID;

-- What a source's version counts beside its own listings. In a table of its own, so that a push need not wait for a listing.
CREATE TABLE IF NOT EXISTS usage_source_version (
    source   TEXT     NOT NULL,
    version  INTEGER  NOT NULL,  -- how often others than its own listings have changed its sightings
    PRIMARY KEY (source)
) STRICT, WITHOUT ROWID;

-- When nobody looked, so that what was reported then can be asked for.
CREATE TABLE IF NOT EXISTS usage_source_gap (
    source   TEXT     NOT NULL,
    from_at  INTEGER  NOT NULL,  -- the last stamp before
    to_at    INTEGER  NOT NULL,  -- the first stamp after
    PRIMARY KEY (source, from_at)
) STRICT, WITHOUT ROWID;

-- For what a source shows, what it has ceased to show for long, and what was pushed and lasts.
CREATE INDEX IF NOT EXISTS usage_sighting_source ON usage_sighting (source, absent, last_seen);

CREATE INDEX IF NOT EXISTS usage_push_source ON usage_push (source, lasts, state);

INSERT INTO economy_schema (version) VALUES (8) ON CONFLICT DO NOTHING;
