#!/usr/bin/env bash
# Formats the disk on the first start, then runs the broker.
set -euo pipefail
bin=${KAFKA_HOME:-/opt/kafka}/bin
properties=${KAFKA_PROPERTIES:-/etc/medallion/kafka.properties}
"$bin/kafka-storage.sh" format --ignore-formatted --cluster-id bWVkYWxsaW9uLWNvbXBvcw --config "$properties"
exec "$bin/kafka-server-start.sh" "$properties"
