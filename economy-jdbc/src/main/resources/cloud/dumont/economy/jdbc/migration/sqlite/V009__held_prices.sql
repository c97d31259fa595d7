-- Prices that are held back, as SQLite keeps them: what is absurd beside what is known waits here for a second reading, or for somebody's
-- word. The script makes version 9 of the schema. It can be run again from its beginning, wherever it was interrupted.
--
-- The columns are those of provider_pricing, with why and since when.
CREATE TABLE IF NOT EXISTS provider_pricing_held (
    provider               TEXT     NOT NULL,
    region                 TEXT     NOT NULL,
    instance_type          TEXT     NOT NULL,
    purchase_option        TEXT     NOT NULL,
    nano_usd_per_hour      INTEGER  NOT NULL,  -- of the whole instance
    gpu_model              TEXT,
    gpu_count_numerator    INTEGER,
    gpu_count_denominator  INTEGER,
    gpu_memory_gib         TEXT,
    vcpus                  INTEGER,
    memory_gib             TEXT,
    first_seen             INTEGER  NOT NULL,
    seen_until             INTEGER,
    source                 TEXT     NOT NULL,
    source_path            TEXT     NOT NULL,
    source_revision        TEXT     NOT NULL,
    read_on                INTEGER,
    reason                 TEXT     NOT NULL,  -- why it is not believed
    held_since             INTEGER  NOT NULL,  -- when it was first read
    state                  TEXT     NOT NULL,  -- WAITING, REJECTED
    PRIMARY KEY (provider, region, instance_type, purchase_option)
) STRICT, WITHOUT ROWID;

INSERT INTO economy_schema (version) VALUES (9) ON CONFLICT DO NOTHING;
