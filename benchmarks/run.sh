#!/bin/sh
# Builds the benchmarks where needed and runs them; README.md beside this file says how to read what they print.
#   benchmarks/run.sh jmh [--name NAME] [JMH's arguments]    such as: RoomBenchmark -prof gc
#   benchmarks/run.sh smoke                      every JMH benchmark, once and short
#   benchmarks/run.sh ordering [arguments]       the job's operator beside what Flink offers (--help lists them)
#   benchmarks/run.sh ingest [arguments]         the audio Lambda's handler beside a bare PutRecord
#   benchmarks/run.sh start [arguments]          both Lambdas' start and first invocations, primed and not
#   benchmarks/run.sh memory [arguments]         the deployed Lambdas by their memory
#   benchmarks/run.sh job [arguments]            processor time of the job for a record and for a call
#   benchmarks/run.sh fanout [arguments]         Parley's fan-out beside a plain WebSocket relay
#   benchmarks/run.sh hops --name NAME           what each hop takes on the local stack, for the latency model
# JAVA_OPTS goes to the JVM.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
target=$root/benchmarks/target
jar=$target/benchmarks-0.1.0-SNAPSHOT.jar
opens="--add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED --add-opens=java.base/java.math=ALL-UNNAMED"

if [ ! -f "$jar" ] || [ -n "$(cd "$root" && find ./pom.xml ./*/pom.xml ./*/src/main -type f -newer "$jar" -print | head -n 1)" ]; then
    (cd "$root" && mvn -q -B -Dstyle.color=never -DskipTests -Dspotless.check.skip -Dmaven.shade.skip=true \
        package -pl benchmarks -am) >&2
    # Maven leaves a jar alone whose content is the same.
    touch "$jar"
fi

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
what=${1:-}
[ $# -eq 0 ] || shift
case $what in
    jmh)
        # shellcheck disable=SC2086  # lists of words
        exec "$java" $opens ${JAVA_OPTS:-} -Dparley.root="$root" -cp "$jar:$target/lib/*" io.parley.benchmarks.JmhRun "$@"
        ;;
    smoke)
        # shellcheck disable=SC2086
        exec "$java" $opens ${JAVA_OPTS:-} -cp "$jar:$target/lib/*" org.openjdk.jmh.Main -f 1 -wi 1 -i 1 -w 200ms -r 200ms "$@"
        ;;
    ordering)
        # shellcheck disable=SC2086
        exec "$java" $opens -Xms4g -Xmx4g -XX:+AlwaysPreTouch ${JAVA_OPTS:-} -Dparley.root="$root" -cp "$jar:$target/lib/*" \
            io.parley.benchmarks.ordering.OrderingComparison "$@"
        ;;
    hops | ingest | start | memory | job | fanout)
        case $what in
            hops) main=latency.HopsRun ;;
            ingest) main=ingest.IngestComparison ;;
            start) main=lambda.StartComparison ;;
            job) main=job.JobCost ;;
            memory) main=lambda.MemoryComparison ;;
            fanout) main=fanout.FanOutComparison ;;
        esac
        # shellcheck disable=SC2086
        exec "$java" $opens -Xmx2g -XX:+UseParallelGC ${JAVA_OPTS:-} -Dparley.root="$root" -cp "$jar:$target/lib/*" \
            "io.parley.benchmarks.$main" "$@"
        ;;
    *)
        sed -n '2,13s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
esac
