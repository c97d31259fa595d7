-- Rollups: what usage came to by hour and by day of UTC, so that a question about years need not read the intervals of years. They are
-- derived: usage_interval is the truth, and all of this can be dropped and made again to the quantum (JdbcRollups.rebuild), but for the
-- time whose intervals were dropped since (usage_retention).
--
-- Money is whole quanta (1 nano-USD an hour for 1 second; 3.6e12 quanta are one dollar), in two columns, because one hour of a large
-- account does not fit 64 bits: quanta = _high * 1000000000000 + _low, with 0 <= _low < 1000000000000. The view shows dollars. Times are
-- seconds, and where something was told microseconds, since 1970-01-01T00:00:00Z. This script can be run again from its beginning.

-- What the usage of one GPU model came to within an hour or a day, on one tier.
CREATE TABLE IF NOT EXISTS savings_history (
    account_id                    VARCHAR(200) NOT NULL,
    provider                      VARCHAR(100) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    baseline                      VARCHAR(300) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,  -- terms, sizing, host match, discount, region
    generation                    BIGINT NOT NULL,  -- that of savings_rollup counts, no other
    granularity                   VARCHAR(10) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,  -- HOUR, DAY or LIFETIME; a day holds those of its hours that have ended, LIFETIME all closed hours
    bucket_start                  BIGINT NOT NULL,
    gpu_model                     VARCHAR(200) NOT NULL,  -- the canonical name, or else as it was told, cut if longer
    tier                          VARCHAR(20) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,  -- LIKE_FOR_LIKE, SAME_GPU, NEAREST or NONE
    seconds                       BIGINT NOT NULL,  -- billable; with tier NONE it is not compared
    inferred_seconds              BIGINT NOT NULL,
    idle_seconds                  BIGINT NOT NULL,
    before_first_price_seconds    BIGINT NOT NULL,
    effective_quanta_high         BIGINT NOT NULL,
    effective_quanta_low          BIGINT NOT NULL,
    equivalent_quanta_high        BIGINT NOT NULL,
    equivalent_quanta_low         BIGINT NOT NULL,
    idle_quanta_high              BIGINT NOT NULL,  -- what of the effective cost is that of idle time
    idle_quanta_low               BIGINT NOT NULL,
    catalog_version               VARCHAR(200) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    policy                        VARCHAR(200) NOT NULL,
    PRIMARY KEY (account_id, provider, baseline, generation, granularity, bucket_start, gpu_model, tier)
) ENGINE = InnoDB, CHARACTER SET utf8mb4, COLLATE utf8mb4_nopad_bin;

-- How far the rollups of an account against a baseline are.
CREATE TABLE IF NOT EXISTS savings_rollup (
    account_id         VARCHAR(200) NOT NULL,
    provider           VARCHAR(100) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    baseline           VARCHAR(300) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,  -- terms, sizing, host match, discount, region
    generation         BIGINT NOT NULL,
    closed_until       BIGINT NOT NULL,  -- hours that began before are in savings_history
    told_until         BIGINT NOT NULL,  -- facts told later are not
    changes            BIGINT NOT NULL,  -- how often this row was written
    savings_high       BIGINT NOT NULL,  -- of all closed hours, in quanta
    savings_low        BIGINT NOT NULL,
    catalog_version    VARCHAR(200) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    policy             VARCHAR(200) NOT NULL,
    PRIMARY KEY (account_id, provider, baseline)
) ENGINE = InnoDB, CHARACTER SET utf8mb4, COLLATE utf8mb4_nopad_bin;

-- A rebuild that is under way, or was interrupted: the next one goes on with it.
CREATE TABLE IF NOT EXISTS savings_rebuild (
    account_id         VARCHAR(200) NOT NULL,
    provider           VARCHAR(100) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    baseline           VARCHAR(300) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,  -- terms, sizing, host match, discount, region
    generation         BIGINT NOT NULL,  -- that is made
    closed_until       BIGINT NOT NULL,  -- up to when
    told_until         BIGINT NOT NULL,  -- by which facts
    done_until         BIGINT NOT NULL,  -- hours that began before are done
    started_at         BIGINT NOT NULL,  -- the first hour
    catalog_version    VARCHAR(200) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    policy             VARCHAR(200) NOT NULL,
    PRIMARY KEY (account_id, provider, baseline)
) ENGINE = InnoDB, CHARACTER SET utf8mb4, COLLATE utf8mb4_nopad_bin;

-- Which accounts have lost raw intervals to a retention policy.
CREATE TABLE IF NOT EXISTS usage_retention (
    account_id       VARCHAR(200) NOT NULL,
    dropped_until    BIGINT NOT NULL,  -- intervals that ended before may be gone; rollups of the days before stay
    dropped_at       BIGINT NOT NULL,  -- when that was done last, as told_at counts
    PRIMARY KEY (account_id)
) ENGINE = InnoDB, CHARACTER SET utf8mb4, COLLATE utf8mb4_nopad_bin;

-- For those with the greatest savings, and for what a refresh looks for: usage that lasts, and what was told since.
CREATE INDEX IF NOT EXISTS savings_rollup_rank ON savings_rollup (provider, baseline, savings_high, savings_low, account_id);
CREATE INDEX IF NOT EXISTS usage_interval_ended ON usage_interval (account_id, ended_at);
CREATE INDEX IF NOT EXISTS usage_interval_told ON usage_interval (account_id, told_at);
CREATE INDEX IF NOT EXISTS usage_interval_withdrawn_at ON usage_interval_withdrawn (account_id, withdrawn_at);

-- The rollups for people: times in UTC, dollars. Rounded once, half away from zero: a division cuts after four digits, which here is far
-- from the next whole nano-dollar. The library never reads it.
CREATE OR REPLACE VIEW savings_history_usd AS
SELECT
    account_id,
    provider,
    baseline,
    granularity,
    CASE WHEN granularity <> 'LIFETIME' THEN TIMESTAMP '1970-01-01 00:00:00' + INTERVAL bucket_start SECOND END AS bucket_start,
    gpu_model,
    tier,
    seconds,
    CAST(TRUNCATE((2 * effective + 3600 * SIGN(effective)) / 7200, 0) * 0.000000001 AS DECIMAL(31, 9)) AS effective_usd,
    CAST(TRUNCATE((2 * equivalent + 3600 * SIGN(equivalent)) / 7200, 0) * 0.000000001 AS DECIMAL(31, 9)) AS equivalent_usd,
    CAST(TRUNCATE((2 * idle + 3600 * SIGN(idle)) / 7200, 0) * 0.000000001 AS DECIMAL(31, 9)) AS idle_usd,
    CAST(TRUNCATE((2 * savings + 3600 * SIGN(savings)) / 7200, 0) * 0.000000001 AS DECIMAL(31, 9)) AS savings_usd,
    catalog_version,
    policy
FROM (
    SELECT
        account_id, provider, baseline, granularity, bucket_start, gpu_model, tier, seconds, catalog_version, policy,
        CAST(effective_quanta_high AS DECIMAL(38)) * 1000000000000 + effective_quanta_low AS effective,
        CAST(equivalent_quanta_high AS DECIMAL(38)) * 1000000000000 + equivalent_quanta_low AS equivalent,
        CAST(idle_quanta_high AS DECIMAL(38)) * 1000000000000 + idle_quanta_low AS idle,
        CASE WHEN tier = 'NONE' THEN 0
            ELSE CAST(equivalent_quanta_high - effective_quanta_high AS DECIMAL(38)) * 1000000000000
                + equivalent_quanta_low - effective_quanta_low END AS savings
    FROM savings_history
    WHERE EXISTS (
        SELECT 1 FROM savings_rollup
        WHERE savings_rollup.account_id = savings_history.account_id AND savings_rollup.provider = savings_history.provider
            AND savings_rollup.baseline = savings_history.baseline AND savings_rollup.generation = savings_history.generation)
) AS quanta;

REPLACE INTO economy_schema (version) VALUES (6);

-- Flyway might note that this script has run and fail to commit what it did.
COMMIT;
