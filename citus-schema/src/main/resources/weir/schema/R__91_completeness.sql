-- Whether everything is accounted for: difference is 0 everywhere while nothing is wrong. Two kinds of rows:
-- of each partition, the records read against what became of them; of each final hour and day, what it counts
-- against the sum of the rows that it is made of, once for all sites, and once for each site that differs (which
-- should be none, so that the shards send few rows). Buckets are compared as long as their parts are kept.
do $do$
declare
  compared text := '';
  coarse record;
begin
  for coarse in
    select table_name, made_of, grain.name as grain, length from ${schema}.traffic_table join ${schema}.grain on grain.name = traffic_table.grain
    where made_of is not null and key = '{site_id, bucket}' order by length, table_name
  loop
    compared := compared || format($sql$
      union all
      select %1$L, null, null, null, null::int, bucket, sum(expected)::bigint, sum(found)::bigint, sum(abs(expected - found))::bigint
      from (%2$s) as compared
      group by bucket
      union all
      select %1$L, null, null, null, site_id, bucket, expected, found, expected - found
      from (%2$s) as compared
      where expected <> found
    $sql$, coarse.table_name, format($sql$
      select whole.site_id, whole.bucket, whole.request_count + whole.duplicate_count as expected, coalesce(part.found, 0) as found
      from ${schema}.%1$I as whole
      left join (
        select site_id, date_bin(%3$L, bucket, '1970-01-01Z') as bucket, sum(request_count + duplicate_count)::bigint as found
        from ${schema}.%2$I group by 1, 2) as part
        on part.site_id = whole.site_id and part.bucket = whole.bucket
      left join (
        select coalesce((now() at time zone 'UTC' - keep) at time zone 'UTC', '-infinity') as oldest
        from ${schema}.retention_policy where table_name = %2$L) as policy on true
      where whole.is_final and (oldest is null or whole.bucket >= oldest)
    $sql$, coarse.table_name, coarse.made_of, coarse.length));
  end loop;
  execute format($view$
    create or replace view ${schema}.completeness with (security_invoker = true) as
    select 'intake_partition' as of, topic, partition, first_offset, null::int as site_id, null::timestamptz as bucket,
           read_count as expected, counted_count + duplicate_count + held_count + late_count + rejected_count as found,
           read_count - counted_count - duplicate_count - held_count - late_count - rejected_count as difference
    from ${schema}.intake_partition
    %s
  $view$, compared);
  comment on view ${schema}.completeness is
    'Whether all that was read is accounted for, and hours and days are the sums of their parts: difference is 0 while nothing is wrong';
  comment on column ${schema}.completeness.of is 'The table whose row is checked';
  comment on column ${schema}.completeness.topic is 'The partition''s topic; null for hours and days';
  comment on column ${schema}.completeness.partition is 'The partition';
  comment on column ${schema}.completeness.first_offset is 'Where its reading began';
  comment on column ${schema}.completeness.site_id is 'The site of an hour or day that differs; null for all sites together';
  comment on column ${schema}.completeness.bucket is 'The hour or day';
  comment on column ${schema}.completeness.expected is 'Records read, or requests and duplicates of the hour or day';
  comment on column ${schema}.completeness.found is 'Records of which is known what they are, or requests and duplicates of its parts';
  comment on column ${schema}.completeness.difference is 'expected - found; for all sites together the sum of the sites'' differences without their signs';
end
$do$;
