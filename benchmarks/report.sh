#!/usr/bin/env bash
# Builds the benchmarks, runs them all, and writes the results into docs/benchmarks.md and docs/benchmarks.svg.
#   benchmarks/report.sh           about ten minutes, on a machine that does nothing else, with 5 GB of free memory
#   benchmarks/report.sh --quick   about three, to see that everything runs; its figures prove nothing
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

options=()
case ${1:-} in
    '') ;;
    --quick) options=(-f 1 -wi 2 -w 200ms -i 3 -r 200ms) ;;
    *)
        echo "usage: benchmarks/report.sh [--quick]" >&2
        exit 2
        ;;
esac

readonly JAR=benchmarks/target/benchmarks.jar
readonly RESULTS=benchmarks/target/jmh-result.json
mvn -B -ntp -q -DskipTests -pl benchmarks -am package
# Those of databases are measured by wall time, and take long: docs/benchmarks.md has their commands.
java -jar "$JAR" -e History -e Observe -e Push -e ReportBenchmark -foe true -rf json -rff "$RESULTS" "${options[@]}"
java -Xmx2g -jar "$JAR" report "$RESULTS" docs
echo "written: docs/benchmarks.md, docs/benchmarks.svg"
