# shellcheck shell=bash
# What becomes of incidents, and the metrics, on the hardened unit.

readonly TEXTFILES=/var/lib/prometheus/node-exporter

# drifted USER: one incident of theirs; prints its id.
drifted() {
  as_user "$1" rm -f $TARGET
  undone "$1" missing-file
  ctl incidents --user "$1" --json | in_host jq -er '.incidents[0].id'
}

state_of() { ctl incidents --json | in_host jq -er --arg id "$1" '.incidents[] | select(.id == $id).state'; }

test_a_response_outlasts_a_restart() {
  approved_host
  local taken closed
  taken=$(drifted alice)
  closed=$(drifted bob)
  [[ $(state_of "$taken") == open ]] || fail "$(ctl incidents)"
  ctl ack "$taken" --note 'it is mine'
  ctl resolve "$closed" --note 'asked bob'
  [[ $(state_of "$taken") == acknowledged && $(state_of "$closed") == resolved ]] || fail "$(ctl incidents)"
  wait_for journal_has ".MESSAGE_ID == \"$(message_id incident-acknowledged)\" and .MCPOLICY_INCIDENT == [\"$taken\"]
    and .MCPOLICY_NOTE == [\"it is mine\"] and .MCPOLICY_ACTOR_NAME == [\"root\"]"
  in_host journalctl --quiet --catalog "MESSAGE_ID=$(message_id incident-resolved)" |
    grep -F "Subject: Incident $closed was resolved"
  in_host systemctl restart mcpolicyd
  ctl status --json | in_host jq -e '.incidents.acknowledged == 1 and .incidents.awaiting == 0'
  # The journal has the incident, and the daemon what became of it.
  ctl explain "$taken" | tee /dev/stderr | grep -F 'it is mine'
  ctl explain "$taken" --json | in_host jq -e '.source == "journal" and .incident.action == "restored" and .incident.state == "acknowledged"'
  [[ $(in_host stat -c '%U %a' /var/lib/mcpolicyd/incidents/life.jsonl) == 'mcpolicyd 600' ]]
}

test_who_may_respond_and_count() {
  approved_host
  local id
  id=$(drifted alice)
  expect_exit 4 as_user alice mcpolicyctl ack "$id"
  expect_exit 4 as_member mcpolicy-audit alice mcpolicyctl ack "$id"
  expect_exit 4 as_user alice mcpolicyctl metrics >/dev/null
  as_member mcpolicy-audit alice mcpolicyctl metrics | grep -x '# EOF'
  as_member mcpolicy-admin bob mcpolicyctl ack --all --user alice
  as_user alice mcpolicyctl explain "$id" | grep -F 'by bob (uid '
  ! as_user carol mcpolicyctl explain "$id" 2>/dev/null || fail "carol sees it"
}

# with_metrics_file: the policy names one.
with_metrics_file() {
  in_host sh -ec "mkdir -p $TEXTFILES
    sed -i 's|^  \"version\": 1,|&\n  \"metrics_file\": \"$TEXTFILES/mcpolicyd.prom\",|' $POLICY"
}

test_metrics_reach_the_collectors_folder() {
  approved_host
  in_host sh -ec "mkdir -p /run/systemd/system/mcpolicyd.service.d
    printf '[Service]\nReadWritePaths=$TEXTFILES\n' >/run/systemd/system/mcpolicyd.service.d/metrics.conf
    mkdir -p $TEXTFILES; systemctl daemon-reload"
  with_metrics_file
  in_host systemctl restart mcpolicyd
  wait_for in_host grep -qx 'mcpolicyd_targets{state="compliant"} 4' $TEXTFILES/mcpolicyd.prom
  [[ $(in_host stat -c %a $TEXTFILES/mcpolicyd.prom) == 644 ]]
  ctl status --json | in_host jq -e '.problems == []'
  in_host systemctl stop mcpolicyd
  ! in_host test -e $TEXTFILES/mcpolicyd.prom || fail "it stays"
}

test_metrics_that_the_sandbox_forbids_are_said() {
  approved_host
  with_metrics_file
  in_host systemctl reload mcpolicyd
  wait_for said_unwritable
  as_user alice rm -f $TARGET
  undone alice missing-file
}

said_unwritable() { ctl status | grep -q "metrics can't be written: .*Read-only file system"; }
