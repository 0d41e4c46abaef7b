# shellcheck shell=bash
# The walk of docs/CompromisedServer.md: packaging/compromised-server.sh on a host where the server
# runs, and where a user adds it again.

# compromised_host: everyone has a server that one user runs.
compromised_host() {
  approved_host
  # As a client would find it: a program of that name and arguments, which starts another.
  in_host sh -ec 'printf "#!/bin/sh\nsleep 4713 &\nwait\n" >/usr/local/bin/files-mcp; chmod 755 /usr/local/bin/files-mcp'
  in_host sh -ec "jq '.mcpServers.filesystem = {command: \"/usr/local/bin/files-mcp\", args: [\"/srv/projects\"]}' $APPROVED >/tmp/new.json"
  ctl approve /tmp/new.json --yes --note 'SEC-17 files-mcp 2.3.1' >/dev/null
  as_user alice /usr/local/bin/files-mcp /srv/projects >/dev/null 2>&1 &
  wait_for in_host pgrep -xf 'sleep 4713'
}

test_the_walk() {
  compromised_host
  # On a host, the package brings it.
  in_host tee /root/compromised-server.sh >/dev/null <"$REPO/packaging/compromised-server.sh"
  # bob adds it again by hand before the switch, in another definition.
  as_user bob sh -ec "jq '.mcpServers.filesystem.args = [\"/\"]' $TARGET >edited.json"
  as_user bob mv -f edited.json $TARGET
  wait_for has_incident "/home/bob/$TARGET" server-drift restored

  local said
  said=$(in_host bash /root/compromised-server.sh filesystem 'VENDOR-2026-04: files-mcp sends files away')
  [[ -z ${MCPOLICY_WALK_OUTPUT:-} ]] || printf '%s\n' "$said" >"$MCPOLICY_WALK_OUTPUT"
  grep -q '^filesystem revoked: 4 targets checked, 4 restored, 0 failed$' <<<"$said"
  grep -q '^had it: alice, bob, carol$' <<<"$said"
  grep -q '^/usr/bin/dash$' <<<"$said"
  grep -q 'terminated.*files-mcp' <<<"$said"
  grep -q 'was revoked by root (uid 0)' <<<"$said"
  grep -q 'server-drift.*/home/bob' <<<"$said"
  grep -Eq 'mcpolicyd [0-9]+ .* /var/lib/mcpolicyd/evidence/[0-9a-f]{64}$' <<<"$said"

  ! in_host pgrep -f 'files-mcp|sleep 4713' || fail "it still runs"
  local user
  for user in alice bob carol; do
    in_host jq -e '.mcpServers | has("filesystem") | not' "/home/$user/$TARGET"
  done
  in_host jq -e '.mcpServers | has("filesystem") | not' $CENTRAL
  # Whoever adds it now is undone.
  as_user carol sh -ec "jq '.mcpServers.filesystem = {command: \"/usr/local/bin/files-mcp\", args: [\"/srv/projects\"]}' $TARGET >edited.json"
  as_user carol mv -f edited.json $TARGET
  wait_for has_incident "/home/carol/$TARGET" prohibited-server restored
}
