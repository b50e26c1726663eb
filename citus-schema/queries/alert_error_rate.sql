-- title: Alert: error rate
-- description: Error rate of the last 10 minutes by site, of the 20 worst sites with 100 requests or more. Alerts have no variables, hence the schema's name.
-- unit: percentunit
select 'site ' || site_id as site, error_rate as value
from weir.site_totals(null, now() - interval '10 minutes', now())
where request_count >= 100
order by error_rate desc, site_id
limit 20
