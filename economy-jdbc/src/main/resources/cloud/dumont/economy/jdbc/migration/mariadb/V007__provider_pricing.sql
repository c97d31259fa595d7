-- Prices as MariaDB keeps them: the facts that a price catalog is made of, and a view of them for people. The script makes version 7
-- of the schema. It can be run again from its beginning, wherever it was interrupted.
--
-- Times are seconds since 1970-01-01T00:00:00Z, prices whole nano-dollars (1e-9 USD) an hour.

-- What a machine cost somewhere under some terms over some time. The key begins with the provider, so that the table can be distributed
-- by it.
CREATE TABLE IF NOT EXISTS provider_pricing (
    provider               VARCHAR(100)  NOT NULL,  -- in capitals: AWS
    region                 VARCHAR(200)  NOT NULL,  -- by the provider's own name; global where it has one price for all
    instance_type          VARCHAR(250)  NOT NULL,
    purchase_option        VARCHAR(30)   NOT NULL,  -- ON_DEMAND, SPOT, RESERVED_1Y ..
    effective_from         BIGINT        NOT NULL,  -- since when it counts
    effective_until        BIGINT,                  -- when the next price takes its place; null while none is known
    nano_usd_per_hour      BIGINT        NOT NULL,  -- of the whole instance
    gpu_model              VARCHAR(200),            -- canonical name; null for a machine without
    gpu_count_numerator    BIGINT,                  -- a reduced fraction; null where unknown
    gpu_count_denominator  BIGINT,
    gpu_memory_gib         VARCHAR(100),            -- of each GPU, or of the slice that the machine sees
    vcpus                  BIGINT,
    memory_gib             VARCHAR(100),
    first_seen             BIGINT        NOT NULL,  -- later than effective_from where nobody saw the price fall
    seen_until             BIGINT,                  -- null where the source itself tells since when it is in effect
    source                 VARCHAR(500)  NOT NULL,
    source_path            VARCHAR(500)  NOT NULL,
    source_revision        VARCHAR(200)  NOT NULL,
    read_on                BIGINT,                  -- days since 1970-01-01; null where the source tells no day
    PRIMARY KEY (provider, region, instance_type, purchase_option, effective_from),
    CHECK (nano_usd_per_hour > 0),
    CHECK (effective_until > effective_from)
) ENGINE = InnoDB, CHARACTER SET utf8mb4, COLLATE utf8mb4_nopad_bin;

-- One row, of the provider '*': who saves a catalog counts it up first, which locks it until its transaction ends.
CREATE TABLE IF NOT EXISTS provider_pricing_save (
    provider    VARCHAR(100)  NOT NULL PRIMARY KEY,
    saves       BIGINT  NOT NULL
) ENGINE = InnoDB, CHARACTER SET utf8mb4, COLLATE utf8mb4_nopad_bin;

-- For people: times in UTC, dollars an hour. The library never reads the view.
CREATE OR REPLACE VIEW provider_pricing_usd AS
SELECT
    provider,
    region,
    instance_type,
    purchase_option,
    CAST(nano_usd_per_hour * 0.000000001 AS DECIMAL(19, 9)) AS usd_per_hour,
    TIMESTAMP'1970-01-01 00:00:00' + INTERVAL effective_from SECOND AS effective_from,
    TIMESTAMP'1970-01-01 00:00:00' + INTERVAL effective_until SECOND AS effective_until,
    gpu_model,
    CAST(gpu_count_numerator * 1.000000 / gpu_count_denominator AS DECIMAL(13, 6)) AS gpu_count,
    gpu_memory_gib,
    vcpus,
    memory_gib,
    source,
    source_path,
    source_revision,
    DATE'1970-01-01' + INTERVAL read_on DAY AS read_on
FROM provider_pricing;

REPLACE INTO economy_schema (version) VALUES (7);

-- Flyway might note that this script has run and fail to commit what it did.
COMMIT;
