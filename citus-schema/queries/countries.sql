-- title: Countries
-- description: Requests of the time range by the visitor's country (ISO 3166, two letters).
-- unit: short
select country, request_count as requests
from $schema.countries(nullif($site, -1), $__timeFrom(), $__timeTo())
order by requests desc, country
