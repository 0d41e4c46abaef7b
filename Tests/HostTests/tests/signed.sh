# shellcheck shell=bash
# Approved by a signature that is made at a desk, here the machine that runs the tests.

readonly SIGNATURE=$APPROVED.sig

# trusting_host: unprovisioned, with a policy that trusts the desk's key.
trusting_host() {
  unprovisioned_host
  in_host rm -f "$SIGNATURE"
  [[ -f $HOST_DIR/desk ]] || ssh-keygen -q -t ed25519 -N '' -C desk -f "$HOST_DIR/desk"
  trust '.'
}

# trust JQ: the policy that trusts the key, as JQ changes its "approved"; taken into force.
trust() {
  set_policy enforce read-only
  in_host sh -ec '
    jq --arg key "$1" "$2" "$3" >/tmp/policy
    cat /tmp/policy >"$3"' sh "$(<"$HOST_DIR/desk.pub")" \
    ".approved |= (.trust = [{principal: \"desk@bank.example\", key: \$key}] | $1)" "$POLICY"
  in_host systemctl reload mcpolicyd
}

# deploy SERIAL [JQ]: what was shipped, as JQ changes it, signed and put in place.
deploy() {
  in_host jq --argjson serial "$1" "${2:-.} | .mcpolicyd = {serial: \$serial}" \
    /opt/pristine/mcp.json >"$HOST_DIR/mcp.json"
  rm -f "$HOST_DIR/mcp.json.sig"
  ssh-keygen -q -Y sign -n mcpolicyd -f "$HOST_DIR/desk" "$HOST_DIR/mcp.json"
  put "$SIGNATURE" <"$HOST_DIR/mcp.json.sig"
  put "$APPROVED" <"$HOST_DIR/mcp.json"
}

# put FILE: the standard input, by rename.
put() { in_host sh -ec 'cat >"$1.new"; chmod 644 "$1.new"; mv "$1.new" "$1"' sh "$1"; }

has_serial() { in_host jq -e ".mcpolicyd.serial == $1" "/home/alice/$TARGET" >/dev/null 2>&1; }

# refused REASON: with an incident, and nobody's file was touched.
refused() {
  wait_for has_incident $APPROVED baseline-tampered reported
  journal_has '(.MESSAGE // "") | contains($reason)' --arg reason "$1" || fail "no word of $1"
}

test_a_signed_file_is_adopted_when_it_appears() {
  trusting_host
  deploy 1
  all_are_right
  deploy 2 'del(.mcpServers.git)'
  wait_for has_serial 2
  all_are_right
  wait_for journal_has '.MCPOLICY_CHANGE == ["baseline-approved"] and .MCPOLICY_SERIAL == ["2"]
    and .MCPOLICY_SIGNER == ["desk@bank.example"]'
  ctl approve --sign-check $APPROVED
  ! journal_has .MCPOLICY_INCIDENT || fail "an approval is an incident"
}

test_a_signed_file_is_adopted_at_a_start() {
  trusting_host
  in_host systemctl stop mcpolicyd
  deploy 1
  in_host systemctl start mcpolicyd
  all_are_right
}

test_an_older_signed_file_is_refused() {
  trusting_host
  deploy 2
  wait_for has_serial 2
  deploy 1
  refused 'older than 2'
  expect_exit 1 ctl approve --sign-check $APPROVED
  in_host systemctl restart mcpolicyd
  sweep
  has_serial 2 || fail "the older one was put back"
}

test_a_revoked_key_approves_nothing_more() {
  trusting_host
  deploy 1
  wait_for has_serial 1
  # shellcheck disable=SC2016
  trust '.revoked = [$key]'
  has_serial 1 || fail "what was adopted before is gone"
  deploy 2
  refused 'its key is revoked'
  has_serial 1 || fail "it was adopted"
}
