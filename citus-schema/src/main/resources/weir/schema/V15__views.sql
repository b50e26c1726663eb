-- Views of one's own: what is to be counted by which keys, and the rows of what was counted.
create table ${schema}.view_definition (
  version     bigint      primary key,
  view_id     int         not null,
  name        text        collate "C" not null,
  dimension   text[]      not null,
  filter      text,
  top_entries int         not null default 100,
  sites       int[],
  state       text        not null default 'active',
  holds_from  timestamptz not null,
  made_at     timestamptz not null default clock_timestamp(),
  made_by     text        not null default session_user,
  constraint view_id_is_positive check (view_id > 0),
  constraint name_is_an_identifier check (name ~ '^[a-z][a-z0-9_]{0,62}$'),
  constraint dimension_is_one_or_two_fields check (
    array_ndims(dimension) = 1 and cardinality(dimension) <= 2 and dimension[1] is distinct from dimension[2]
    and array_to_string(dimension, ',', '')
        ~ '^((url_path|url|referrer_host|country|status|method|host|agent|bot|bot_purpose|browser|device|field:[A-Za-z0-9_.:-]{1,100})(,(?!$)|$))+$'),
  constraint filter_has_1_to_2000_characters check (length(filter) between 1 and 2000),
  constraint top_entries_is_1_to_1000 check (top_entries between 1 and 1000),
  constraint sites_are_1_to_1000_numbers check (
    cardinality(sites) between 1 and 1000 and array_ndims(sites) = 1 and array_position(sites, null) is null and 0 <= all (sites)),
  constraint state_is_known check (state in ('active', 'paused', 'removed')),
  constraint holds_from_is_a_full_hour check (
    holds_from < 'infinity' and (not isfinite(holds_from) or extract(epoch from holds_from) % 3600 = 0))
);
comment on table ${schema}.view_definition is
  'What is counted by which keys, from an instant on; each change is a new version (define_view), rows are never changed';
comment on column ${schema}.view_definition.version is 'Grows by 1 with each change of any view';
comment on column ${schema}.view_definition.view_id is 'The view; in all its versions dimension and filter are the same, and no other view ever gets its number';
comment on column ${schema}.view_definition.name is 'What people call it; once it is removed another view can have its name';
comment on column ${schema}.view_definition.dimension is
  'What makes the keys, one or two of: url_path, url, referrer_host, country, status, method, host, agent, bot, bot_purpose, browser, device, and field:NAME for another member of the event';
comment on column ${schema}.view_definition.filter is 'The condition on the requests that are counted (docs/views.md); null for all';
comment on column ${schema}.view_definition.top_entries is 'How many keys a row lists';
comment on column ${schema}.view_definition.sites is 'The sites that it is for; null for all';
comment on column ${schema}.view_definition.state is 'active; paused: nothing is counted until it is resumed; removed: never again';
comment on column ${schema}.view_definition.holds_from is
  'It holds for buckets of an hour that begin at this instant or later, until the next version of the same view does';
comment on column ${schema}.view_definition.made_at is 'When the version was made';
comment on column ${schema}.view_definition.made_by is 'Who made it';

select ${schema}.copy_to_every_node('view_definition');

-- A row a site, view and bucket, with its keys inside. A check looks at no element of an array: a row has up to 1000.
do $$
declare
  made record;
  policy ${schema}.retention_policy;
begin
  for made in
    select 'breakdown_' || name as relation, 'http_request_' || name as beside, grain.*
    from ${schema}.grain where name in ('1hour', '1day')
  loop
    execute format($ddl$
      create table ${schema}.%1$I (
        site_id                 int         not null,
        view_id                 int         not null,
        bucket                  timestamptz not null,
        request_count           bigint      not null,
        error_count             bigint      not null,
        bytes_sum               bigint      not null,
        timed_count             bigint      not null,
        response_time_sum_usec  bigint      not null,
        distinct_keys           %2$s        not null,
        is_exact                boolean     not null,
        unlisted_max            bigint      not null,
        keys                    text[]      not null,
        second_keys             text[]      not null,
        request_counts          bigint[]    not null,
        missed_counts           bigint[]    not null,
        error_counts            bigint[]    not null,
        bytes_sums              bigint[]    not null,
        timed_counts            bigint[]    not null,
        response_time_sums_usec bigint[]    not null,
        is_whole                boolean     not null,
        is_final                boolean     not null,
        updated_at              timestamptz not null,
        agents_as_of            date,
        primary key (site_id, view_id, bucket),
        constraint %3$I check (bucket = date_bin(%4$L, bucket, timestamptz '1970-01-01 00:00:00+00')),
        constraint nothing_is_negative check (
          least(request_count, error_count, bytes_sum, timed_count, response_time_sum_usec, unlisted_max) >= 0),
        constraint errors_timed_and_unlisted_are_requests check (
          greatest(error_count, timed_count, unlisted_max) <= request_count),
        constraint every_key_has_its_numbers check (
          cardinality(request_counts) = cardinality(keys) and cardinality(error_counts) = cardinality(keys)
          and cardinality(bytes_sums) = cardinality(keys) and cardinality(timed_counts) = cardinality(keys)
          and cardinality(response_time_sums_usec) = cardinality(keys)
          and cardinality(second_keys) in (0, cardinality(keys))
          and cardinality(missed_counts) = case when is_exact then 0 else cardinality(keys) end),
        constraint final_is_whole check (is_whole or not is_final)
      ) partition by range (bucket)
    $ddl$, made.relation, (select coarse_type from ${schema}.measure where name = 'distinct_ip_addresses'),
      'bucket_begins_the_' || made.unit, made.length);

    execute format($ddl$
      comment on table ${schema}.%1$I is %2$L;
      comment on column ${schema}.%1$I.site_id is 'The site asked; the distribution column on Citus';
      comment on column ${schema}.%1$I.view_id is 'The view, as in view_definition';
      comment on column ${schema}.%1$I.bucket is 'Start of the bucket in UTC';
      comment on column ${schema}.%1$I.request_count is 'Requests that the filter lets through, whether their keys are listed or not';
      comment on column ${schema}.%1$I.error_count is 'Those of them that failed';
      comment on column ${schema}.%1$I.bytes_sum is 'Bytes sent for all of them';
      comment on column ${schema}.%1$I.timed_count is 'Those of them whose response time is known';
      comment on column ${schema}.%1$I.response_time_sum_usec is 'Sum of the response times known, in microseconds';
      comment on column ${schema}.%1$I.distinct_keys is 'HyperLogLog of the keys, made as distinct_ip_addresses of the tables of traffic';
      comment on column ${schema}.%1$I.is_exact is 'Every key was followed from its first request on: the numbers of those listed are exact';
      comment on column ${schema}.%1$I.unlisted_max is 'No key that is not listed has more requests than this; 0 when every key is listed';
      comment on column ${schema}.%1$I.keys is 'The keys with the most requests, those first that have most; an element is null where requests have no such field';
      comment on column ${schema}.%1$I.second_keys is 'Where the view has two dimensions, the second half of each key; otherwise empty';
      comment on column ${schema}.%1$I.request_counts is 'Requests of each key, at least';
      comment on column ${schema}.%1$I.missed_counts is 'How many more requests each key can have; empty where is_exact';
      comment on column ${schema}.%1$I.error_counts is 'Those of request_counts that failed';
      comment on column ${schema}.%1$I.bytes_sums is 'Bytes sent for those of request_counts';
      comment on column ${schema}.%1$I.timed_counts is 'Those of request_counts whose response time is known';
      comment on column ${schema}.%1$I.response_time_sums_usec is 'Sums of these response times, in microseconds';
      comment on column ${schema}.%1$I.is_whole is 'The job that made the row had read this bucket from its beginning';
      comment on column ${schema}.%1$I.is_final is 'Whole, and event time has passed the end of the bucket; never goes back';
      comment on column ${schema}.%1$I.agents_as_of is 'The list of user agents by which the job told browsers from bots: the day of its last change';
      comment on column ${schema}.%1$I.updated_at is 'When the row was made'
    $ddl$, made.relation, format('Requests by site, view and %s with the keys inside, a partition a %s',
                                 case made.unit when 'day' then 'UTC day' else made.unit end,
                                 case made.partition_span when 'month' then 'UTC month' else made.partition_span end));

    select * into strict policy from ${schema}.retention_policy where table_name = made.beside;
    perform ${schema}.add_policy(made.relation, policy.keep, made.partition_span, made.partitions_ahead);
    perform ${schema}.distribute_by_site(made.relation);
  end loop;
end
$$;
