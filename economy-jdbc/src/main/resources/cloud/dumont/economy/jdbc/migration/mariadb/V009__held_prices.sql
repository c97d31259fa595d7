-- Prices that are held back, as MariaDB keeps them: what is absurd beside what is known waits here for a second reading, or for somebody's
-- word. The script makes version 9 of the schema. It can be run again from its beginning, wherever it was interrupted.
--
-- The columns are those of provider_pricing, with why and since when.
CREATE TABLE IF NOT EXISTS provider_pricing_held (
    provider               VARCHAR(100)   NOT NULL,
    region                 VARCHAR(200)   NOT NULL,
    instance_type          VARCHAR(250)   NOT NULL,
    purchase_option        VARCHAR(30)    NOT NULL,
    nano_usd_per_hour      BIGINT         NOT NULL,  -- of the whole instance
    gpu_model              VARCHAR(200),
    gpu_count_numerator    BIGINT,
    gpu_count_denominator  BIGINT,
    gpu_memory_gib         VARCHAR(100),
    vcpus                  BIGINT,
    memory_gib             VARCHAR(100),
    first_seen             BIGINT         NOT NULL,
    seen_until             BIGINT,
    source                 VARCHAR(500)   NOT NULL,
    source_path            VARCHAR(500)   NOT NULL,
    source_revision        VARCHAR(200)   NOT NULL,
    read_on                BIGINT,
    reason                 VARCHAR(1000)  NOT NULL,  -- why it is not believed
    held_since             BIGINT         NOT NULL,  -- when it was first read
    state                  VARCHAR(20)    NOT NULL,  -- WAITING, REJECTED
    PRIMARY KEY (provider, region, instance_type, purchase_option)
) ENGINE = InnoDB, CHARACTER SET utf8mb4, COLLATE utf8mb4_nopad_bin;

REPLACE INTO economy_schema (version) VALUES (9);

-- Flyway might note that this script has run and fail to commit what it did.
COMMIT;
