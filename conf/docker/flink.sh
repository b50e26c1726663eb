#!/bin/sh
# Starts a process of Flink's image with the settings of conf/config.yaml.
#   flink.sh job KEYS...   a JobManager that runs the job, from the savepoint WEIR_SAVEPOINT if it is set
#   flink.sh taskmanager
set -eu

FLINK_PROPERTIES="$(sed '/^ *#/d' /weir/conf/config.yaml)
${FLINK_PROPERTIES:-}"
export FLINK_PROPERTIES

if [ "$1" = job ]; then
    shift
    set -- standalone-job --job-classname io.weir.TrafficJob \
        ${WEIR_SAVEPOINT:+--fromSavepoint "$WEIR_SAVEPOINT"} "$@"
fi
exec /docker-entrypoint.sh "$@"
