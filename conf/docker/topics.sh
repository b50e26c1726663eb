#!/bin/sh
# Creates the job's topics that are missing, as ./weir topics create does.
set -eu

topic() {
    name=$1
    shift
    /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:19092 --create --if-not-exists \
        --topic "$name" --replication-factor 1 --config max.message.bytes=4194304 \
        --config message.timestamp.type=LogAppendTime "$@"
}

letters() {
    topic "$1" --partitions 1 --config retention.ms=2592000000 --config retention.bytes=-1 \
        --config cleanup.policy=delete
}

topic http_requests --partitions 4 --config retention.ms=172800000
letters http_requests.late
letters http_requests.rejected
