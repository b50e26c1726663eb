-- title: Status codes
-- description: Requests of the time range by HTTP status, most first.
-- unit: short
select status, request_count as requests
from $schema.status_codes(nullif($site, -1), $__timeFrom(), $__timeTo())
order by requests desc, status
