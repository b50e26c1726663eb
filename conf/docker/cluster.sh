#!/bin/sh
# Joins coordinator and workers into one Citus cluster; running it again changes nothing. Extensions
# come first: a worker that has joined refuses to create any, even one that exists.
# PGUSER, PGPASSWORD and PGDATABASE come from docker-compose.yml.
set -eu

ask() {
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --host "$1"
}

for node in coordinator worker1 worker2; do
    ask "$node" <<'SQL'
select format('create extension %I schema %I', name, home)
from (values ('citus', 'pg_catalog'), ('hll', 'public')) as wanted (name, home)
where not exists (select from pg_extension where extname = name)
\gexec
SQL
done
ask coordinator <<'SQL'
select citus_set_coordinator_host('coordinator', 5432);
select citus_add_node('worker1', 5432);
select citus_add_node('worker2', 5432);
SQL
