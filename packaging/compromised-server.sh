#!/bin/bash
# compromised-server.sh SERVER REASON: what to do first when a server turns out to be compromised, on
# one host, as root. docs/CompromisedServer.md explains each step.
set -euo pipefail
server=${1:?the name of the server} reason=${2:?why, for the record}

step() { printf '\n# %s\n' "$*"; }

# run CMD...: shows the command, then what it prints. Findings are no reason to stop halfway.
run() {
  local status=0
  printf '$'
  printf ' %q' "$@"
  printf '\n'
  "$@" || status=$?
  ((status <= 1)) || echo "(exit status $status)"
  return 0
}

step '1. Switch it off: no copy on this host holds it when this returns.'
run mcpolicyctl revoke "$server" --reason "$reason"

step '2. What ran: the program behind each process, before it is ended.'
pids=$(mcpolicyctl revoke "$server" --json | sed -n 's/^ *"pid": \([0-9]*\),*$/\1/p') || true
for pid in $pids; do
  [[ -d /proc/$pid ]] || continue
  run ps -fp "$pid"
  run readlink "/proc/$pid/exe" "/proc/$pid/cwd"
  run sha256sum "/proc/$pid/exe"
  run ls -l "/proc/$pid/fd"
done
[[ -n $pids ]] || echo 'nothing runs'

step '3. End it.'
run mcpolicyctl revoke "$server" --terminate

step '4. Nobody has it, and nobody gets it back.'
run mcpolicyctl sweep
run mcpolicyctl targets
run mcpolicyctl revocations

step '5. Evidence: what the daemon saw of it, and who changed what.'
run journalctl --no-pager --quiet --output=short-iso "MCPOLICY_SERVER=$server"
run mcpolicyctl baseline list
for digest in $(journalctl --quiet --output=cat --output-fields=MCPOLICY_EVIDENCE "MCPOLICY_SERVER=$server" | sort -u); do
  run ls -l "/var/lib/mcpolicyd/evidence/$digest"
done
