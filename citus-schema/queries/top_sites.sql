-- title: Top websites
-- description: The elected list as it is now: the 100 sites with the most requests that elections have counted, among those that came in before the end of the time range.
-- unit: short
select rank, site_id, coalesce(domain, 'site ' || site_id) as site, total_hits, last_election_hits, times_elected,
       round(average_hits_per_hour) as average_hits_per_hour, first_seen, last_seen
from $schema.top_site_report
where first_seen <= $__timeTo()
order by rank
limit 100
