-- title: Entries and leavers
-- description: Sites whose counting began in the time range after they came into the list, and sites that an election of the range removed; newest first.
-- unit: short
select change.at, change.what as change, coalesce(domain, 'site ' || site_id) as site, total_hits, times_elected
from $schema.top_site
left join $schema.site using (site_id)
cross join lateral (values ('entered', first_seen), ('left', left_at)) as change (what, at)
where $__timeFilter(at) and ($site = -1 or site_id = $site)
order by change.at desc, site_id, change
limit 200
