#!/bin/bash
# Fuzzes the pure rooms with libFuzzer and AddressSanitizer.
#
#   Tests/Fuzz/run.sh SECONDS [TARGET…]
#
# SECONDS are for all targets together: json, config, policy, judge and signature, unless some are named. What
# was learnt stays in .build/corpus for the next run; an input that breaks something is in
# .build/findings. FUZZ_BUILD names another folder than .build.
set -euo pipefail
cd "$(dirname "$0")"

seconds=${1:?usage: run.sh SECONDS [TARGET…]}
shift
targets=("$@")
((${#targets[@]})) || targets=(json config policy judge signature)
build=${FUZZ_BUILD:-.build}

# `--sanitize fuzzer` leaves out the program's main, as libFuzzer brings its own. The other flag is
# for the compiler, which hears the last of several.
flags=(-c release --sanitize fuzzer -Xswiftc -sanitize=fuzzer,address -Xswiftc -parse-as-library)
flags+=(--scratch-path "$build")
swift build --quiet "${flags[@]}" --product fuzz
program=$(swift build "${flags[@]}" --show-bin-path)/fuzz

export ASAN_OPTIONS=detect_leaks=0
# The stack is in the report already; a backtrace for each finding takes half a minute.
export SWIFT_BACKTRACE=enable=no
share=$((seconds / ${#targets[@]}))
failed=0
for target in "${targets[@]}"; do
  mkdir -p "$build/corpus/$target" "$build/findings/$target"
  seeds=("corpus/$target")
  # A larger corpus, where one lies beside the repository.
  if [[ $target != policy && $target != signature && -d ../../../shared/corpus ]]; then
    seeds+=(../../../shared/corpus/synthetic ../../../shared/corpus/real)
  fi
  log=$build/findings/$target.log
  echo "== $target, $share s"
  FUZZ_TARGET=$target "$program" "$build/corpus/$target" "${seeds[@]}" \
    -dict=json.dict -max_len=4096 -timeout=5 -rss_limit_mb=2048 \
    -max_total_time="$share" -print_final_stats=1 \
    -artifact_prefix="$build/findings/$target/" >"$log" 2>&1 || {
    failed=1
    grep -E 'Fatal error|ERROR: |SUMMARY: |Test unit written' "$log" || tail -n 20 "$log"
  }
  grep -E '[[:space:]]cov: ' "$log" | tail -n 1 || true
  grep -E '^stat::(number_of_executed_units|average_exec_per_sec|peak_rss_mb)' "$log" || true
done
((failed == 0)) && echo "fuzz: nothing found" || echo "fuzz: inputs in $build/findings"
exit $failed
