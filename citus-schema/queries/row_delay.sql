-- title: Delay of final rows
-- description: How long after the end of a minute its final row was made, on average and at most; of an hour where the range is longer than a day. Corrections count too, requests counted by the late job do not.
-- unit: s
select time, avg(delay)::double precision as average, max(delay)::double precision as longest
from (
  select site_id, extract(epoch from updated_at - bucket) - 60 as delay,
         date_bin(make_interval(secs => greatest(60, ceil(extract(epoch from $__timeTo()::timestamptz - $__timeFrom()) / $points / 60) * 60)::int),
                  bucket, '1970-01-01Z') as time
  from $schema.traffic_1min_parts
  where not is_late and $__timeFilter(bucket) and ($site = -1 or site_id = $site) and is_final
    and $__timeTo()::timestamptz - $__timeFrom() <= interval '1 day'
  union all
  select site_id, extract(epoch from updated_at - bucket) - 3600,
         date_bin(make_interval(secs => greatest(3600, ceil(extract(epoch from $__timeTo()::timestamptz - $__timeFrom()) / $points / 3600) * 3600)::int),
                  bucket, '1970-01-01Z')
  from $schema.traffic_1hour_parts
  where not is_late and $__timeFilter(bucket) and ($site = -1 or site_id = $site) and is_final
    and $__timeTo()::timestamptz - $__timeFrom() > interval '1 day') as made
group by time
order by time
