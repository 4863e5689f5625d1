# shellcheck shell=bash
# shellcheck disable=SC2154 # the launcher, which reads this file, sets what is not set here
# What ./medallion does before a command where something is out of date: the build, a Spark home out of the jars that
# the build resolved, and an archive of the classes that a run loads.

stale() {
  local jar
  [ -f "$stamp" ] && [ -f "$application" ] && [ -f "$demo_application" ] && [ -d "$home/jars" ] || return 0
  for jar in "$home"/jars/*.jar; do
    [ -e "$jar" ] || return 0 # a link into a local repository that was cleaned
  done
  # Directories count too: removing a source touches its directory only. Contracts and stars go into the jar.
  [ -n "$(find "$root/pom.xml" "$root/.mvn" "$root/conf" "$root"/*/pom.xml "$root"/demo/orders/pom.xml "$root"/*/src/main "$root"/demo/orders/src/main -newer "$stamp" \
    ! -path "$root/conf/spark-defaults.conf" ! -path "$root/conf/log4j2.properties" ! -path "$root/conf/profiles*" -print -quit)" ]
}

build() {
  mkdir -p "$state"
  exec 9>"$state/lock"
  if command -v flock >/dev/null; then
    flock -n 9 || { say 'waiting for another build to end' && flock 9; }
  fi
  if stale; then build_unlocked; fi
  exec 9>&- # or the JVM would hold the lock
}

build_unlocked() {
  say 'building (sources are newer than the last build)'
  [ -d "${HOME:-/}/.m2/repository/org/apache/spark" ] ||
    say 'the first build downloads Maven and about 400 MB of libraries from Maven Central'
  : >"$stamp.begun" # what changes from here on is newer than the stamp
  (cd "$root" && ./mvnw -q -B -ntp -Dmaven.test.skip=true -pl demo -am package >&2 </dev/null) || {
    say 'the build failed; its messages are above'
    exit 1
  }
  assemble_home
  mv "$stamp.begun" "$stamp"
}

# The broker of the streaming demo, whose libraries never meet Spark's: no other command needs them.
gather_broker() {
  local jar
  for jar in "$root"/testkit/kafka/target/jars/kafka_*.jar; do
    [ -e "$jar" ] && return 0
  done
  say 'fetching the broker, once (about 60 MB)'
  (cd "$root" && ./mvnw -q -B -ntp -f testkit/kafka/pom.xml process-resources >&2) || {
    say 'that failed; the messages are above'
    exit 1
  }
}

assemble_home() {
  local list jar
  local -a jars=()
  for list in spark application; do
    # The files are one line without an end.
    while IFS= read -r -d : jar || [ -n "$jar" ]; do
      jars+=("${jar%$'\n'}")
      jar=
    done <"$root/demo/target/$list.jars"
  done
  rm -rf "$home.new"
  mkdir -p "$home.new/jars" "$home.new/conf"
  ln -s "${jars[@]}" "$home.new/jars/"
  ln -s ../../../conf/spark-defaults.conf ../../../conf/log4j2.properties "$home.new/conf/"
  ls -lnL "${jars[@]}" >"$home.new/jars.txt"
  if cmp -s "$home.new/jars.txt" "$home/jars.txt"; then
    rm -rf "$home.new"
  else
    rm -rf "$home"
    mv "$home.new" "$home"
  fi
}

# The run whose classes are archived: generated orders through all layers. What it writes is thrown away.
# The application comes as SparkSubmit's resource, so that a new build of it leaves the archive valid.
training_run() { # scratch directory
  unset "${!MEDALLION_@}" # or a profile's warehouse would be loaded with these orders
  local submit=(-cp "$library_path" org.apache.spark.deploy.SparkSubmit --master 'local[*]')
  "${java_command[@]}" "${submit[@]}" --jars "$application" \
    --class io.medallion.demo.GenerateJob "$demo_application" \
    --orders 200 --out "$1/orders" --seed 1 --faults 0.05 &&
    "${java_command[@]}" "-XX:ArchiveClassesAtExit=$1/classes.jsa" "${submit[@]}" \
      --class io.medallion.jobs.cli.ClassesTraining "$application" run "$1/lake" "$1/orders/orders"
}

# A command that only looks has the application on its class path, so that each build makes this archive anew.
training_looks() { # scratch directory
  unset "${!MEDALLION_@}"
  rm -f "$home/looking.jsa"
  "${java_command[@]}" -Xmx512m -XX:+UseSerialGC -XX:-UseParallelGC "-XX:ArchiveClassesAtExit=$1/looking.jsa" \
    -cp "$class_path" io.medallion.jobs.cli.ClassesTraining look "$home/training/lake" "$home/training/orders"
}

archive_classes_of_looks() {
  local scratch
  [ -d "$home/training" ] || return 0
  scratch=$(mktemp -d "$state/training.XXXXXX")
  if (cd "$scratch" && SPARK_LOCAL_IP=127.0.0.1 training_looks "$scratch") \
    >"$state/training.log" 2>&1 </dev/null && [ -s "$scratch/looking.jsa" ]; then
    mv "$scratch/looking.jsa" "$home/looking.jsa"
  else
    : >"$home/looking.jsa" # not tried again before the next build
  fi
  rm -rf "$scratch"
}

# Never stands in the way: what goes wrong here costs time at each start, and nothing else.
archive_classes() {
  local scratch
  say 'archiving the loaded classes, once, so that later commands start faster'
  rm -f "$home/classes.jsa"
  scratch=$(mktemp -d "$state/training.XXXXXX")
  if (cd "$scratch" && SPARK_LOCAL_IP=127.0.0.1 training_run "$scratch") \
    >"$state/training.log" 2>&1 </dev/null && [ -s "$scratch/classes.jsa" ]; then
    mv "$scratch/classes.jsa" "$home/classes.jsa"
    # The lake that it made is looked at where the classes of such commands are archived.
    rm -rf "$home/training"
    mkdir "$home/training"
    mv "$scratch/lake" "$scratch/orders/orders" "$home/training"
  else
    say "that did not work; commands start slower and work the same (see $state/training.log)"
  fi
  rm -rf "$scratch"
  printf '%s\n' "$archive_key" >"$home/classes.key"
}
