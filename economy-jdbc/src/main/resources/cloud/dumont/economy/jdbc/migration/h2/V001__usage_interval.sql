-- The facts. A row holds when an instance was in one state, at one rate: exactly what InstanceTimeline.facts() lists, so no two rows
-- of an instance contradict each other and none can be left out.
--
-- H2 commits with every statement that changes the schema. So each of these scripts can be run again from its beginning, wherever it
-- was interrupted.
--
-- Times are seconds since 1970-01-01T00:00:00Z. Whole seconds are what the library counts in; a number has no time zone that a
-- driver, a session or a server could shift it by; and SQLite has no type for moments at all. The view usage_interval_usd shows
-- them as timestamps. Money is whole nano-dollars (1e-9 USD) an hour, for the same reasons. vCPUs and memory are decimal numbers
-- with any number of decimals, so they are text.
CREATE TABLE IF NOT EXISTS usage_interval (
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
    PRIMARY KEY (account_id, instance_id, started_at),
    CHECK (ended_at > started_at),
    CHECK (gpu_count_numerator > 0),
    CHECK (gpu_count_denominator > 0),
    CHECK (nano_usd_per_hour >= 0),
    CHECK (storage_nano_usd_per_hour >= 0)
);

-- One row per account that was ever written. Who appends counts up the rows of its accounts first, which locks them until its
-- transaction ends: writers of one account come one after the other, those of different accounts do not meet.
CREATE TABLE IF NOT EXISTS usage_account (
    account_id    VARCHAR(200)  NOT NULL PRIMARY KEY,
    appends       BIGINT        NOT NULL
);
