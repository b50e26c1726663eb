#!/bin/sh
# Creates the job's topics that are missing.
set -eu

topic() {
    name=$1
    shift
    /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:19092 --create --if-not-exists \
        --topic "$name" --replication-factor 1 --config max.message.bytes=4194304 "$@"
}

topic http_requests --partitions 4 --config message.timestamp.type=LogAppendTime --config retention.ms=172800000
topic http_requests.late --partitions 1
topic http_requests.rejected --partitions 1
