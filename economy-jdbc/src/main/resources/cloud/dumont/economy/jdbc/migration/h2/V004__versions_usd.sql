-- The facts for people, again: timestamps in UTC, dollars an hour. The library never reads these views.

-- What holds now.
CREATE OR REPLACE VIEW usage_interval_usd AS
SELECT
    account_id,
    instance_id,
    TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00' + started_at * INTERVAL '1' SECOND AS started_at,
    TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00' + ended_at * INTERVAL '1' SECOND AS ended_at,
    state,
    gpu_name,
    CAST(gpu_count_numerator * 1.000000 / gpu_count_denominator AS DECIMAL(13, 6)) AS gpu_count,
    vcpus,
    memory_gib,
    region,
    CAST(nano_usd_per_hour * 0.000000001 AS DECIMAL(19, 9)) AS usd_per_hour,
    CAST(storage_nano_usd_per_hour * 0.000000001 AS DECIMAL(19, 9)) AS storage_usd_per_hour,
    evidence,
    TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00' + told_at / 1000000 * INTERVAL '1' SECOND
        + MOD(told_at, 1000000) * INTERVAL '0.000001' SECOND AS told_at
FROM usage_interval;

-- All that was ever told: withdrawn_at is null for what holds now.
CREATE OR REPLACE VIEW usage_interval_told_usd AS
SELECT
    account_id,
    instance_id,
    TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00' + started_at * INTERVAL '1' SECOND AS started_at,
    TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00' + ended_at * INTERVAL '1' SECOND AS ended_at,
    state,
    gpu_name,
    CAST(gpu_count_numerator * 1.000000 / gpu_count_denominator AS DECIMAL(13, 6)) AS gpu_count,
    vcpus,
    memory_gib,
    region,
    CAST(nano_usd_per_hour * 0.000000001 AS DECIMAL(19, 9)) AS usd_per_hour,
    CAST(storage_nano_usd_per_hour * 0.000000001 AS DECIMAL(19, 9)) AS storage_usd_per_hour,
    evidence,
    TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00' + told_at / 1000000 * INTERVAL '1' SECOND
        + MOD(told_at, 1000000) * INTERVAL '0.000001' SECOND AS told_at,
    TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00' + withdrawn_at / 1000000 * INTERVAL '1' SECOND
        + MOD(withdrawn_at, 1000000) * INTERVAL '0.000001' SECOND AS withdrawn_at
FROM (
    SELECT
        account_id, instance_id, started_at, ended_at, state, gpu_name, gpu_count_numerator, gpu_count_denominator, vcpus,
        memory_gib, region, nano_usd_per_hour, storage_nano_usd_per_hour, evidence, told_at,
        CAST(NULL AS BIGINT) AS withdrawn_at
    FROM usage_interval
    UNION ALL
    SELECT
        account_id, instance_id, started_at, ended_at, state, gpu_name, gpu_count_numerator, gpu_count_denominator, vcpus,
        memory_gib, region, nano_usd_per_hour, storage_nano_usd_per_hour, evidence, told_at,
        withdrawn_at
    FROM usage_interval_withdrawn
) AS told;
