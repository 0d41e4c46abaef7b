#!/bin/bash
# Makes order.txt anew: the functions of the libraries that the daemon calls when it starts, restores,
# sweeps and answers. After a new toolchain: packaging/link/order.sh BIN_DIR (needs valgrind).
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=$1
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
home=$root/home/alice
target=$home/.kiro/settings/mcp.json
install -D -m 644 -t "$root/etc/mcpolicyd" config/policy.json config/mcp.json
mkdir -p "$home"
# valgrind reads less of the debugging information than there is.
strip --strip-debug -o "$root/mcpolicyd" "$bin/mcpolicyd"

ctl() { "$bin/mcpolicyctl" "$@" --root "$root" >/dev/null 2>&1; }
restored() { cmp -s "$target" config/mcp.json && [[ $(stat -c %a "$target") == 444 ]]; }
settle() {
  for _ in {1..100}; do
    sleep 0.1
    if restored; then return; fi
  done
  echo "$target wasn't restored" >&2
  return 1
}

valgrind --quiet --tool=callgrind --demangle=no --compress-strings=no --callgrind-out-file="$root/calls" \
  "$root/mcpolicyd" --root "$root" 2>/dev/null &
until ctl status; do sleep 0.2; done
ctl approve "$root/etc/mcpolicyd/mcp.json" --yes
settle
for _ in 1 2 3; do
  echo '{"mcpServers": {"evil": {"command": "sh"}}}' >"$home/new"
  mv "$home/new" "$target" && settle
  rm -f "$target" && settle
  chmod 666 "$target" && settle
  echo '{"mcpServers": {' >"$home/new"
  mv "$home/new" "$target" && settle
  rm -rf "$home/.kiro" 2>/dev/null || true
  settle
done
ctl sweep
ctl incidents
ctl metrics
kill %1
wait %1 || true

# The daemon's own modules have no sections for single functions, so their names would order nothing.
own='(11Enforcement|9Incidents|5Linux|6Ledger|7Control|6Policy|8Baseline|9MCPConfig|7Metrics|9mcpolicyd)'
awk -v program="$root/mcpolicyd" '
  /^ob=/ { object = substr($0, 4) }
  /^fn=/ && object == program { name = substr($0, 4); sub(/\x27.*/, "", name); print name }' "$root/calls" |
  grep -Ev "$own|^0x|^\(" | LC_ALL=C sort -u >packaging/link/order.txt
wc -l packaging/link/order.txt
