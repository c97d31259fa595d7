-- Prices as SQLite keeps them: the facts that a price catalog is made of, and a view of them for people. The script makes version 7
-- of the schema. It can be run again from its beginning, wherever it was interrupted.
--
-- Times are seconds since 1970-01-01T00:00:00Z, prices whole nano-dollars (1e-9 USD) an hour.

-- What a machine cost somewhere under some terms over some time. The key begins with the provider, so that the table can be distributed
-- by it.
CREATE TABLE IF NOT EXISTS provider_pricing (
    provider               TEXT     NOT NULL,  -- in capitals: AWS
    region                 TEXT     NOT NULL,  -- by the provider's own name; global where it has one price for all
    instance_type          TEXT     NOT NULL,
    purchase_option        TEXT     NOT NULL,  -- ON_DEMAND, SPOT, RESERVED_1Y ..
    effective_from         INTEGER  NOT NULL,  -- since when it counts
    effective_until        INTEGER,            -- when the next price takes its place; null while none is known
    nano_usd_per_hour      INTEGER  NOT NULL,  -- of the whole instance
    gpu_model              TEXT,               -- canonical name; null for a machine without
    gpu_count_numerator    INTEGER,            -- a reduced fraction; null where unknown
    gpu_count_denominator  INTEGER,
    gpu_memory_gib         TEXT,               -- of each GPU, or of the slice that the machine sees
    vcpus                  INTEGER,
    memory_gib             TEXT,
    first_seen             INTEGER  NOT NULL,  -- later than effective_from where nobody saw the price fall
    seen_until             INTEGER,            -- null where the source itself tells since when it is in effect
    source                 TEXT     NOT NULL,
    source_path            TEXT     NOT NULL,
    source_revision        TEXT     NOT NULL,
    read_on                INTEGER,            -- days since 1970-01-01; null where the source tells no day
    PRIMARY KEY (provider, region, instance_type, purchase_option, effective_from),
    CHECK (nano_usd_per_hour > 0),
    CHECK (effective_until > effective_from)
) STRICT, WITHOUT ROWID;

-- One row, of the provider '*': who saves a catalog counts it up first, which locks it until its transaction ends.
CREATE TABLE IF NOT EXISTS provider_pricing_save (
    provider    TEXT  NOT NULL PRIMARY KEY,
    saves       INTEGER  NOT NULL
) STRICT, WITHOUT ROWID;

-- For people: times in UTC, dollars an hour. The library never reads the view.
CREATE VIEW IF NOT EXISTS provider_pricing_usd AS
SELECT
    provider,
    region,
    instance_type,
    purchase_option,
    (nano_usd_per_hour / 1000000000) || '.' || substr('00000000' || (nano_usd_per_hour % 1000000000), -9) AS usd_per_hour,
    strftime('%Y-%m-%dT%H:%M:%SZ', effective_from, 'unixepoch') AS effective_from,
    strftime('%Y-%m-%dT%H:%M:%SZ', effective_until, 'unixepoch') AS effective_until,
    gpu_model,
    gpu_count_numerator, gpu_count_denominator,
    gpu_memory_gib,
    vcpus,
    memory_gib,
    source,
    source_path,
    source_revision,
    date(read_on * 86400, 'unixepoch') AS read_on
FROM provider_pricing;

INSERT INTO economy_schema (version) VALUES (7) ON CONFLICT DO NOTHING;
