# What the benchmarks share; sourced with $root set to the checkout. Builds the application and the benchmarks' jobs.

(cd "$root" && ./mvnw -q -B -ntp -Dmaven.test.skip=true -pl bench -am package)
"$root/medallion" plan --help >/dev/null # builds what is stale, and puts the Spark home together
jars="$root/.medallion/spark-home/jars/*"
flags=$(sed -n 's,.*<spark.jvm.flags>\(.*\)</spark.jvm.flags>.*,\1,p' "$root/pom.xml")

# Runs a class of the benchmarks under the settings of the application, but with the log store that Delta itself takes.
spark() { # class, arguments...
  # shellcheck disable=SC2086 # the flags are words
  SPARK_LOCAL_IP=127.0.0.1 SPARK_CONF_DIR=$root/.medallion/spark-home/conf java $flags -Xmx2g -XX:+UseParallelGC \
    -Duser.timezone=UTC "-Dlog4j2.configurationFile=file://$root/conf/log4j2.properties" -cp "$jars:$root/bench/target/bench.jar" \
    org.apache.spark.deploy.SparkSubmit --master 'local[*]' \
    --conf spark.delta.logStore.file.impl=org.apache.spark.sql.delta.storage.HDFSLogStore \
    --class "io.medallion.bench.$1" spark-internal "${@:2}"
}
