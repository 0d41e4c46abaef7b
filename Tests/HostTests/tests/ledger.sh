# shellcheck shell=bash
# The ledger under the hardened unit, and what the journal says of it.

readonly LEDGER=/var/lib/mcpolicyd/ledger

# fresh_ledger: no heads of earlier tests' ledgers are left in the journal, nor the one that a stop writes.
fresh_ledger() {
  in_host systemctl stop mcpolicyd
  in_host sh -c 'journalctl --sync && journalctl --rotate && journalctl --vacuum-time=1us' >/dev/null 2>&1
  approved_host
}

ledger_has() {
  in_host sh -c "zcat -f $LEDGER/*.jsonl*" | in_host jq -es "any(.[]; $1)" >/dev/null
}

heads_in_journal() {
  in_host journalctl --quiet --output=cat -u mcpolicyd \
    --output-fields=MCPOLICY_LEDGER_SEQ MESSAGE_ID="$(message_id ledger-head)" | grep -c .
}

test_ledger_is_whole_and_anchored_in_the_journal() {
  fresh_ledger
  save alice '.mcpServers.evil = {command: "sh"}'
  undone alice unauthorized-server
  wait_for ledger_has '.kind == "incident" and .data.user == "alice"'
  in_host systemctl restart mcpolicyd
  ledger_has '.kind == "stop" and .data.reason == "SIGTERM"'
  wait_for ledger_has '.kind == "start" and .seq > 1'
  (($(heads_in_journal) > 0)) || fail "no head in the journal"
  ctl ledger verify --journal
  ctl ledger verify --journal --json | in_host jq -e '.intact and .anchors > 0'
  # One letter of a user's name.
  in_host systemctl stop mcpolicyd
  in_host sh -c "sed -i '0,/\"user\": \"alice\"/s//\"user\": \"alicf\"/' $LEDGER/*.jsonl"
  expect_exit 1 ctl ledger verify
}

test_ledger_written_anew_is_found_by_the_journal() {
  fresh_ledger
  in_host systemctl stop mcpolicyd
  (($(heads_in_journal) > 0)) || fail "no head in the journal"
  # With all that the daemon would know it by.
  in_host sh -c "rm -rf $LEDGER/* $LEDGER-mark /var/lib/mcpolicyd/rolled-out* /var/lib/mcpolicyd/incidents/*"
  in_host systemctl start mcpolicyd
  wait_for ledger_has '.kind == "start"'
  in_host systemctl stop mcpolicyd
  ctl ledger verify
  expect_exit 1 ctl ledger verify --journal
}

test_wiped_ledger_is_an_incident() {
  fresh_ledger
  in_host systemctl stop mcpolicyd
  in_host sh -c "rm $LEDGER/*"
  expect_exit 1 ctl ledger verify
  in_host systemctl start mcpolicyd
  wait_for ledger_has '.kind == "start" and (.data.complaint | contains("it has no record"))'
  ctl status --json | in_host jq -e '.state == "degraded"'
  expect_exit 1 ctl ledger verify
}

test_ledger_is_for_auditors() {
  fresh_ledger
  in_host useradd --create-home --groups mcpolicy-audit auditor
  wait_for is_right auditor
  as_user auditor mcpolicyctl ledger show | in_host jq -es 'length > 2 and .[0].kind == "start"'
  expect_exit 4 as_user auditor mcpolicyctl ledger verify
  expect_exit 4 as_user bob mcpolicyctl ledger show
  [[ $(in_host stat -c '%U %a' $LEDGER/head) == 'mcpolicyd 600' ]] || fail "$(in_host ls -l $LEDGER)"
}
