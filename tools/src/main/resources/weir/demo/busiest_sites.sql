-- The sites with the most requests, in words and under their headings. Histograms and sketches of
-- no other sites are added up.
with busiest as (
  select site_id from ${schema}.traffic_1day
  group by site_id order by sum(request_count) desc, site_id limit ?
), summed as materialized (
  select site_id,
         sum(request_count) as requests,
         sum(error_count) as errors,
         sum(average_response_time_msec * timed_count) / nullif(sum(timed_count), 0) as average_msec,
         ${schema}.percentile(${schema}.histogram_sum(response_time_histogram), 0.95) as p95_msec,
         hll_cardinality(hll_union_agg(distinct_ip_addresses)) as visitors,
         ${schema}.jsonb_sum(country_counters) as countries
  from ${schema}.traffic_1day
  where site_id in (select site_id from busiest)
  group by site_id
)
select coalesce(domain, site_id::text) as site,
       to_char(requests, 'FM999,999,999,999,999,990') as requests,
       to_char(100 * errors / requests, 'FM990.00') || ' %' as "error rate",
       coalesce(to_char(average_msec::numeric, 'FM999,999,990.0') || ' ms', '-') as average,
       coalesce(to_char(p95_msec::numeric, 'FM999,999,990.0') || ' ms', '-') as p95,
       to_char(visitors::numeric, 'FM999,999,999,999,999,990') as visitors,
       coalesce((select string_agg(key || ' ' || round(100 * value::bigint / requests) || ' %', ', ' order by value::bigint desc, key)
                 from (select * from jsonb_each_text(countries) order by value::bigint desc, key limit 3) as top), '') as "top countries"
from summed left join ${schema}.site using (site_id)
order by summed.requests desc, site_id
