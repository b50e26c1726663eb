-- title: Rows of minutes by state
-- description: Final rows, provisional rows, which still grow, and rows that are not whole because the job began in the middle of their minute.
-- unit: short
select date_bin(make_interval(secs => greatest(60, ceil(extract(epoch from $__timeTo()::timestamptz - $__timeFrom()) / $points / 60) * 60)::int),
                bucket, '1970-01-01Z') as time,
       count(*) filter (where is_final) as final, count(*) filter (where is_whole and not is_final) as provisional,
       count(*) filter (where not is_whole) as not_whole
from $schema.traffic_1min
where $__timeFilter(bucket) and ($site = 0 or site_id = $site)
group by 1
order by time
