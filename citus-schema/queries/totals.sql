-- title: Totals
-- description: Requests, error rate, unique visitors and 95th percentile of the response times over the whole time range.
-- unit: short
select request_count as requests, error_rate, round(unique_visitors) as unique_visitors, p95_msec
from $schema.totals(nullif($site, -1), $__timeFrom(), $__timeTo())
