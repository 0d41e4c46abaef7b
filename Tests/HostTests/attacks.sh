#!/bin/bash
# Boots a host and runs AttackTests on it, against the installed unit: attacks.sh [FILTER]
#
# MCPOLICYD_BIN, MCPOLICYCTL_BIN, MCPOLICY_HOST_...   as for run.sh
# ATTACK_ROUNDS                    of each attack; slow ones are repeated less often (default: 40)
# ATTACK_PRODUCTS                  where `swift build --build-tests` put the tests (default: .build/debug)
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/host.sh"
: "${MCPOLICYD_BIN:?path of the built mcpolicyd}" "${MCPOLICYCTL_BIN:?path of the built mcpolicyctl}"

products=$(realpath "${ATTACK_PRODUCTS:-$REPO/.build/debug}")
bundle=$(find "$products" -maxdepth 1 -name '*PackageTests.xctest' -type f)
[[ -n $bundle ]] || { echo "no tests in $products; swift build --build-tests makes them" >&2; exit 2; }

# The tests are linked to the libraries of the toolchain that built them, which no host has.
runtime=$(ldd "$bundle" | awk '$1 == "libswiftCore.so" { print $3 }' | xargs -r dirname)
[[ -d $runtime ]] || { echo "$bundle: no Swift runtime" >&2; exit 2; }
HOST_BINDS=("--bind-ro=$products" "--bind-ro=$runtime")
# For file systems that hang.
[[ ! -c /dev/fuse ]] || HOST_BINDS+=(--bind=/dev/fuse)

boot_host
status=0
in_host env ATTACK_UNIT=mcpolicyd.service ATTACK_ROUNDS="${ATTACK_ROUNDS:-40}" ATTACK_RESULTS=/root/attacks.jsonl \
  timeout --kill-after=10 "${ATTACK_SECONDS:-900}" \
  "$bundle" --testing-library swift-testing --filter "^AttackTests\\..*${1:-}" \
  >"$HOST_DIR/log" 2>&1 </dev/null || status=$?
if ((status == 0)); then
  grep -E 'skipped|Test run' "$HOST_DIR/log"
else
  cat "$HOST_DIR/log"
  in_host journalctl --quiet --lines=30 --output=cat -u mcpolicyd 2>&1 | sed 's/^/    journal: /'
fi
in_host systemd-analyze security --no-pager mcpolicyd.service | tail -n 1
"$REPO/Tests/AttackTests/table.py" "$HOST_DIR/root/root/attacks.jsonl" || status=1
stop_host
exit $status
