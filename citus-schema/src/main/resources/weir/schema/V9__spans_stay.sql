-- Weir's own tables have the span they were made for: with another one maintain would leave days
-- without a partition, or fail over those that are there.
do $$
declare
  found text;
  remedy text;
begin
  select string_agg(format('%s of %s', partition_span, table_name), ', ' order by table_name),
         string_agg(format('update ${schema}.retention_policy set partition_span = %L where table_name = %L', span, table_name), '; ' order by table_name)
  into found, remedy
  from ${schema}.retention_policy
  join (values ('http_request_1min', 'day'), ('http_request_1hour', 'month'), ('http_request_1day', 'year'),
               ('top_site_candidate', 'day')) as own (table_name, span) using (table_name)
  where partition_span <> span;
  if found is not null then
    raise exception 'partition_span % in retention_policy is not the one that the table was made for; run "%", migrate again, and let weir schema verify tell which partitions do not fit', found, remedy
      using errcode = '23514';
  end if;
end
$$;

alter table ${schema}.retention_policy add constraint span_is_that_of_the_table check (
  partition_span = case table_name when 'http_request_1min' then 'day'
                                   when 'http_request_1hour' then 'month'
                                   when 'http_request_1day' then 'year'
                                   when 'top_site_candidate' then 'day'
                                   else partition_span end);
