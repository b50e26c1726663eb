-- title: Candidates
-- description: Sites with enough requests for an election of the time range: in how many elections, the hits of the last of them and the most.
-- unit: short
select coalesce(domain, 'site ' || site_id) as site, elections, last_hits, most_hits, last_election
from (
  select site_id, count(*) as elections, (array_agg(hits order by election desc))[1] as last_hits, max(hits) as most_hits,
         max(election) as last_election
  from $schema.top_site_candidate
  where $__timeFilter(election) and ($site = -1 or site_id = $site)
  group by site_id) as candidate
left join $schema.site using (site_id)
order by last_election desc, last_hits desc, site
limit 100
