#!/usr/bin/env bash
# Makes the buckets, which are folders, and runs S3Proxy over them. Its keys come from the environment and go into a file that
# only it can read: on its command line, where its own image would put them, every process could.
set -euo pipefail
# What others may read, S3Proxy takes for public.
umask 077
data=${S3_DATA:-/data}
properties=${S3_PROPERTIES:-/run/s3proxy/s3proxy.properties}
for bucket in ${S3_BUCKETS:?names of buckets, separated by blanks}; do mkdir -p "$data/$bucket"; done
cat >"$properties" <<EOF
s3proxy.endpoint=http://${S3_LISTEN:-0.0.0.0:9000}
s3proxy.authorization=aws-v2-or-v4
s3proxy.identity=${S3_ACCESS_KEY:?the access key}
s3proxy.credential=${S3_SECRET_KEY:?the secret key}
jclouds.provider=filesystem-nio2
jclouds.filesystem.basedir=$data
jclouds.identity=unused
jclouds.credential=unused
EOF
unset S3_ACCESS_KEY S3_SECRET_KEY
# shellcheck disable=SC2086 # the options are words
exec java ${S3_JAVA_OPTIONS:--jar /opt/s3proxy/s3proxy} --properties "$properties"
