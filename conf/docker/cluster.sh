#!/bin/sh
# Makes coordinator and workers one Citus cluster. Extensions first: a worker that has joined
# refuses to create any. PGUSER, PGPASSWORD and PGDATABASE come from docker-compose.yml.
set -eu

ask() {
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --host "$1" --command "$2"
}

for node in coordinator worker1 worker2; do
    ask "$node" "create extension if not exists citus"
    ask "$node" "create extension if not exists hll schema public" ||
        ask "$node" "select 'hll is there' where exists (select from pg_extension where extname = 'hll')"
done
ask coordinator "select citus_set_coordinator_host('coordinator', 5432)"
for worker in worker1 worker2; do
    ask coordinator "select citus_add_node('$worker', 5432)"
done
