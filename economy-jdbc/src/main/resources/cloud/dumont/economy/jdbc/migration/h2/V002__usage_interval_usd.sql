-- usage_interval for people: timestamps in UTC, dollars an hour. The library never reads it.
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
    CAST(storage_nano_usd_per_hour * 0.000000001 AS DECIMAL(19, 9)) AS storage_usd_per_hour
FROM usage_interval;
