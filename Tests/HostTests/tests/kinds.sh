# shellcheck shell=bash
# Each kind of finding about a server, from a saved edit.

test_a_server_not_in_the_whitelist() {
  approved_host
  save bob '.mcpServers.evil = {command: "sh"}'
  undone bob unauthorized-server
  wait_for journal_has '.MCPOLICY_SERVER == ["evil"] and (.MCPOLICY_RULE | index("default"))'
}

test_a_server_for_others() {
  approved_host
  save bob '.mcpServers.github = {command: "uvx", args: ["github"]}'
  undone bob unauthorized-server
}

test_a_prohibited_server() {
  approved_host
  save bob '.mcpServers["web-search"] = {command: "uvx"}'
  undone bob prohibited-server
}

test_more_tools_approved() {
  approved_host
  save bob '.mcpServers["aws-docs"].autoApprove += ["anything"]'
  undone bob approval-widened
}

test_fewer_tools_disabled() {
  approved_host
  save bob '.mcpServers.git.disabledTools = []'
  undone bob approval-widened
}

test_a_server_missing() {
  approved_host
  save bob 'del(.mcpServers.git)'
  undone bob missing-server
}

test_several_findings_are_one_incident() {
  approved_host
  save bob '.mcpServers.evil = {command: "sh"} | del(.mcpServers.git)'
  undone bob unauthorized-server
  wait_for journal_has '.MCPOLICY_KIND | contains(["missing-server", "unauthorized-server"])'
}

test_a_secret_is_named_but_never_shown() {
  approved_host
  local secret=AKIAZ7Q3PX5N2M8K4J6H
  save bob ".mcpServers.git.env = {AWS_ACCESS_KEY_ID: \"$secret\"}"
  undone bob credential-exposure
  ! in_host journalctl --quiet --all --output=export | grep -F $secret || fail "the secret is in the journal"
}
