-- The list in words, under its headings.
select rank,
       coalesce(domain, site_id::text) as site,
       to_char(total_hits, 'FM999,999,999,999,999,990') as "total hits",
       to_char(last_election_hits, 'FM999,999,999,999,999,990') as "last election",
       to_char(times_elected, 'FM999,999,999,990') as "times elected",
       to_char(first_seen at time zone 'UTC', 'YYYY-MM-DD HH24:MI"Z"') as "first seen",
       to_char(last_seen at time zone 'UTC', 'YYYY-MM-DD HH24:MI"Z"') as "last seen",
       to_char(average_hits_per_hour::numeric, 'FM999,999,999,999,999,990.0') as "hits an hour"
from ${schema}.top_site_report
order by rank limit ?
