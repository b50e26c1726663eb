-- title: Settings of the election
-- description: The versions of the settings, newest first, of those that hold before the end of the time range.
-- unit: none
select version, nullif(holds_from, '-infinity') as holds_from, election_window::text, election_schedule_interval::text as every,
       min_hits_threshold, max_longterm_entries, longterm_retention_period::text, made_by
from $schema.top_site_config
where holds_from <= $__timeTo()
order by version desc
limit 20
