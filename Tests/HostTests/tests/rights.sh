# shellcheck shell=bash
# Who may see and do what over the control socket.

# incident_users AS: whose incidents that user sees.
incident_users() { as_user "$1" mcpolicyctl incidents --json | in_host jq -c '[.incidents[].user] | unique'; }

incident_users_are() { [[ $(incident_users "$1") == "$2" ]]; }

two_incidents() {
  approved_host
  as_user alice rm -f $TARGET
  as_user bob rm -f $TARGET
  undone alice missing-file
  undone bob missing-file
}

test_a_user_sees_only_their_own_incidents() {
  two_incidents
  wait_for incident_users_are bob '["bob"]'
}

test_a_user_sees_only_their_own_targets() {
  approved_host
  as_user bob mcpolicyctl targets --json |
    in_host jq -e '.targets | any(.user == "bob") and all(.user != "alice" and .user != "carol")'
}

test_a_user_sees_the_status() {
  approved_host
  as_user bob mcpolicyctl status --json | in_host jq -e '.state == "ok"'
}

test_a_user_may_not_change_anything() {
  approved_host
  expect_exit 4 as_user bob mcpolicyctl approve $APPROVED --yes
  expect_exit 4 as_user bob mcpolicyctl reload
}

test_an_auditor_sees_all_and_changes_nothing() {
  two_incidents
  in_host usermod -aG mcpolicy-audit carol
  wait_for incident_users carol
  incident_users carol | in_host jq -e 'contains(["alice", "bob"])'
  expect_exit 4 as_user carol mcpolicyctl approve $APPROVED --yes
  in_host gpasswd -d carol mcpolicy-audit
}

test_an_admin_may_approve() {
  approved_host
  in_host usermod -aG mcpolicy-admin carol
  as_user carol mcpolicyctl approve $APPROVED --yes
  in_host gpasswd -d carol mcpolicy-admin
}

test_root_sees_all() {
  two_incidents
  ctl incidents --json | in_host jq -e '[.incidents[] | select(.action == "restored") | .user] | contains(["alice", "bob"])'
}

test_an_incident_as_json() {
  two_incidents
  as_user bob mcpolicyctl incidents --json | in_host jq -e '.incidents | any(
    .target == "kiro" and .severity == "medium" and .action == "restored" and .mode == "enforce"
    and .findings[0].kind == "missing-file" and (.id | length > 0) and .respond_by > .discovered_at)'
}

test_without_the_daemon_exit_is_3() {
  approved_host
  in_host systemctl stop mcpolicyd
  expect_exit 3 ctl status
}
