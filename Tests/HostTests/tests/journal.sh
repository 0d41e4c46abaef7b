# shellcheck shell=bash
# What an operator finds in the journal.

test_an_incident_has_every_field() {
  approved_host
  save alice '.mcpServers.evil = {command: "sh"}'
  undone alice unauthorized-server
  journal_has '.MESSAGE_ID == $id and .PRIORITY == "3"
    and .MCPOLICY_SEVERITY == ["high"] and .MCPOLICY_TARGET == ["kiro"]
    and .MCPOLICY_USER == ["alice"] and .MCPOLICY_UID == [$uid]
    and .MCPOLICY_SERVER == ["evil"] and (.MCPOLICY_RULE | index("default")) and .MCPOLICY_MODE == ["enforce"]
    and (.MCPOLICY_SHA256_EXPECTED[0] | test("^[0-9a-f]{64}$"))
    and (.MCPOLICY_SHA256_FOUND[0] | test("^[0-9a-f]{64}$"))
    and (.MCPOLICY_LATENCY_USEC[0] | test("^[0-9]+$")) and (.MCPOLICY_GENERATION[0] | test("^[0-9]+$"))
    and (.MCPOLICY_COUNT[0] | test("^[0-9]+$")) and (.MCPOLICY_RESPOND_BY[0] | test("^20[0-9]{2}-"))' \
    --arg id "$(message_id unauthorized-server)" --arg uid "$(in_host id -u alice)" || fail "$(journal)"
}

test_priority_follows_severity() {
  approved_host
  as_user alice rm -f $TARGET
  in_host chmod 600 /home/bob/$TARGET
  wait_for journal_has '.MCPOLICY_USER == ["alice"] and .PRIORITY == "4"'
  wait_for journal_has '.MCPOLICY_USER == ["bob"] and .PRIORITY == "5"'
}

test_journalctl_x_explains() {
  approved_host
  as_user alice rm -f $TARGET
  undone alice missing-file
  in_host journalctl --quiet --catalog --lines=1 MESSAGE_ID="$(message_id missing-file)" |
    grep -F "Subject: /home/alice/$TARGET was gone"
}

test_every_kind_has_a_catalog_entry() {
  local kind id
  while read -r kind id; do
    in_host journalctl --dump-catalog "$id" | grep '^Subject: ' || fail "$kind"
  done <"$REPO/systemd/message-ids.tsv"
}

test_says_that_it_started() {
  approved_host
  in_host systemctl restart mcpolicyd
  wait_for journal_has ".MESSAGE_ID == \"$(message_id daemon-started)\""
}

test_says_that_a_configuration_was_approved() {
  unprovisioned_host
  ctl approve $APPROVED --yes
  wait_for journal_has ".MESSAGE_ID == \"$(message_id baseline-approved)\""
}

test_evidence_holds_the_rejected_bytes() {
  approved_host
  edited alice '.mcpServers.evil = {command: "sh"}'
  local digest evidence
  digest=$(as_user alice sha256sum edited.json | cut -c1-64)
  as_user alice mv -f edited.json $TARGET
  undone alice unauthorized-server
  evidence=/var/lib/mcpolicyd/evidence/$(journal | in_host jq -r '.MCPOLICY_EVIDENCE[0] // empty')
  [[ $(in_host sha256sum "$evidence" | cut -c1-64) == "$digest" ]] || fail "evidence: $evidence"
  ! as_user alice cat "$evidence" 2>/dev/null || fail "alice can read it"
}

# has_escape: a raw ESC, which a terminal would obey, stands in the input.
has_escape() { LC_ALL=C grep --text $'\e' >/dev/null; }

test_a_hostile_name_reaches_no_terminal() {
  approved_host
  save alice '.mcpServers["\u001b[2J\u001b]0;owned\u0007\nfake"] = {command: "sh"}'
  undone alice unauthorized-server
  save alice '.mcpServers.git["\u001b[2Jkey"] = "\u001b[2Jvalue"'
  undone alice server-drift
  ! in_host journalctl --quiet --catalog --after-cursor="$CURSOR" | has_escape || fail "journalctl -x"
  ! ctl incidents | has_escape || fail "mcpolicyctl incidents"
}
