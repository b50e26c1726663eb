-- title: Delay of final rows
-- description: How long after the end of a minute its final row was made, on average and at most; corrections by late requests count too.
-- unit: s
select date_bin(make_interval(secs => greatest(60, ceil(extract(epoch from $__timeTo()::timestamptz - $__timeFrom()) / $points / 60) * 60)::int),
                bucket, '1970-01-01Z') as time,
       avg(extract(epoch from updated_at - bucket) - 60)::double precision as average,
       max(extract(epoch from updated_at - bucket) - 60)::double precision as longest
from $schema.traffic_1min
where $__timeFilter(bucket) and ($site = 0 or site_id = $site) and is_final
group by 1
order by time
