# shellcheck shell=bash
# A user changes the file itself, or what stands in its place.

test_saved_over_by_rename() {
  approved_host
  save alice '.mcpServers.git.command = "/tmp/evil"'
  undone alice server-drift
}

test_unlinked() {
  approved_host
  as_user alice rm -f $TARGET
  undone alice missing-file
}

test_renamed_away() {
  approved_host
  as_user alice mv $TARGET .kiro/settings/mcp.json.bak
  undone alice missing-file
}

test_moved_out_of_the_home_folder_tree() {
  approved_host
  as_user alice sh -c "mv $TARGET /tmp/alice-took-this"
  undone alice missing-file
}

test_the_user_cannot_write_in_place() {
  approved_host
  as_user alice sh -c "! echo x >>$TARGET" 2>/dev/null || fail "alice could append"
  as_user alice sh -c "! chmod 644 $TARGET" 2>/dev/null || fail "alice could change the mode"
  is_right alice
}

test_replaced_by_a_longer_copy() {
  approved_host
  as_user alice sh -ec "cp $TARGET copy; chmod 600 copy; echo '// more' >>copy; mv -f copy $TARGET"
  undone alice unreadable-config
}

test_replaced_by_a_truncated_copy() {
  approved_host
  as_user alice sh -ec "head -c 40 $TARGET >copy; mv -f copy $TARGET"
  undone alice unreadable-config
}

test_replaced_by_an_empty_file() {
  approved_host
  as_user alice sh -ec "touch empty; mv -f empty $TARGET"
  undone alice unreadable-config
}

test_the_same_bytes_owned_by_the_user() {
  approved_host
  as_user alice sh -ec "cp $TARGET copy; chmod 644 copy; mv -f copy $TARGET"
  undone alice permissions-drift
}

test_symlink_in_its_place() {
  approved_host
  as_user alice sh -ec "cp $TARGET mine.json; ln -s ~/mine.json link"
  swap_in alice link $TARGET
  undone alice path-replaced
}

test_symlink_to_a_file_of_root() {
  approved_host
  local before
  before=$(in_host stat -c '%U %a %Z' /etc/shadow)
  as_user alice ln -s /etc/shadow link
  swap_in alice link $TARGET
  undone alice path-replaced
  [[ $(in_host stat -c '%U %a %Z' /etc/shadow) == "$before" ]] || fail "the daemon went through the symlink"
}

test_directory_in_its_place() {
  approved_host
  as_user alice mkdir -p folder/within
  swap_in alice folder $TARGET
  undone alice path-replaced
}

test_fifo_in_its_place() {
  approved_host
  as_user alice mkfifo pipe
  swap_in alice pipe $TARGET
  undone alice path-replaced
}

test_hard_link_in_its_place() {
  approved_host
  as_user alice sh -ec "cp $TARGET one; chmod 600 one; ln one two; mv -f two $TARGET"
  undone alice path-replaced
}
