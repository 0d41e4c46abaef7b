# shellcheck shell=bash
# Observe mode, and the other two kinds of access.

# snapshot USER: everything that a write, rename, chmod or unlink below the home would change.
snapshot() { in_host find "/home/$1" -printf '%p %i %y %U %m %n %s %T@ %C@\n' | sort; }

test_observe_reports_and_touches_nothing() {
  approved_host
  set_policy observe read-only
  in_host systemctl reload mcpolicyd
  save alice '.mcpServers.evil = {command: "sh"}'
  local before
  before=$(snapshot alice)
  wait_for has_incident /home/alice/$TARGET unauthorized-server reported
  journal_has '.MCPOLICY_MODE == ["observe"]'
  sweep
  [[ $(snapshot alice) == "$before" ]] || fail "something below the home was changed"
}

reports() { journal | in_host jq -s 'map(select(.MCPOLICY_INCIDENT and .MCPOLICY_USER == ["alice"])) | length'; }

test_observe_reports_a_drift_once() {
  approved_host
  set_policy observe read-only
  in_host systemctl reload mcpolicyd
  save alice '.mcpServers.evil = {command: "sh"}'
  wait_for has_incident /home/alice/$TARGET unauthorized-server reported
  local before
  before=$(reports)
  for _ in 1 2 3; do sweep; done
  sleep 0.2
  [[ $(reports) == "$before" ]] || fail "every sweep reports it again"
}

test_back_to_enforce_puts_it_right() {
  approved_host
  set_policy observe read-only
  in_host systemctl reload mcpolicyd
  as_user alice rm -f $TARGET
  wait_for has_incident /home/alice/$TARGET missing-file reported
  set_policy enforce read-only
  in_host systemctl reload mcpolicyd
  wait_for is_right alice
}

is_alices_own() { file_is /home/alice/$TARGET 'regular file alice 600 1' && is_approved /home/alice/$TARGET; }

user_writable_host() {
  approved_host
  set_policy enforce user-writable
  in_host systemctl reload mcpolicyd
  wait_for is_alices_own
}

test_user_writable_belongs_to_the_user() {
  user_writable_host
}

test_user_writable_overwritten_in_place() {
  user_writable_host
  edited alice '.mcpServers.evil = {command: "sh"}'
  overwrite alice as_user alice
  wait_for has_incident /home/alice/$TARGET unauthorized-server restored
  wait_for is_alices_own
}

test_user_writable_appended_to() {
  user_writable_host
  as_user alice sh -c "echo more >>$TARGET"
  wait_for has_incident /home/alice/$TARGET unreadable-config restored
  wait_for is_alices_own
}

test_user_writable_truncated() {
  user_writable_host
  as_user alice truncate --size=10 $TARGET
  wait_for has_incident /home/alice/$TARGET unreadable-config restored
  wait_for is_alices_own
}

is_a_link() { [[ $(in_host readlink /home/alice/$TARGET) == "$CENTRAL" ]]; }

test_link_points_to_the_central_target() {
  approved_host
  set_policy enforce link
  in_host systemctl reload mcpolicyd
  wait_for is_a_link
  as_user alice sh -ec "jq . $CENTRAL >mine; mv -f mine $TARGET"
  wait_for is_a_link
  as_user alice jq -e .mcpServers.git $TARGET
}
