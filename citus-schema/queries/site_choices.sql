-- title: Sites to choose from
-- description: The sites that have a name or had requests on a day of the time range.
-- unit: none
select coalesce(domain, 'site ' || site_id) as __text, site_id as __value
from (
  select distinct site_id from $schema.traffic_1day
  where bucket >= $__timeFrom()::timestamptz - interval '1 day' and bucket <= $__timeTo()
  union
  select site_id from $schema.site) as known
left join $schema.site using (site_id)
order by domain, site_id
limit 5000
