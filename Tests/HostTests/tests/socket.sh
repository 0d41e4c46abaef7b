# shellcheck shell=bash
# The control socket is systemd's: what is asked while the daemon starts anew is answered.

readonly ASKED=/tmp/asked

# asking USER: again and again until told to end; counts the questions, and writes what wasn't answered.
asking() {
  as_user "$1" sh -c "
    count=0
    while [ ! -e $ASKED.stop ]; do
      mcpolicyctl status --json >/dev/null 2>>$ASKED.errors || echo \"exit \$?\" >>$ASKED.errors
      count=\$((count + 1))
    done
    echo \$count >$ASKED.count" &
}

# asked_while CMD...: the command runs while a user asks, and every question is answered.
asked_while() {
  in_host sh -c "rm -f $ASKED.*"
  asking alice
  local asker=$!
  sleep 0.3
  "$@"
  sleep 0.3
  in_host touch $ASKED.stop
  wait $asker
  echo "asked $(in_host cat $ASKED.count) times"
  ! in_host test -s $ASKED.errors || fail "$(in_host cat $ASKED.errors)"
}

restart_often() {
  for _ in {1..5}; do
    in_host systemctl restart mcpolicyd
    sleep 0.3
  done
}

kill_often() {
  local pid
  for _ in {1..4}; do
    pid=$(main_pid)
    in_host kill -KILL "$pid"
    wait_for has_other_pid "$pid"
    wait_for in_host systemctl --quiet is-active mcpolicyd
  done
}

test_questions_during_a_restart_are_answered() {
  approved_host
  asked_while restart_often
}

test_questions_after_a_kill_are_answered() {
  approved_host
  asked_while kill_often
}

test_the_socket_is_systemds() {
  approved_host
  [[ $(in_host systemctl show --property=ActiveState,SubState mcpolicyd.socket | tr '\n' ' ') == \
    'ActiveState=active SubState=running ' ]]
  file_is /run/mcpolicyd/control.sock 'socket mcpolicyd 666 1' || file_is /run/mcpolicyd/control.sock 'socket root 666 1'
  local inode
  inode=$(in_host stat -c %i /run/mcpolicyd/control.sock)
  in_host systemctl restart mcpolicyd
  [[ $(in_host stat -c %i /run/mcpolicyd/control.sock) == "$inode" ]] || fail "a restart made another socket"
}

# Who stops the daemon has stopped it, whoever asks.
test_a_stopped_daemon_stays_stopped() {
  approved_host
  in_host systemctl stop mcpolicyd
  expect_exit 3 as_user alice mcpolicyctl status
  expect_exit 3 ctl status
  ! in_host systemctl --quiet is-active mcpolicyd mcpolicyd.socket || fail "it came back"
  ! in_host test -e /run/mcpolicyd/control.sock || fail "the socket stays"
  in_host systemctl start mcpolicyd
  ctl status >/dev/null
}

# With a broken policy nobody waits in vain, and no question starts it again and again.
test_a_broken_policy_keeps_nobody_waiting() {
  approved_host
  in_host sh -c "cp $POLICY /tmp/policy; echo '{' >$POLICY"
  ! in_host systemctl restart mcpolicyd 2>/dev/null || fail "it started"
  for _ in {1..5}; do expect_exit 3 as_user alice timeout 5 mcpolicyctl status; done
  local tries
  tries=$(journal | in_host jq -s 'map(select(.MESSAGE | tostring | test("policy.json:2:1: "))) | length')
  ((tries == 1)) || fail "$tries starts"
  in_host cp /tmp/policy "$POLICY"
  in_host systemctl start mcpolicyd
  as_user alice mcpolicyctl status >/dev/null
}

# The same while many ask.
test_a_broken_policy_turns_away_who_waits() {
  approved_host
  in_host sh -c "cp $POLICY /tmp/policy; echo '{' >$POLICY; rm -f $ASKED.*"
  asking alice
  local asker=$!
  sleep 0.3
  ! in_host systemctl restart mcpolicyd 2>/dev/null || fail "it started"
  sleep 0.5
  in_host touch $ASKED.stop
  wait $asker
  in_host grep -qx 'exit 3' $ASKED.errors
  ! in_host grep '^exit [^3]' $ASKED.errors || fail "another exit"
  ! in_host systemctl --quiet is-active mcpolicyd.socket || fail "the socket stays"
  in_host cp /tmp/policy "$POLICY"
}

# A daemon of before there was a socket unit listens by itself; an upgrade brings it the socket.
test_an_upgrade_brings_the_socket() {
  approved_host
  in_host sh -ec 'systemctl stop mcpolicyd; systemctl --quiet mask --runtime mcpolicyd.socket; systemctl start mcpolicyd'
  local answered=0
  as_user alice mcpolicyctl status >/dev/null || answered=$?
  in_host sh -ec 'systemctl --quiet unmask --runtime mcpolicyd.socket; systemctl daemon-reload; systemctl restart mcpolicyd'
  ((answered == 0)) || fail "exit $answered"
  in_host systemctl --quiet is-active mcpolicyd.socket || fail "no socket"
  in_host grep -zq ^LISTEN_FDS=1 "/proc/$(main_pid)/environ" || fail "it wasn't passed"
  as_user alice mcpolicyctl status >/dev/null
}
