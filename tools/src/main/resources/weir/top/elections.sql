-- The elections that were held, and the rules of the next one.
select (select count(*) from ${schema}.top_site_election) as elections,
       (select to_char(max(election) at time zone 'UTC', 'YYYY-MM-DD HH24:MI"Z"') from ${schema}.top_site_election) as last,
       (select max(election) > now() from ${schema}.top_site_election) as is_early,
       (select count(*) from ${schema}.top_site_report) as sites,
       extract(epoch from election_window)::bigint as window_seconds,
       min_hits_threshold
from ${schema}.top_site_config
order by version desc limit 1
