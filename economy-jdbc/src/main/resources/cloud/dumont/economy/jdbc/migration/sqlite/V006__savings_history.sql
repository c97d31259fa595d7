-- Rollups: what usage came to by hour and by day of UTC, so that a question about years need not read the intervals of years. They are
-- derived: usage_interval is the truth, and all of this can be dropped and made again to the quantum (JdbcRollups.rebuild), but for the
-- time whose intervals were dropped since (usage_retention).
--
-- Money is whole quanta (1 nano-USD an hour for 1 second; 3.6e12 quanta are one dollar), in two columns, because one hour of a large
-- account does not fit 64 bits: quanta = _high * 1000000000000 + _low, with 0 <= _low < 1000000000000. The view shows dollars. Times are
-- seconds, and where something was told microseconds, since 1970-01-01T00:00:00Z. This script can be run again from its beginning.

-- What the usage of one GPU model came to within an hour or a day, on one tier.
CREATE TABLE IF NOT EXISTS savings_history (
    account_id                    TEXT NOT NULL,
    provider                      TEXT NOT NULL,
    baseline                      TEXT NOT NULL,  -- terms, sizing, host match, discount, region
    generation                    INTEGER NOT NULL,  -- that of savings_rollup counts, no other
    granularity                   TEXT NOT NULL,  -- HOUR, DAY or LIFETIME; a day holds those of its hours that have ended, LIFETIME all closed hours
    bucket_start                  INTEGER NOT NULL,
    gpu_model                     TEXT NOT NULL,  -- the canonical name, or else as it was told, cut if longer
    tier                          TEXT NOT NULL,  -- LIKE_FOR_LIKE, SAME_GPU, NEAREST or NONE
    seconds                       INTEGER NOT NULL,  -- billable; with tier NONE it is not compared
    inferred_seconds              INTEGER NOT NULL,
    idle_seconds                  INTEGER NOT NULL,
    before_first_price_seconds    INTEGER NOT NULL,
    effective_quanta_high         INTEGER NOT NULL,
    effective_quanta_low          INTEGER NOT NULL,
    equivalent_quanta_high        INTEGER NOT NULL,
    equivalent_quanta_low         INTEGER NOT NULL,
    idle_quanta_high              INTEGER NOT NULL,  -- what of the effective cost is that of idle time
    idle_quanta_low               INTEGER NOT NULL,
    catalog_version               TEXT NOT NULL,
    policy                        TEXT NOT NULL,
    PRIMARY KEY (account_id, provider, baseline, generation, granularity, bucket_start, gpu_model, tier)
) STRICT, WITHOUT ROWID;

-- How far the rollups of an account against a baseline are.
CREATE TABLE IF NOT EXISTS savings_rollup (
    account_id         TEXT NOT NULL,
    provider           TEXT NOT NULL,
    baseline           TEXT NOT NULL,  -- terms, sizing, host match, discount, region
    generation         INTEGER NOT NULL,
    closed_until       INTEGER NOT NULL,  -- hours that began before are in savings_history
    told_until         INTEGER NOT NULL,  -- facts told later are not
    changes            INTEGER NOT NULL,  -- how often this row was written
    savings_high       INTEGER NOT NULL,  -- of all closed hours, in quanta
    savings_low        INTEGER NOT NULL,
    catalog_version    TEXT NOT NULL,
    policy             TEXT NOT NULL,
    PRIMARY KEY (account_id, provider, baseline)
) STRICT, WITHOUT ROWID;

-- A rebuild that is under way, or was interrupted: the next one goes on with it.
CREATE TABLE IF NOT EXISTS savings_rebuild (
    account_id         TEXT NOT NULL,
    provider           TEXT NOT NULL,
    baseline           TEXT NOT NULL,  -- terms, sizing, host match, discount, region
    generation         INTEGER NOT NULL,  -- that is made
    closed_until       INTEGER NOT NULL,  -- up to when
    told_until         INTEGER NOT NULL,  -- by which facts
    done_until         INTEGER NOT NULL,  -- hours that began before are done
    started_at         INTEGER NOT NULL,  -- the first hour
    catalog_version    TEXT NOT NULL,
    policy             TEXT NOT NULL,
    PRIMARY KEY (account_id, provider, baseline)
) STRICT, WITHOUT ROWID;

-- Which accounts have lost raw intervals to a retention policy.
CREATE TABLE IF NOT EXISTS usage_retention (
    account_id       TEXT NOT NULL,
    dropped_until    INTEGER NOT NULL,  -- intervals that ended before may be gone; rollups of the days before stay
    dropped_at       INTEGER NOT NULL,  -- when that was done last, as told_at counts
    PRIMARY KEY (account_id)
) STRICT, WITHOUT ROWID;

-- For those with the greatest savings, and for what a refresh looks for: usage that lasts, and what was told since.
CREATE INDEX IF NOT EXISTS savings_rollup_rank ON savings_rollup (provider, baseline, savings_high, savings_low, account_id);
CREATE INDEX IF NOT EXISTS usage_interval_ended ON usage_interval (account_id, ended_at);
CREATE INDEX IF NOT EXISTS usage_interval_told ON usage_interval (account_id, told_at);
CREATE INDEX IF NOT EXISTS usage_interval_withdrawn_at ON usage_interval_withdrawn (account_id, withdrawn_at);

-- The rollups for people: times in UTC, dollars with nine decimals, rounded half away from zero as decimals are elsewhere. SQLite has none,
-- so these are text, made of whole numbers: 18 of _high are five dollars, and what is left of an amount without those fits 64 bits in
-- quanta. Nothing overflows but a difference of two amounts of more than 1e18 dollars. The library never reads it.
DROP VIEW IF EXISTS savings_history_usd;
CREATE VIEW savings_history_usd AS
SELECT
    account_id,
    provider,
    baseline,
    granularity,
    CASE WHEN granularity <> 'LIFETIME' THEN strftime('%Y-%m-%dT%H:%M:%SZ', bucket_start, 'unixepoch') END AS bucket_start,
    gpu_model,
    tier,
    seconds,
    CASE WHEN effective_usd + effective_nanos / 1000000000 < 0 AND effective_nanos % 1000000000 > 0
        THEN printf('-%d.%09d', -1 - effective_usd - effective_nanos / 1000000000, 1000000000 - effective_nanos % 1000000000)
        ELSE printf('%d.%09d', effective_usd + effective_nanos / 1000000000, effective_nanos % 1000000000) END AS effective_usd,
    CASE WHEN equivalent_usd + equivalent_nanos / 1000000000 < 0 AND equivalent_nanos % 1000000000 > 0
        THEN printf('-%d.%09d', -1 - equivalent_usd - equivalent_nanos / 1000000000, 1000000000 - equivalent_nanos % 1000000000)
        ELSE printf('%d.%09d', equivalent_usd + equivalent_nanos / 1000000000, equivalent_nanos % 1000000000) END AS equivalent_usd,
    CASE WHEN idle_usd + idle_nanos / 1000000000 < 0 AND idle_nanos % 1000000000 > 0
        THEN printf('-%d.%09d', -1 - idle_usd - idle_nanos / 1000000000, 1000000000 - idle_nanos % 1000000000)
        ELSE printf('%d.%09d', idle_usd + idle_nanos / 1000000000, idle_nanos % 1000000000) END AS idle_usd,
    CASE WHEN savings_usd + savings_nanos / 1000000000 < 0 AND savings_nanos % 1000000000 > 0
        THEN printf('-%d.%09d', -1 - savings_usd - savings_nanos / 1000000000, 1000000000 - savings_nanos % 1000000000)
        ELSE printf('%d.%09d', savings_usd + savings_nanos / 1000000000, savings_nanos % 1000000000) END AS savings_usd,
    catalog_version,
    policy
FROM (
    SELECT
        account_id, provider, baseline, granularity, bucket_start, gpu_model, tier, seconds, catalog_version, policy,
        5 * (effective_high / 18 - (effective_high % 18 < 0)) AS effective_usd,
        ((effective_high % 18 + 18) % 18 * 1000000000000 + effective_low + 1800 - (effective_high < 0)) / 3600 AS effective_nanos,
        5 * (equivalent_high / 18 - (equivalent_high % 18 < 0)) AS equivalent_usd,
        ((equivalent_high % 18 + 18) % 18 * 1000000000000 + equivalent_low + 1800 - (equivalent_high < 0)) / 3600 AS equivalent_nanos,
        5 * (idle_high / 18 - (idle_high % 18 < 0)) AS idle_usd,
        ((idle_high % 18 + 18) % 18 * 1000000000000 + idle_low + 1800 - (idle_high < 0)) / 3600 AS idle_nanos,
        5 * (savings_high / 18 - (savings_high % 18 < 0)) AS savings_usd,
        ((savings_high % 18 + 18) % 18 * 1000000000000 + savings_low + 1800 - (savings_high < 0)) / 3600 AS savings_nanos
    FROM (
        SELECT
            account_id, provider, baseline, generation, granularity, bucket_start, gpu_model, tier, seconds, catalog_version, policy,
            effective_quanta_high AS effective_high,
            effective_quanta_low AS effective_low,
            equivalent_quanta_high AS equivalent_high,
            equivalent_quanta_low AS equivalent_low,
            idle_quanta_high AS idle_high,
            idle_quanta_low AS idle_low,
            CASE WHEN tier = 'NONE' THEN 0
                ELSE equivalent_quanta_high - effective_quanta_high - (equivalent_quanta_low < effective_quanta_low) END AS savings_high,
            CASE WHEN tier = 'NONE' THEN 0
                ELSE equivalent_quanta_low - effective_quanta_low
                    + (equivalent_quanta_low < effective_quanta_low) * 1000000000000 END AS savings_low
        FROM savings_history
        WHERE EXISTS (
            SELECT 1 FROM savings_rollup
            WHERE savings_rollup.account_id = savings_history.account_id AND savings_rollup.provider = savings_history.provider
                AND savings_rollup.baseline = savings_history.baseline AND savings_rollup.generation = savings_history.generation)
    ) AS amounts
) AS parts;

INSERT INTO economy_schema (version) VALUES (6) ON CONFLICT DO NOTHING;
