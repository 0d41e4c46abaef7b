# shellcheck shell=bash
# From a fresh package to an approved host.

is_unprovisioned() { [[ $(ctl status --json | in_host jq -r .state) == unprovisioned ]]; }

test_starts_unprovisioned_and_touches_nothing() {
  unprovisioned_host
  is_unprovisioned || fail "status isn't unprovisioned"
  in_host sh -c '! ls -d /home/*/.kiro /etc/kiro/mcp.json 2>/dev/null' || fail "it touched a target"
}

test_says_in_the_journal_that_it_is_unprovisioned() {
  approved_host
  in_host sh -c 'systemctl stop mcpolicyd && rm -rf /var/lib/mcpolicyd/baseline/* && systemctl start mcpolicyd'
  wait_for journal_has ".MESSAGE_ID == \"$(message_id daemon-unprovisioned)\""
}

test_approve_gives_every_user_the_file() {
  unprovisioned_host
  ctl approve $APPROVED --yes
  all_are_right
  in_host cmp $APPROVED /home/alice/$TARGET
}

test_approve_makes_the_status_ok() {
  approved_host
  wait_for status_is '.state == "ok" and .mode == "enforce" and .targets.drifted == 0
    and .targets.total == .targets.compliant and .targets.total == 4'
}

status_is() { ctl status --json | in_host jq -e "$1" >/dev/null; }

test_approve_keeps_what_it_adopted() {
  approved_host
  local digest
  digest=$(ctl digest $APPROVED --json | in_host jq -r '.files[0].canonical_sha256')
  status_is ".baseline.canonical_sha256 == \"$digest\""
}

test_a_pin_needs_no_hand() {
  unprovisioned_host
  set_policy enforce read-only "$(ctl digest $APPROVED --json | in_host jq -r '.files[0].canonical_sha256')"
  in_host systemctl restart mcpolicyd
  all_are_right
}

test_a_changed_approved_file_is_not_adopted_by_itself() {
  approved_host
  in_host sh -ec "jq 'del(.mcpServers.git)' $APPROVED >/tmp/new; cat /tmp/new >$APPROVED"
  in_host systemctl restart mcpolicyd
  in_host jq -e .mcpServers.git /home/alice/$TARGET >/dev/null || fail "the stored baseline was left"
}

test_a_new_approval_reaches_every_user() {
  approved_host
  in_host sh -ec "jq 'del(.mcpServers.git)' $APPROVED >/tmp/new; cat /tmp/new >$APPROVED"
  ctl approve $APPROVED --yes
  all_are_right
}

test_a_broken_approved_file_leaves_the_stored_baseline() {
  approved_host
  in_host sh -c "echo '{' >$APPROVED"
  in_host systemctl restart mcpolicyd
  as_user alice rm -f $TARGET
  wait_for in_host jq -e .mcpServers.git /home/alice/$TARGET
}
