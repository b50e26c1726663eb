-- title: Hits of candidates
-- description: Requests in the window of each election that made sites candidates, of the site chosen or of all together.
-- unit: short
select election as time, sum(hits)::bigint as hits
from $schema.top_site_candidate
where $__timeFilter(election) and ($site = -1 or site_id = $site)
group by election
order by time
