#!/usr/bin/env bash
# Formats the disk on the first start, runs the broker, and makes the topic as soon as the broker answers.
set -euo pipefail
bin=${KAFKA_HOME:-/opt/kafka}/bin
properties=${KAFKA_PROPERTIES:-/etc/medallion/kafka.properties}
topic=${TOPIC:?name of the topic}
"$bin/kafka-storage.sh" format --ignore-formatted --cluster-id bWVkYWxsaW9uLWNvbXBvcw --config "$properties"

make_topic() {
  until "$bin/kafka-topics.sh" --bootstrap-server "${KAFKA_ADDRESS:-localhost:9092}" --create --if-not-exists --topic "$topic"; do
    kill -0 $$ || return 0 # the broker is gone
    sleep 1
  done
}
make_topic &
exec "$bin/kafka-server-start.sh" "$properties"
