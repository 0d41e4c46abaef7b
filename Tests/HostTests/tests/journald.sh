# shellcheck shell=bash
# A journald that stalls, stops and comes back.

journald_stops() {
  in_host systemctl stop systemd-journald.socket systemd-journald-dev-log.socket \
    systemd-journald-audit.socket systemd-journald.service 2>/dev/null || true
  ! in_host systemctl --quiet is-active systemd-journald.service || fail "journald goes on"
}

# Should the test fail while journald is away, the others need it.
journald_returns() {
  in_host systemctl kill --signal=CONT systemd-journald.service 2>/dev/null || true
  # What these tests stop and start counts against its limit of starts.
  in_host systemctl reset-failed systemd-journald.socket systemd-journald-dev-log.socket systemd-journald.service || true
  in_host systemctl start systemd-journald.socket systemd-journald-dev-log.socket systemd-journald.service
}

test_a_stalled_journal_stalls_no_restore() {
  approved_host
  trap journald_returns EXIT
  in_host systemctl kill --signal=STOP systemd-journald.service
  local round
  for round in {1..20}; do
    as_user alice rm -f $TARGET
    wait_for is_right alice
    save bob ".mcpServers.evil$round = {command: \"sh\"}"
    wait_for is_right bob
  done
  sweep
  [[ $(ctl status --json | in_host jq -r .targets.drifted) == 0 ]] || fail "$(ctl status)"
  in_host systemctl kill --signal=CONT systemd-journald.service
  wait_for has_incident "/home/alice/$TARGET" missing-file restored
  for round in {1..20}; do
    wait_for journal_has ".MCPOLICY_SERVER // [] | index(\"evil$round\")"
  done
}

test_a_restarted_journal_gets_every_incident() {
  approved_host
  local round
  for round in {1..5}; do
    in_host systemctl reset-failed systemd-journald.service
    in_host systemctl restart systemd-journald.service
    save alice ".mcpServers.evil$round = {command: \"sh\"}"
    wait_for is_right alice
  done
  for round in {1..5}; do
    wait_for journal_has ".MCPOLICY_SERVER // [] | index(\"evil$round\")"
  done
}

test_without_a_journal_homes_are_kept() {
  approved_host
  trap journald_returns EXIT
  journald_stops
  save alice '.mcpServers.evil = {command: "sh"}'
  wait_for is_right alice
  in_host systemctl --quiet is-active mcpolicyd || fail "the daemon is gone"
  ctl incidents --json | in_host jq -e '.incidents[] | select(.user == "alice")' >/dev/null ||
    fail "$(ctl incidents)"
  journald_returns
  as_user bob rm -f $TARGET
  undone bob missing-file
}
