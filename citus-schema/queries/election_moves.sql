-- title: Came and went
-- description: Sites that each election of the time range brought into the list, and sites that it removed.
-- unit: short
select election as time, entered_count as entered, -left_count as left_the_list
from $schema.top_site_election
where $__timeFilter(election)
order by time
