-- Notes that there is no cluster to look at.
select 'not distributed: no Citus' where not exists (select from pg_extension where extname = 'citus')
