-- title: Lag of the store
-- description: From the end of the newest minute, and of the newest final minute, to now or to the end of the time range.
-- unit: s
select greatest(extract(epoch from least(now(), $__timeTo()) - max(bucket) - interval '1 minute'), 0)::double precision as newest_minute,
       greatest(extract(epoch from least(now(), $__timeTo()) - max(bucket) filter (where is_final) - interval '1 minute'), 0)::double precision
         as newest_final_minute
from $schema.traffic_1min_parts
where not is_late and $__timeFilter(bucket) and ($site = -1 or site_id = $site)
  -- no minute before the newest final hour can be the newest: few rows are read, however long the range is
  and bucket >= coalesce((
    select max(bucket) from $schema.traffic_1hour_parts
    where not is_late and $__timeFilter(bucket) and bucket <= $__timeTo()::timestamptz - interval '1 hour' and ($site = -1 or site_id = $site)
      and is_final), $__timeFrom())
