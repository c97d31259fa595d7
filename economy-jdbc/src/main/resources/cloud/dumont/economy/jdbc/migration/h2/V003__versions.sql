-- When each fact was told, and what was told before: so 'what we said then' can be asked beside 'what we know now'.
--
-- usage_interval holds the facts that hold now, and those only: whoever reads it needs to know nothing of versions, and finds what it
-- looks for as fast as before. A fact whose place others have taken moves to usage_interval_withdrawn, and stays there for ever. What
-- was known at a time T: the rows of usage_interval with told_at <= T, and those of usage_interval_withdrawn with told_at <= T <
-- withdrawn_at.
--
-- The table is made anew under another name, which it loses in the end. If this was interrupted before, then usage_interval may be the
-- old one, none, or already the new one; in each case what it holds is merged into what is there.
--
-- told_at and withdrawn_at are microseconds since 1970-01-01T00:00:00Z, the finest that both clocks and PostgreSQL's timestamps know;
-- within an account they never go back. What was stored before this script counts as told at 0, since ever.
DROP VIEW IF EXISTS usage_interval_usd;

CREATE TABLE IF NOT EXISTS usage_interval_versioned (
    account_id                    VARCHAR(200)  NOT NULL,
    instance_id                   VARCHAR(200)  NOT NULL,
    started_at                    BIGINT        NOT NULL,
    ended_at                      BIGINT,                  -- null while it lasts
    state                         VARCHAR(20)   NOT NULL,  -- RUNNING, IDLE, HIBERNATED, STOPPED or TERMINATED
    gpu_name                      VARCHAR(1000),           -- as the host calls it; null where unknown
    gpu_count_numerator           BIGINT        NOT NULL,  -- a reduced fraction: 23/50 of a GPU, 8/1 GPUs
    gpu_count_denominator         BIGINT        NOT NULL,
    vcpus                         VARCHAR(100),            -- may be a fraction; null where unknown
    memory_gib                    VARCHAR(100),            -- null where unknown
    region                        VARCHAR(1000),           -- null where unknown
    nano_usd_per_hour             BIGINT,                  -- null where unknown: such usage is counted as unpriced
    storage_nano_usd_per_hour     BIGINT,                  -- while paused; null where nothing is charged
    evidence                      VARCHAR(20)   NOT NULL,  -- OBSERVED or INFERRED; an inferred row may begin with an observed open one
    told_at                       BIGINT        NOT NULL,
    PRIMARY KEY (account_id, instance_id, started_at, evidence),
    CHECK (ended_at > started_at),
    CHECK (gpu_count_numerator > 0),
    CHECK (gpu_count_denominator > 0),
    CHECK (nano_usd_per_hour >= 0),
    CHECK (storage_nano_usd_per_hour >= 0),
    CHECK (evidence = 'OBSERVED' OR ended_at IS NOT NULL)
);

-- Only where an earlier run of this script ended between its DROP and its RENAME: then there is nothing left to merge.
CREATE TABLE IF NOT EXISTS usage_interval AS SELECT * FROM usage_interval_versioned WHERE FALSE;

MERGE INTO usage_interval_versioned (
    account_id, instance_id, started_at, ended_at, state, gpu_name, gpu_count_numerator, gpu_count_denominator, vcpus, memory_gib,
    region, nano_usd_per_hour, storage_nano_usd_per_hour, evidence, told_at)
    KEY (account_id, instance_id, started_at, evidence)
SELECT
    account_id, instance_id, started_at, ended_at, state, gpu_name, gpu_count_numerator, gpu_count_denominator, vcpus, memory_gib,
    region, nano_usd_per_hour, storage_nano_usd_per_hour, 'OBSERVED', 0
FROM usage_interval;

DROP TABLE usage_interval;

ALTER TABLE usage_interval_versioned RENAME TO usage_interval;

CREATE TABLE IF NOT EXISTS usage_interval_withdrawn (
    account_id                    VARCHAR(200)  NOT NULL,  -- down to told_at as in usage_interval
    instance_id                   VARCHAR(200)  NOT NULL,
    started_at                    BIGINT        NOT NULL,
    ended_at                      BIGINT,
    state                         VARCHAR(20)   NOT NULL,
    gpu_name                      VARCHAR(1000),
    gpu_count_numerator           BIGINT        NOT NULL,
    gpu_count_denominator         BIGINT        NOT NULL,
    vcpus                         VARCHAR(100),
    memory_gib                    VARCHAR(100),
    region                        VARCHAR(1000),
    nano_usd_per_hour             BIGINT,
    storage_nano_usd_per_hour     BIGINT,
    evidence                      VARCHAR(20)   NOT NULL,
    told_at                       BIGINT        NOT NULL,
    withdrawn_at                  BIGINT        NOT NULL,  -- told_at, if both happened within a microsecond: then nobody was ever told
    withdrawn_by                  BIGINT        NOT NULL,  -- which of the account's appends it was, as usage_account counts them
    PRIMARY KEY (account_id, instance_id, started_at, evidence, withdrawn_by),
    CHECK (withdrawn_at >= told_at)
);

-- When something was told of the account last: nothing is told before that, also by a clock that goes back.
ALTER TABLE usage_account ADD COLUMN IF NOT EXISTS told_at BIGINT;

UPDATE usage_account SET told_at = 0;
