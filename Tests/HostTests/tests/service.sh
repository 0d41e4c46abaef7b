# shellcheck shell=bash
# The unit: start, stop, crash, reload, and what it is allowed.

test_tampered_while_stopped_is_found_at_start() {
  approved_host
  in_host systemctl stop mcpolicyd
  save alice '.mcpServers.git.command = "sh"'
  as_user bob rm -f $TARGET
  in_host systemctl start mcpolicyd
  undone alice server-drift
  undone bob missing-file
}

test_stop_leaves_the_files() {
  approved_host
  in_host systemctl stop mcpolicyd
  local user
  for user in alice bob carol; do is_right "$user" || fail "stopping changed the file of $user"; done
  central_is_right
}

test_killed_is_restarted_and_right() {
  approved_host
  local pid
  pid=$(main_pid)
  edited alice '.mcpServers.git.command = "sh"'
  in_host kill -KILL "$pid"
  as_user alice mv -f edited.json $TARGET
  wait_for has_other_pid "$pid"
  undone alice server-drift
  as_user bob rm -f $TARGET
  undone bob missing-file
}

test_killed_many_times_is_still_restarted() {
  approved_host
  local pid
  for _ in {1..8}; do
    pid=$(main_pid)
    in_host kill -KILL "$pid"
    wait_for has_other_pid "$pid"
  done
  wait_for in_host systemctl --quiet is-active mcpolicyd
}

test_a_stuck_daemon_is_restarted_by_the_watchdog() {
  approved_host
  in_host sh -ec 'mkdir -p /run/systemd/system/mcpolicyd.service.d
    printf "[Service]\nWatchdogSec=1s\nTimeoutAbortSec=1s\n" >/run/systemd/system/mcpolicyd.service.d/soon.conf
    systemctl daemon-reload; systemctl restart mcpolicyd'
  local pid
  pid=$(main_pid)
  sleep 2
  [[ $(main_pid) == "$pid" ]] || fail "it doesn't feed the watchdog"
  in_host kill -STOP "$pid"
  wait_for has_other_pid "$pid"
}

test_reload_takes_a_new_policy() {
  approved_host
  local before
  before=$(ctl status --json | in_host jq .generation)
  set_policy observe read-only
  in_host systemctl reload mcpolicyd
  ctl status --json | in_host jq -e ".mode == \"observe\" and .generation > $before"
}

test_reload_with_a_broken_policy_keeps_the_old_one() {
  approved_host
  in_host sh -c "printf '{\n  \"version\": 1,\n  \"modus\": \"enforce\"\n}\n' >$POLICY"
  refuses_reload
  wait_for journal_has "(.MESSAGE | test(\"policy\\\\.json:3:[0-9]+: \")) and .MESSAGE_ID == \"$(message_id policy-refused)\""
  in_host systemctl --quiet is-active mcpolicyd
  as_user alice rm -f $TARGET
  undone alice missing-file
}

test_sighup_with_a_broken_policy_keeps_the_old_one() {
  approved_host
  in_host sh -c "echo '{' >$POLICY"
  in_host systemctl kill --signal=HUP mcpolicyd
  wait_for journal_has ".MESSAGE_ID == \"$(message_id policy-refused)\""
  as_user alice rm -f $TARGET
  undone alice missing-file
}

test_a_broken_policy_at_start_ends_with_2_once() {
  approved_host
  in_host sh -c "echo '{' >$POLICY"
  ! in_host systemctl restart mcpolicyd 2>/dev/null || fail "it started"
  sleep 0.5
  [[ $(in_host systemctl show --property=ActiveState,ExecMainStatus,NRestarts mcpolicyd | sort | tr '\n' ' ') == \
    'ActiveState=failed ExecMainStatus=2 NRestarts=0 ' ]] || fail "$(in_host systemctl status mcpolicyd)"
}

test_exposure_is_at_most_1_5() {
  approved_host
  local said
  said=$(in_host systemd-analyze security --no-pager --threshold=15 mcpolicyd.service) || fail "$said"
  echo "figure: exposure ${said##*: }"
}

# It is the unit as shipped that all these tests run against.
test_the_unit_is_the_shipped_one() {
  approved_host
  in_host cat /usr/lib/systemd/system/mcpolicyd.service | cmp - "$REPO/systemd/mcpolicyd.service"
  [[ $(in_host systemctl show --property=DropInPaths --value mcpolicyd) == \
    "${MCPOLICY_HOST_STRICT:+/etc/systemd/system/mcpolicyd.service.d/strict.conf}" ]] || fail "a drop-in"
  in_host test "$(in_host systemctl show --property=FragmentPath --value mcpolicyd)" \
    -ef /usr/lib/systemd/system/mcpolicyd.service || fail "another unit"
  in_host test "/proc/$(main_pid)/exe" -ef /usr/sbin/mcpolicyd || fail "another program"
}

test_the_units_verify() {
  [[ -z $(in_host systemd-analyze verify --man=no mcpolicyd.service mcpolicyd.socket 2>&1) ]]
}

test_it_holds_three_capabilities() {
  approved_host
  # CAP_CHOWN 0, CAP_DAC_OVERRIDE 1, CAP_FOWNER 3
  in_host grep -qx 'CapEff:.*00000000b' "/proc/$(main_pid)/status"
  in_host grep -qx 'CapBnd:.*00000000b' "/proc/$(main_pid)/status"
}

# What each of them is for; without it, the test that names it fails.
test_cap_dac_override_reaches_into_a_closed_home() {
  approved_host
  in_host chmod 700 /home/alice
  as_user alice sh -ec 'chmod 700 .kiro .kiro/settings'
  save alice '.mcpServers.git.command = "sh"'
  undone alice server-drift
}

test_cap_chown_gives_a_new_folder_to_its_user() {
  approved_host
  as_user alice sh -c 'mv .kiro other && rm -rf other'
  undone alice missing-file
  [[ $(in_host stat -c %U /home/alice/.kiro) == alice ]]
}

test_cap_fowner_exchanges_in_a_sticky_folder() {
  approved_host
  as_user alice sh -ec "cp $TARGET mine; chmod 600 mine; chmod 1700 .kiro/settings; echo '{}' >mine; mv -f mine $TARGET"
  wait_for is_right alice
  wait_for has_incident "/home/alice/$TARGET" missing-server restored
}

test_it_can_write_nowhere_but_in_its_folders() {
  approved_host
  local found
  found=$(in_host nsenter --target "$(main_pid)" --mount sh -c '
    for folder in / /usr /usr/lib /etc /etc/mcpolicyd /etc/kiro /home /root /run /run/systemd /run/user \
      /run/mcpolicyd /var /var/lib /var/lib/mcpolicyd /opt /srv /dev /dev/shm; do
      touch $folder/.probe 2>/dev/null && rm $folder/.probe && printf "%s " $folder
    done; true')
  [[ $found == '/etc/kiro /home /run/mcpolicyd /var/lib/mcpolicyd ' ]] || fail "$found"
}

test_it_can_run_nothing_from_a_home() {
  approved_host
  as_user alice cp /bin/true program
  as_user alice ./program
  ! in_host nsenter --target "$(main_pid)" --mount /home/alice/program 2>/dev/null || fail "it ran"
}

test_its_folders_are_closed_to_users() {
  approved_host
  local folder
  for folder in /var/lib/mcpolicyd /var/lib/mcpolicyd/{baseline,exceptions,evidence,incidents,ledger} /home/.mcpolicyd; do
    [[ $(in_host stat -c '%U %a' $folder) == 'mcpolicyd 700' ]] || fail "$folder"
  done
}
