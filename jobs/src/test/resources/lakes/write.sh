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

run() { "$checkout/medallion" run --lake "$shop/lake" --config "$shop/conf" --source "$@"; }
run "$shop"/drop/orders-0000[1-4]*
run "$shop"/drop/orders-0000[5-8]*
run "$shop"/drop/orders-00009* "$shop/rejected"
mkdir "$shop/rest"
mv "$shop"/drop/orders-000[1-9]* "$shop/rest"
"$checkout/medallion" reconcile --lake "$shop/lake" --config "$shop/conf" --json >"$shop/reconcile.json"

# Hadoop reads files without its hidden checksums of them.
cd "$shop"
find . -name '.*.crc' -delete
rm -f "$here/$name.zip"
zip -q -X -9 -r "$here/$name.zip" lake drop rejected rest increment conf/contracts conf/stars conf/views reconcile.json
