#!/bin/bash
# Boots a host and runs every test in tests/ on it, or only those whose name contains $1.
#
# MCPOLICYD_BIN, MCPOLICYCTL_BIN   the programs under test
# MCPOLICY_PACKAGE                 the package to install (default: one is made of the programs)
# MCPOLICY_CONFIG                  policy.json and mcp.json to install (default: config/ of the repo)
# MCPOLICY_HOST_SUITE              Debian release (default: bookworm)
# MCPOLICY_HOST_STRICT             set: a system call that the unit doesn't name kills the daemon
# MCPOLICY_HOST_CACHE              where pristine roots are kept
# MCPOLICY_HOST_MIRROR             Debian mirror (default: the one in this machine's apt sources)
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/host.sh"
. "$HOST_TESTS/expect.sh"
: "${MCPOLICYD_BIN:?path of the built mcpolicyd}" "${MCPOLICYCTL_BIN:?path of the built mcpolicyctl}"

passed=0 failed=0 skipped=0

# run_test NAME FUNCTION: in a subshell of its own, outside of any condition, so that set -e holds.
run_test() {
  local log=$HOST_DIR/log status
  set +e
  (
    set -e
    trap - EXIT
    "$2"
  ) >"$log" 2>&1 </dev/null
  status=$?
  set -e
  if ((status == 0)); then
    echo "ok $1"
    sed -n 's/^figure: /    /p' "$log"
    passed=$((passed + 1))
  elif ((status == SKIPPED)); then
    echo "skip $1: $(tail -n 1 "$log")"
    skipped=$((skipped + 1))
  else
    echo "FAIL $1"
    failed=$((failed + 1))
    sed 's/^/    /' "$log"
    in_host journalctl --quiet --lines=15 --output=cat -u mcpolicyd 2>&1 | sed 's/^/    journal: /' || true
  fi
}

boot_host
for file in "$HOST_TESTS"/tests/*.sh; do
  # shellcheck disable=SC1090
  . "$file"
  while read -r function; do
    name=$(basename "$file" .sh)/${function#test_}
    [[ $name == *"${1:-}"* ]] || continue
    run_test "$name" "$function"
  done < <(sed -n 's/^\(test_[a-z0-9_]*\)() .*/\1/p' "$file")
done
stop_host

echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0 && passed > 0))
