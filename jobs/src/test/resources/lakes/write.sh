#!/usr/bin/env bash
# Writes the lake of a version, for OldLakeTest to continue: see README.md.
# usage: write.sh CHECKOUT NAME [FOLDER]
#   CHECKOUT  a clean clone at the version, on which ./medallion is run
#   NAME      of the archive, beside this script: the version and its commit
#   FOLDER    where the lake is written and the manifest says its files came from (default: /srv/shop)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
checkout=$(cd "$1" && pwd)
name=$2
shop=${3:-/srv/shop}

mkdir "$shop"
cp -r "$checkout/conf" "$shop/conf"
"$checkout/medallion" generate --orders 100 --out "$shop/data" --seed 5 --faults 0.05 --increment 15
mkdir "$shop/rejected"
mv "$shop/data/orders" "$shop/drop"
mv "$shop/data/increment" "$shop/increment"
mv "$shop"/data/rejected-samples/{header-only,missing-column}.csv "$shop/rejected"

"$checkout/mvnw" -q -B -ntp -f "$checkout/testkit/kafka/pom.xml" process-resources
java -Dmedallion.root="$checkout" -cp "$checkout/testkit/target/testkit.jar:$checkout/.medallion/spark-home/jars/*" \
  io.medallion.testkit.kafka.BrokerProcess "$shop/broker" >"$shop/address" 2>"$shop/broker.log" &
broker=$!
trap 'kill $broker' EXIT
until [ -s "$shop/address" ]; do sleep 1; done
servers=$(<"$shop/address")

layer() { "$checkout/medallion" "$1" --lake "$shop/lake" --config "$shop/conf" "${@:2}"; }
produce() { # SEED START
  "$checkout/medallion" produce --bootstrap-servers "$servers" --partitions 2 --count 120 --rate 0 --faults 0.05 \
    --seed "$1" --start "$2"
}
land_topic() { # LAKE
  "$checkout/medallion" bronze --lake "$1" --config "$shop/conf" --feed sales_events --bootstrap-servers "$servers" \
    --max-offsets-per-trigger 70
}

layer run --source "$shop"/drop/orders-0000[1-4]*
produce 5 2025-01-01T00:00:00Z
land_topic "$shop/lake"
layer silver
layer gold
layer load
layer run --source "$shop"/drop/orders-0000[5-8]*
# The same order lines again, a day later: changes, and deletes of lines that are in the star.
produce 5 2025-01-02T00:00:00Z
land_topic "$shop/lake"
layer run --source "$shop"/drop/orders-00009* "$shop/rejected"
mkdir "$shop/rest"
mv "$shop"/drop/orders-000[1-9]* "$shop/rest"
layer reconcile --json >"$shop/reconcile.json"

# All events of the topic, with those that the lake has not landed, as another lake has them.
produce 6 2025-01-03T00:00:00Z
land_topic "$shop/scratch"
mv "$shop/scratch/bronze/sales_events" "$shop/events"

# Hadoop reads files without its hidden checksums of them.
cd "$shop"
find . -name '.*.crc' -delete
rm -f "$here/$name.zip"
zip -q -X -9 -r "$here/$name.zip" lake drop rejected rest increment events conf/contracts conf/stars conf/views reconcile.json
