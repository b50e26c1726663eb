-- title: Alert: election overdue
-- description: From the time at which the next election was due to now; no row where none was ever held.
-- unit: s
select greatest(extract(epoch from now() - last.election - config.election_schedule_interval), 0)::double precision as value
from (select max(election) as election from weir.top_site_election) as last
join weir.top_site_config as config on config.version = (
  select version from weir.top_site_config where holds_from <= last.election order by version desc limit 1)
