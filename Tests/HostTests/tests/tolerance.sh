# shellcheck shell=bash
# What a user may do: it stays as it is.

# kept USER: edited.json, saved by rename, becomes root's file and keeps its bytes.
kept() {
  local digest
  digest=$(as_user "$1" sha256sum edited.json | cut -c1-64)
  as_user "$1" mv -f edited.json $TARGET
  wait_for file_is "/home/$1/$TARGET" 'regular file root 444 1'
  sweep
  [[ $(in_host sha256sum "/home/$1/$TARGET" | cut -c1-64) == "$digest" ]] || fail "the user's bytes are gone"
  ! journal_has '.MCPOLICY_PATH == [$path] and .MCPOLICY_KIND != ["permissions-drift"]' \
    --arg path "/home/$1/$TARGET" || fail "an incident about the content"
}

test_reformatted() {
  approved_host
  as_user carol sh -ec "jq --indent 7 . $TARGET >edited.json"
  kept carol
}

test_keys_in_another_order() {
  approved_host
  as_user carol sh -ec "jq --sort-keys --compact-output . $TARGET >edited.json"
  kept carol
}

test_a_server_switched_off() {
  approved_host
  edited carol '.mcpServers.git.disabled = true'
  kept carol
}

test_fewer_tools_approved() {
  approved_host
  edited carol '.mcpServers["aws-docs"].autoApprove = [] | .mcpServers.git.disabledTools += ["git_commit"]'
  kept carol
}

test_switched_on_again_is_right() {
  approved_host
  edited carol '.mcpServers.git.disabled = true'
  kept carol
  save carol '.mcpServers.git.disabled = false'
  wait_for is_right carol
}
