-- Weir's own tables have the span they were made for: with another one maintain would leave days
-- without a partition, or fail over those that are there.
alter table ${schema}.retention_policy add constraint span_is_that_of_the_table check (
  partition_span = case table_name when 'http_request_1min' then 'day'
                                   when 'http_request_1hour' then 'month'
                                   when 'http_request_1day' then 'year'
                                   when 'top_site_candidate' then 'day'
                                   else partition_span end);
