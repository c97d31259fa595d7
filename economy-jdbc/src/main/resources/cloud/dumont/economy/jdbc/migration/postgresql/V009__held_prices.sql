-- Prices that are held back, as PostgreSQL keeps them: what is absurd beside what is known waits here for a second reading, or for somebody's
-- word. The script makes version 9 of the schema. It can be run again from its beginning, wherever it was interrupted.
--
-- The columns are those of provider_pricing, with why and since when.
CREATE TABLE IF NOT EXISTS provider_pricing_held (
    provider               VARCHAR(100) COLLATE "C"   NOT NULL,
    region                 VARCHAR(200) COLLATE "C"   NOT NULL,
    instance_type          VARCHAR(250) COLLATE "C"   NOT NULL,
    purchase_option        VARCHAR(30) COLLATE "C"    NOT NULL,
    nano_usd_per_hour      BIGINT                     NOT NULL,  -- of the whole instance
    gpu_model              VARCHAR(200) COLLATE "C",
    gpu_count_numerator    BIGINT,
    gpu_count_denominator  BIGINT,
    gpu_memory_gib         VARCHAR(100) COLLATE "C",
    vcpus                  BIGINT,
    memory_gib             VARCHAR(100) COLLATE "C",
    first_seen             BIGINT                     NOT NULL,
    seen_until             BIGINT,
    source                 VARCHAR(500) COLLATE "C"   NOT NULL,
    source_path            VARCHAR(500) COLLATE "C"   NOT NULL,
    source_revision        VARCHAR(200) COLLATE "C"   NOT NULL,
    read_on                BIGINT,
    reason                 VARCHAR(1000) COLLATE "C"  NOT NULL,  -- why it is not believed
    held_since             BIGINT                     NOT NULL,  -- when it was first read
    state                  VARCHAR(20) COLLATE "C"    NOT NULL,  -- WAITING, REJECTED
    PRIMARY KEY (provider, region, instance_type, purchase_option)
);

INSERT INTO economy_schema (version) VALUES (9) ON CONFLICT DO NOTHING;
