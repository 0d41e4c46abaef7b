# shellcheck shell=bash
# The central target, which only root can change.

central_undone() {
  wait_for central_is_right
  wait_for has_incident $CENTRAL "$1" restored
}

test_changed_by_root() {
  approved_host
  in_host sh -c "echo '{}' >$CENTRAL"
  central_undone baseline-tampered
}

test_saved_over_by_root() {
  approved_host
  in_host sh -ec "jq '.mcpServers.git.command = \"sh\"' $APPROVED >/etc/kiro/new; mv /etc/kiro/new $CENTRAL"
  central_undone baseline-tampered
}

test_removed_by_root() {
  approved_host
  in_host rm $CENTRAL
  central_undone missing-file
}

test_mode_changed_by_root() {
  approved_host
  in_host chmod 600 $CENTRAL
  central_undone permissions-drift
}
