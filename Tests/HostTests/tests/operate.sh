# shellcheck shell=bash
# Approving, switching off, granting and asking, as the people who do it would, on the hardened unit.

has_server() { in_host jq -e --arg server "$2" '.mcpServers | has($server)' "$1" >/dev/null; }
lacks_server() { ! has_server "$1" "$2"; }
alice_has() { has_server "/home/alice/$TARGET" "$1"; }

# everyone_lacks SERVER: every copy on the host goes without.
everyone_lacks() {
  local user
  for user in alice bob carol; do lacks_server "/home/$user/$TARGET" "$1" || return; done
  lacks_server $CENTRAL "$1"
}

# host_with_github: github is approved too, which the policy gives to a group that nobody is in.
host_with_github() {
  approved_host
  in_host sh -ec "jq '.mcpServers.github = {command: \"/usr/bin/gh-mcp\", args: [\"stdio\"]}' $APPROVED >/tmp/new.json"
  ctl approve /tmp/new.json --yes >/dev/null
}

# as_member GROUP USER CMD...: with that group for this command.
as_member() {
  local group=$1 user=$2
  shift 2
  in_host setpriv --reuid "$user" --regid "$user" --groups "$group" --reset-env "$@"
}

test_approve_shows_what_changes() {
  approved_host
  in_host sh -ec "jq '.mcpServers.git.args += [\"--verbose\"]' $APPROVED >/tmp/new.json"
  local shown
  shown=$(ctl approve /tmp/new.json --yes --note 'more words')
  grep -q '^server git, changed$' <<<"$shown"
  grep -q '^+ args: .*--verbose' <<<"$shown"
  ctl baseline list | grep -q 'more words'
}

test_approve_names_every_unknown_server() {
  approved_host
  in_host sh -ec "jq '.mcpServers += {one: {command: \"x\"}, two: {command: \"x\"}}' $APPROVED >/tmp/new.json"
  local shown
  shown=$(expect_exit 2 ctl approve /tmp/new.json --yes 2>&1)
  grep -q '"one" (rule: default)' <<<"$shown"
  grep -q '"two" (rule: default)' <<<"$shown"
  all_are_right
}

test_a_rollback_reaches_every_user() {
  approved_host
  in_host sh -ec "jq 'del(.mcpServers.git)' $APPROVED >/tmp/new.json"
  ctl approve /tmp/new.json --yes
  everyone_lacks git || fail "git is still there"
  ctl baseline rollback 1 --yes
  all_are_right
}

test_a_revoked_server_leaves_every_copy_at_once() {
  approved_host
  ctl revoke git --reason 'a test'
  everyone_lacks git || fail "git is still there when revoke has returned"
  in_host systemctl restart mcpolicyd
  in_host systemctl reload mcpolicyd
  sweep
  everyone_lacks git || fail "git came back"
  ctl reinstate git
  all_are_right
}

test_a_revoked_server_added_again_is_undone() {
  approved_host
  ctl revoke git
  as_user alice cp /opt/pristine/mcp.json edited.json
  as_user alice mv -f edited.json $TARGET
  wait_for journal_has '.MCPOLICY_RULE and (.MCPOLICY_RULE | index("revoked")) and .MCPOLICY_SEVERITY == ["high"]'
  wait_for lacks_server "/home/alice/$TARGET" git
}

test_what_runs_of_a_revoked_server_is_ended() {
  approved_host
  in_host sh -ec "jq '.mcpServers.git = {command: \"/usr/bin/sleep\", args: [\"4711\"]}' $APPROVED >/tmp/new.json"
  ctl approve /tmp/new.json --yes
  as_user alice sh -c 'sleep 4712 & exec /usr/bin/sleep 4711' &
  wait_for in_host pgrep -xf '/usr/bin/sleep 4711'
  ctl revoke git --json | in_host jq -e '.processes | length == 2 and all(.user == "alice" and .result == "running")
    and .[0].command_line == "[\"/usr/bin/sleep\", \"4711\"]" and .[1].started_by == .[0].pid'
  ctl revoke git --terminate --json | in_host jq -e '.processes | length == 2 and all(.result == "terminated")'
  ! in_host pgrep -xf '/usr/bin/sleep 4711' || fail "it still runs"
}

# The daemon's sandbox hides other users' processes: the record says so, and the change goes through.
test_every_change_names_who_made_it() {
  approved_host
  ctl revoke git --reason 'for the record'
  wait_for journal_has ".MESSAGE_ID == \"$(message_id server-revoked)\" and .MCPOLICY_ACTOR_UID == [\"0\"]
    and .MCPOLICY_ACTOR_NAME == [\"root\"] and (.MCPOLICY_ACTOR_PID[0] | tonumber > 1)
    and .MCPOLICY_REASON == [\"for the record\"] and .MCPOLICY_SERVER == [\"git\"]
    and ((.MCPOLICY_ACTOR_EXE // .MCPOLICY_ACTOR_EXE_UNKNOWN)[0] | length > 0)"
  in_host journalctl --quiet --catalog "MESSAGE_ID=$(message_id server-revoked)" |
    grep -q 'was switched off on this host'
}

test_a_request_is_granted_and_ends() {
  host_with_github
  ! alice_has github || fail "alice has github already"
  as_user alice mcpolicyctl request github --reason 'the migration'
  ! alice_has github || fail "a request gave it"
  expect_exit 4 as_user alice mcpolicyctl grant --request 1 --until 8h --ticket T --reason r
  ctl requests --json | in_host jq -e '.requests[0].user == "alice"'
  as_user bob mcpolicyctl requests --json | in_host jq -e '.requests == []'
  ctl grant --request 1 --until "$(date -u -d '+4 seconds' +%FT%TZ)" --ticket SEC-1 --reason reviewed
  alice_has github || fail "the grant didn't give it"
  wait_for lacks_server "/home/alice/$TARGET" github
  wait_for journal_has ".MESSAGE_ID == \"$(message_id grant-expired)\""
}

test_an_admin_grants_to_others_only() {
  host_with_github
  as_member mcpolicy-admin bob mcpolicyctl grant github --user alice --until 8h --ticket T --reason r
  alice_has github || fail "the grant didn't give it"
  expect_exit 4 as_member mcpolicy-admin bob mcpolicyctl grant github --user bob --until 8h --ticket T --reason r
  as_user bob mcpolicyctl grants --json | in_host jq -e '.grants == []'
  as_user alice mcpolicyctl grants --json | in_host jq -e '.grants | length == 1 and .[0].applies'
  as_member mcpolicy-admin bob mcpolicyctl grants end 1
  ! alice_has github || fail "it is still there"
}

# The whole table: a user, the two groups, and root.
test_the_table_of_rights() {
  host_with_github
  local line role want
  local -A as=(
    [own]='as_user alice' [audit]='as_member mcpolicy-audit alice'
    [admin]='as_member mcpolicy-admin bob' [root]='in_host')
  as_user alice mcpolicyctl request github --reason r
  ctl grant github --user bob --until 8h --ticket T --reason r
  while read -r least line; do
    for role in own audit admin root; do
      want=4
      case $least-$role in own-* | audit-audit | *-admin | *-root) want=0 ;; esac
      # shellcheck disable=SC2086
      expect_exit $want ${as[$role]} mcpolicyctl $line </dev/null
    done
  done <<'TABLE'
own status
own targets
own incidents
own grants
own requests
audit baseline list
audit baseline show
audit revocations
audit metrics
admin sweep
admin reload
admin approve /etc/mcpolicyd/mcp.json --yes
admin baseline rollback 1 --yes
admin revoke git
admin reinstate git
admin grants end 1
admin ack --all
admin resolve --all --note n
TABLE
}
