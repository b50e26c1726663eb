-- Requests that came too late for the job are counted by another one, the late job, in tables beside those of the job.
-- Readers see the sums of both.
alter table ${schema}.traffic_table add column late_of text;
comment on column ${schema}.traffic_table.late_of is
  'The table whose late requests this one holds; null where it holds those that came in time';

-- It keeps what the table beside it keeps. Late rows are of times that are over, so few partitions are needed ahead. None
-- is archived: a late row can be of any time, and would turn the partition back.
create function ${schema}.make_late_table(beside text, description text) returns void
language plpgsql as $$
declare
  main ${schema}.traffic_table;
  late text := beside || '_late';
  main_keep interval;
begin
  select * into strict main from ${schema}.traffic_table where table_name = beside;
  if main.key <> '{site_id, bucket}' then
    raise exception 'rows of % have a longer key than late ones', beside using errcode = '0A000';
  end if;
  perform ${schema}.make_traffic_table(late, main.grain, description);
  update ${schema}.traffic_table set late_of = beside where table_name = late;
  select keep into main_keep from ${schema}.retention_policy where table_name = beside;
  update ${schema}.retention_policy set keep = main_keep, partitions_ahead = 1 where table_name = late;
end
$$;
comment on function ${schema}.make_late_table(text, text) is
  'For migrations: makes the table of late requests beside a table of traffic whose key is site_id and bucket';

select ${schema}.make_late_table('http_request_1min', 'Late requests by site and minute, a partition a UTC day');
select ${schema}.make_late_table('http_request_1hour', 'Late requests by site and hour, a partition a UTC month');
select ${schema}.make_late_table('http_request_1day', 'Late requests by site and UTC day, a partition a year');
