-- title: Sites
-- description: The 100 sites with the most requests in the time range. The error rate is a fraction, visitors are estimated.
-- unit: short
select site_id, coalesce(domain, 'site ' || site_id) as domain, request_count as requests, error_rate, p95_msec,
       round(unique_visitors) as unique_visitors
from $schema.site_totals(nullif($site, -1), $__timeFrom(), $__timeTo())
left join $schema.site using (site_id)
order by requests desc, site_id
limit 100
