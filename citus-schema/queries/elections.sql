-- title: Elections
-- description: Each election of the time range: sites with enough requests, sites in the list afterwards, and how many came and went.
-- unit: short
select election as time, candidate_count as candidates, site_count as sites, entered_count as entered, left_count as left_the_list
from $schema.top_site_election
where $__timeFilter(election)
order by time
