# shellcheck shell=bash
# A user changes the folders above the file.

test_settings_renamed() {
  approved_host
  as_user alice mv .kiro/settings .kiro/other
  undone alice missing-file
}

test_kiro_renamed() {
  approved_host
  as_user alice mv .kiro other
  undone alice missing-file
}

test_kiro_removed() {
  approved_host
  as_user alice sh -c 'mv .kiro other && rm -rf other'
  undone alice missing-file
}

test_kiro_removed_and_made_anew() {
  approved_host
  as_user alice mkdir new
  swap_in alice new .kiro
  undone alice missing-file
}

test_kiro_replaced_by_a_folder_with_another_file() {
  approved_host
  edited alice '.mcpServers["web-search"] = {command: "uvx"}'
  as_user alice sh -ec 'mkdir -p new/settings; mv edited.json new/settings/mcp.json'
  swap_in alice new .kiro
  undone alice prohibited-server
}

test_kiro_replaced_by_a_symlink() {
  approved_host
  as_user alice sh -ec 'cp -r .kiro mine; ln -s mine link'
  swap_in alice link .kiro
  undone alice path-replaced
}

test_settings_replaced_by_a_symlink() {
  approved_host
  as_user alice sh -ec 'cp -r .kiro/settings mine; ln -s ~/mine link'
  swap_in alice link .kiro/settings
  undone alice path-replaced
}

test_settings_replaced_by_a_file() {
  approved_host
  as_user alice touch file
  swap_in alice file .kiro/settings
  undone alice path-replaced
}

test_settings_replaced_by_a_folder_with_another_file() {
  approved_host
  edited alice '.mcpServers.git.args += ["--evil"]'
  as_user alice sh -ec 'mkdir new; mv edited.json new/mcp.json'
  swap_in alice new .kiro/settings
  undone alice server-drift
}

test_a_folder_made_anew_is_watched() {
  approved_host
  as_user alice mkdir new
  swap_in alice new .kiro
  undone alice missing-file
  as_user alice rm -f $TARGET
  wait_for is_right alice
}

test_a_symlink_into_another_home_changes_nothing_there() {
  approved_host
  as_user bob sh -ec 'mkdir -m 755 open; echo mine >open/mcp.json'
  in_host chmod 755 /home/bob
  as_user alice ln -s /home/bob/open link
  swap_in alice link .kiro/settings
  undone alice path-replaced
  [[ $(in_host cat /home/bob/open/mcp.json) == mine ]] || fail "bob's file was changed"
}
