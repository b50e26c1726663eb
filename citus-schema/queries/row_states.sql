-- title: Rows by state
-- description: Final rows, provisional rows, which still grow, and rows that are not whole because the job began in the middle of them. Rows of minutes; of hours where the range is longer than a day. Rows of late requests are left out.
-- unit: short
select time, count(*) filter (where is_final) as final, count(*) filter (where is_whole and not is_final) as provisional,
       count(*) filter (where not is_whole) as not_whole
from (
  select site_id, is_whole, is_final,
         date_bin(make_interval(secs => greatest(60, ceil(extract(epoch from $__timeTo()::timestamptz - $__timeFrom()) / $points / 60) * 60)::int),
                  bucket, '1970-01-01Z') as time
  from $schema.traffic_1min_parts
  where not is_late and $__timeFilter(bucket) and ($site = -1 or site_id = $site)
    and $__timeTo()::timestamptz - $__timeFrom() <= interval '1 day'
  union all
  select site_id, is_whole, is_final,
         date_bin(make_interval(secs => greatest(3600, ceil(extract(epoch from $__timeTo()::timestamptz - $__timeFrom()) / $points / 3600) * 3600)::int),
                  bucket, '1970-01-01Z')
  from $schema.traffic_1hour_parts
  where not is_late and $__timeFilter(bucket) and ($site = -1 or site_id = $site)
    and $__timeTo()::timestamptz - $__timeFrom() > interval '1 day') as made
group by time
order by time
