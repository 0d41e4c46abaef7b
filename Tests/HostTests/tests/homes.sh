# shellcheck shell=bash
# Homes come and go.

test_a_new_user_gets_the_file() {
  approved_host
  in_host useradd -m dave
  wait_for is_right dave
}

test_a_new_user_is_watched() {
  approved_host
  in_host useradd -m dave
  wait_for is_right dave
  as_user dave rm -f $TARGET
  wait_for is_right dave
}

knows_not() { ctl targets --json | in_host jq -e ".targets | all(.user != \"$1\")" >/dev/null; }

test_a_removed_user_is_forgotten() {
  approved_host
  in_host useradd -m dave
  wait_for is_right dave
  in_host userdel dave
  in_host rm /home/dave/$TARGET
  sleep 0.3
  in_host test ! -e /home/dave/$TARGET || fail "a file came back in a home without an account"
  in_host rm -r /home/dave
  wait_for knows_not dave
}

test_all_users_at_once() {
  approved_host
  edited alice '.mcpServers.git.command = "sh"'
  as_user alice mv -f edited.json $TARGET &
  as_user bob rm -f $TARGET &
  as_user carol mv .kiro other &
  wait
  undone alice server-drift
  undone bob missing-file
  undone carol missing-file
}
