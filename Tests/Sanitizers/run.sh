#!/bin/bash
# Builds everything with a sanitizer, runs the tests with the daemon so built, and fails on any report.
#   run.sh thread|address [FILTER]
# Not the tests of faults: what they preload and what a sanitizer brings exclude one another.
set -euo pipefail
cd "$(dirname "$0")/../.."

kind=${1:?thread or address}
filter=${2:-.}
scratch=${SANITIZE_SCRATCH:-.build-$kind}
reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT

# A report goes into a file of its own, whichever process makes it, and its exit status stays: tests
# look at that. One test offers a file of a tebibyte, which nobody may read, and a home that hangs keeps
# its thread.
common="log_path=$reports/report exitcode=0 allocator_may_return_null=1"
export TSAN_OPTIONS="$common suppressions=$PWD/Tests/Sanitizers/thread.supp report_thread_leaks=0"
# Swift keeps what it makes once, which looks like leaks.
export ASAN_OPTIONS="${common// /:}:detect_leaks=0:halt_on_error=0"

swift build --build-tests --sanitize="$kind" --scratch-path "$scratch"
status=0
swift test --skip-build --sanitize="$kind" --scratch-path "$scratch" --filter "$filter" \
  --skip '^FaultTests\.' || status=$?

found=$(find "$reports" -type f -size +0 | wc -l)
if ((found > 0)); then
  find "$reports" -type f -exec cat {} + | head -n 400
  echo "$kind: $found processes were reported:"
  grep -rh '^SUMMARY' "$reports" | sort | uniq -c | sort -rn
  exit 1
fi
((status == 0)) && echo "$kind: no report"
exit "$status"
