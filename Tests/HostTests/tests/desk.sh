# shellcheck shell=bash
# What operators and users ask: doctor, explain, dry runs, and notices on the desktop.

# checks STATE: what the doctor says is so, as JSON lines.
checks() { in_host mcpolicyctl doctor --json | in_host jq -c ".checks[] | select(.state == \"$1\")" || true; }

# Whether the clock is kept is this machine's doing, and where the journal is kept the root's.
test_the_doctor_finds_nothing_on_a_healthy_host() {
  approved_host
  local found
  found=$(checks problem; checks warning; checks unseen)
  found=$(grep -vE '"check":"(clock|journal)"' <<<"$found" || true)
  # Tests before this one kill the daemon.
  found=$(grep -v 'was restarted' <<<"$found" || true)
  [[ -z $found ]] || fail "$found"
}

test_the_doctor_finds_what_is_wrong() {
  approved_host
  in_host sh -ec 'systemctl stop mcpolicyd; systemctl disable --quiet mcpolicyd; chmod 777 /var/lib/mcpolicyd'
  local found
  found=$(checks problem; checks warning)
  in_host sh -ec 'chmod 700 /var/lib/mcpolicyd; systemctl enable --quiet mcpolicyd; systemctl start mcpolicyd'
  grep -F '"check":"daemon"' <<<"$found"
  grep -F 'is inactive' <<<"$found"
  grep -F 'next boot' <<<"$found"
  grep -F '/var/lib/mcpolicyd: is open to others' <<<"$found"
}

test_the_doctor_sees_homes_that_the_sandbox_closes() {
  approved_host
  in_host sh -ec "mkdir -p /srv/homes; sed -i 's|\"/home/\\*\"|\"/home/*\", \"/srv/homes/*\"|' $POLICY"
  checks problem | grep -F 'its sandbox closes /srv/homes'
  checks warning | grep -F 'was changed after the daemon read it'
  in_host rmdir /srv/homes
}

test_the_doctor_works_without_rights() {
  approved_host
  as_user bob mcpolicyctl doctor --json >/tmp/doctor.$$ || (($? == 1))
  in_host jq -e '.caller.role == "own" and .caller.source == "daemon" and any(.checks[]; .state == "unseen")' \
    </tmp/doctor.$$
  rm /tmp/doctor.$$
}

incident_of() { ctl incidents --user "$1" --json | in_host jq -er '.incidents[0].id'; }

test_an_incident_is_explained_after_a_restart() {
  approved_host
  as_user alice rm -f $TARGET
  undone alice missing-file
  local id
  id=$(incident_of alice)
  ctl explain "$id" | grep -F 'from the daemon'
  in_host systemctl restart mcpolicyd
  ctl explain "$id" | tee /dev/stderr | grep -F 'from the journal'
  ctl explain "$id" --json | in_host jq -e '.incident.kinds == ["missing-file"] and .incident.user == "alice"'
  # A user's entry with the daemon's fields is none of it.
  as_user bob sh -c "printf 'MESSAGE=x\nMCPOLICY_INCIDENT=1-1\nMCPOLICY_KIND=server-drift\n' | logger --journald"
  expect_exit 2 ctl explain 1-1
}

test_a_developers_own_file_is_judged_as_theirs() {
  approved_host
  # github is tier 2, and bob isn't in its group.
  as_user bob sh -ec 'echo "{\"mcpServers\":{\"github\":{\"command\":\"x\"}}}" >own.json'
  expect_exit 1 as_user bob mcpolicyctl explain own.json >/tmp/explain.$$
  grep -F 'for other users and groups only' /tmp/explain.$$
  grep -F 'mcpolicyctl request github --reason' /tmp/explain.$$
  rm /tmp/explain.$$
}

test_a_dry_run_touches_nothing() {
  approved_host
  set_policy enforce user-writable
  ctl reload --dry-run --json | in_host jq -e '.would_restore == 3 and .rollouts == 3 and .complete'
  is_right alice || fail "it was restored"
  ctl status --json | in_host jq -e '.failed_reloads == 0'
}

test_the_users_unit_verifies() {
  in_host sh -c 'XDG_RUNTIME_DIR=/run/verify; export XDG_RUNTIME_DIR; mkdir -p $XDG_RUNTIME_DIR
    systemd-analyze --user verify /usr/lib/systemd/user/mcpolicyd-notify.service 2>&1' |
    grep -v "Command 'man " >/tmp/verify.$$ || true
  [[ ! -s /tmp/verify.$$ ]] || fail "$(cat /tmp/verify.$$)"
  rm /tmp/verify.$$
}
