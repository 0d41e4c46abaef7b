# shellcheck shell=bash
# What a user and an operator follow as it happens.

# in_background USER NAME CMD...: it writes to /tmp/NAME on the host, until the test ends it.
in_background() {
  local user=$1 name=$2
  shift 2
  as_user "$user" sh -c "exec timeout 60 $* >/tmp/$name 2>&1" &
}

end_background() { in_host pkill -x "$1" || true; }

test_a_user_watches_their_own_incidents() {
  approved_host
  in_host rm -f /tmp/watched
  in_background alice watched mcpolicyctl watch
  # Told is only who follows already.
  watched() {
    as_user alice rm -f $TARGET
    sleep 0.2
    in_host grep -q missing-file /tmp/watched
  }
  wait_for watched
  as_user bob rm -f $TARGET
  undone bob missing-file
  end_background mcpolicyctl
  wait
  ! in_host grep -F /home/bob /tmp/watched || fail "alice is told of bob"
  ! in_host grep -q "$(printf '\033')" /tmp/watched || fail "colour without a terminal"
}

test_observing_tells_what_enforcing_would_have_restored() {
  approved_host
  set_policy observe read-only
  in_host systemctl reload mcpolicyd
  save alice '.mcpServers.evil = {command: "sh"}'
  wait_for has_incident /home/alice/$TARGET unauthorized-server reported
  ctl report --would | tee /dev/stderr | grep -F "/home/alice/$TARGET"
  ctl report --would --json | in_host jq -e '.would | length == 1 and .[0].user == "alice" and .[0].stands'
}

test_one_targets_user_is_picked_out() {
  approved_host
  ctl targets --user bob | grep -F "/home/bob/$TARGET"
  ! ctl targets --user bob | grep -F /home/alice || fail "alice's target is shown, too"
  ctl targets --json | in_host jq -e '.targets | length == 4'
}

test_a_user_is_told_on_their_desktop() {
  in_host sh -c 'command -v python3' >/dev/null || skip "the host has no Python"
  give_python_package jeepney
  approved_host
  in_host rm -rf /tmp/notices /tmp/desktop
  in_host install -d -o alice /tmp/desktop
  in_host tee /tmp/desktop/notices.py <"$HOST_TESTS/notices.py" >/dev/null
  local bus=unix:path=/tmp/desktop/bus
  as_user alice dbus-daemon --session --fork --address=$bus
  in_background alice notices env PYTHONPATH=/opt/jeepney python3 /tmp/desktop/notices.py $bus
  wait_for in_host grep -q ready /tmp/notices
  in_background alice notifier env DBUS_SESSION_BUS_ADDRESS=$bus mcpolicyctl watch --notify
  noticed() {
    as_user alice rm -f $TARGET
    sleep 0.2
    in_host grep -q summary /tmp/notices
  }
  wait_for noticed
  # The same again within the hour is no second notice; another user's is none at all.
  as_user bob rm -f $TARGET
  undone bob missing-file
  sleep 0.5
  end_background mcpolicyctl
  in_host pkill -f notices.py || true
  in_host pkill -f $bus || true
  wait
  in_host grep summary /tmp/notices | in_host jq -es 'length == 1 and .[0].program == "mcpolicyd"
    and (.[0].body | contains("/home/alice/'$TARGET'"))'
}
