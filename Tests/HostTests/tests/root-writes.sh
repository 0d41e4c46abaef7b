# shellcheck shell=bash
# Only root can write a read-only target in place; a careless script of root's does.

readonly ALICE=/home/alice/$TARGET

test_overwritten_in_place() {
  approved_host
  edited alice '.mcpServers.evil = {command: "sh"}'
  overwrite alice in_host
  undone alice unauthorized-server
}

test_appended_to() {
  approved_host
  in_host sh -c "echo '// more' >>$ALICE"
  undone alice unreadable-config
}

test_truncated() {
  approved_host
  in_host truncate --size=0 $ALICE
  undone alice unreadable-config
}

test_mode_changed() {
  approved_host
  in_host chmod 666 $ALICE
  undone alice permissions-drift
}

test_owner_changed() {
  approved_host
  in_host chown alice: $ALICE
  undone alice permissions-drift
}

test_folder_given_to_another_user() {
  approved_host
  in_host chown bob: /home/alice/.kiro/settings
  wait_for is_right alice
}
