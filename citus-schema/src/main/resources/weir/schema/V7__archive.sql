-- Old partitions are compressed, and a new table needs only its row in the policy.
alter table ${schema}.retention_policy drop constraint span_is_that_of_the_table;
alter table ${schema}.retention_policy add constraint span_is_known check (partition_span in ('day', 'month', 'year'));
comment on column ${schema}.retention_policy.archive_after is
  'A partition that ended this long ago becomes columnar where Citus has it; null never';

alter table ${schema}.maintenance_log drop constraint maintenance_log_action_check;
alter table ${schema}.maintenance_log add constraint action_is_known
  check (action in ('make', 'drop', 'archive', 'restore', 'wait'));
comment on table ${schema}.maintenance_log is 'What was done to partitions, oldest first by id';
comment on column ${schema}.maintenance_log.action is
  'make, drop or archive a partition, restore an archived one for a late row, or wait for a lock that was not got';

-- Citus's columnar is an extension of its own, which "create extension citus" does not bring along.
-- IF NOT EXISTS would not do: on Citus it asks even then for the right to create extensions.
do $$
begin
  if exists (select from pg_extension where extname = 'citus')
     and exists (select from pg_available_extensions where name = 'citus_columnar' and installed_version is null) then
    begin
      create extension citus_columnar;
    exception when insufficient_privilege then
      raise warning '% may not create the extension citus_columnar: without it nothing is archived', current_user;
    end;
  end if;
end
$$;
