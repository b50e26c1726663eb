#!/bin/sh
# Creates the roles that the job and Grafana log in as, and sets their passwords each time.
# They are members of the group roles that the schema's migration created.
set -eu

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --host coordinator <<'SQL'
\getenv job_password WEIR_JOB_PASSWORD
\getenv grafana_password WEIR_GRAFANA_DB_PASSWORD
select format('create role %I login', name)
from (values ('weir_job'), ('weir_grafana')) as wanted (name)
where not exists (select from pg_roles where rolname = name)
\gexec
alter role weir_job password :'job_password';
alter role weir_grafana password :'grafana_password';
grant weir_writer to weir_job;
grant weir_reader to weir_grafana;
SQL
