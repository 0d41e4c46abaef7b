# shellcheck shell=bash
# The life of the package: upgrades, downgrades, removal, purge. Each test leaves the package as it was.

# give_package [VERSION]: where the host finds the package.
give_package() {
  local package
  package=$(make_package "${1:-}")
  install -D -m 644 -t "$HOST_DIR/root/opt/packages" "$package"
  echo "/opt/packages/${package##*/}"
}

# changed_package VERSION: one that also ships another policy.
changed_package() {
  local given tree=$HOST_DIR/changed
  given=$(give_package "$1")
  rm -rf "$tree"
  dpkg-deb --raw-extract "$HOST_DIR/root$given" "$tree"
  sed -i 's|^// What mcpolicyd keeps.*|&\n// Another version of the file as shipped.|' "$tree/etc/mcpolicyd/policy.json"
  dpkg-deb --root-owner-group -Znone --build "$tree" "$HOST_DIR/root$given" >/dev/null
  echo "$given"
}

# dpkg_in_host ARGS...: as unattended upgrades call it: what an administrator edited stays.
dpkg_in_host() { in_host env DEBIAN_FRONTEND=noninteractive dpkg --force-confdef --force-confold "$@" </dev/null; }

# back_to_normal: whatever became of the test.
back_to_normal() {
  in_host sh -ec 'rm -f /var/lib/mcpolicyd/format; mkdir -p /etc/mcpolicyd; cp /opt/pristine/* /etc/mcpolicyd/'
  dpkg_in_host --force-downgrade --force-confmiss --install "$(give_package)"
  in_host systemctl --quiet is-enabled mcpolicyd.service
}

pid_of_unit() { in_host systemctl show --property=MainPID --value mcpolicyd.service; }
version_is() { [[ $(in_host dpkg-query --show --showformat='${db:Status-Abbrev}${Version}' mcpolicyd) == "ii $1" ]]; }
own_version() { dpkg-deb --field "$HOST_PACKAGE" Version; }
is_running() { in_host systemctl --quiet is-active mcpolicyd.service; }

test_an_image_comes_up_at_its_first_boot() {
  bash "$HOST_TESTS/life.sh" image 3>&-
}

test_install_remove_and_purge_on_a_host_that_runs() {
  # Without the drop-in of the strict hosts, which no purge could know.
  MCPOLICY_HOST_STRICT='' MCPOLICY_PACKAGE=none WHOLE_PACKAGE=$HOST_PACKAGE bash "$HOST_TESTS/life.sh" whole 3>&-
}

test_an_upgrade_keeps_what_was_decided() {
  trap back_to_normal EXIT
  approved_host
  ctl revoke git --reason 'before the upgrade'
  in_host sed -i 's|"sweep_seconds": 300|"sweep_seconds": 299|' "$POLICY"
  in_host systemctl reload mcpolicyd
  local before pid policy
  before=$(ctl baseline list --json)
  pid=$(pid_of_unit)
  policy=$(in_host cat $POLICY)
  dpkg_in_host --install "$(changed_package 900.0-1)"
  version_is 900.0-1 || fail "not upgraded"
  is_running || fail "it doesn't run"
  [[ $(pid_of_unit) != "$pid" ]] || fail "the new program isn't running"
  [[ $(ctl baseline list --json) == "$before" ]] || fail "another baseline"
  [[ $(in_host cat $POLICY) == "$policy" ]] || fail "the edits of the policy are gone"
  in_host grep -q 'Another version' $POLICY.dpkg-dist || fail "the policy as shipped isn't beside it"
  ctl revocations --json | in_host jq -e '.revocations | length == 1'
  in_host jq -e '.mcpServers | has("git") | not' "/home/alice/$TARGET"
  ctl ledger verify
  ctl ledger show --json | grep -F 'before the upgrade' >/dev/null
  as_user alice rm -f $TARGET
  wait_for has_incident "/home/alice/$TARGET" missing-file restored
  in_host rm -f $POLICY.dpkg-dist
}

# The old program watches until the new one starts; what is done in between is found at that start.
test_an_upgrade_leaves_nobody_unwatched() {
  trap back_to_normal EXIT
  approved_host
  local pid package
  pid=$(pid_of_unit)
  package=$(give_package 900.0-1)
  dpkg_in_host --unpack "$package"
  [[ $(pid_of_unit) == "$pid" ]] || fail "it was stopped before the new one was there"
  as_user alice rm -f $TARGET
  undone alice missing-file
  mark_journal
  in_host sh -ec 'mkdir -p /run/systemd/system/mcpolicyd.service.d
    printf "[Service]\nExecStartPre=+/usr/bin/setpriv --reuid bob --regid bob --clear-groups rm -f /home/bob/$1\nExecStartPre=+/usr/bin/setpriv --reuid carol --regid carol --clear-groups mv -f /home/carol/edited.json /home/carol/$1\n" \
      >/run/systemd/system/mcpolicyd.service.d/meanwhile.conf' sh "$TARGET"
  edited carol '.mcpServers.git.command = "sh"'
  dpkg_in_host --configure mcpolicyd
  in_host rm -r /run/systemd/system/mcpolicyd.service.d
  in_host systemctl daemon-reload
  undone bob missing-file
  undone carol server-drift
  # One stop, one start, and no failure.
  [[ $(in_host systemctl show --property=NRestarts --value mcpolicyd) == 0 ]]
  [[ $(journal | in_host jq -r "select(.MESSAGE_ID == \"$(message_id daemon-started)\") | 1" | wc -l) == 1 ]]
}

test_an_upgrade_with_a_broken_policy_leaves_the_old_program_running() {
  trap back_to_normal EXIT
  approved_host
  local pid said
  pid=$(pid_of_unit)
  in_host sh -c "printf '{\n  \"modus\": 1\n}\n' >$POLICY"
  said=$(dpkg_in_host --install "$(give_package 900.0-1)" 2>&1)
  grep -F "wasn't restarted" <<<"$said"
  grep -E 'policy\.json:2:[0-9]+: ' <<<"$said"
  version_is 900.0-1 || fail "not configured"
  [[ $(pid_of_unit) == "$pid" ]] || fail "it was restarted"
  as_user alice rm -f $TARGET
  undone alice missing-file
}

test_an_upgrade_leaves_a_disabled_unit_alone() {
  trap 'in_host systemctl --quiet enable mcpolicyd.service; back_to_normal' EXIT
  approved_host
  in_host systemctl --quiet disable --now mcpolicyd.service
  dpkg_in_host --install "$(give_package 900.0-1)"
  ! is_running || fail "it was started"
  [[ $(in_host systemctl is-enabled mcpolicyd.service || true) == disabled ]] || fail "it was enabled"
}

test_a_downgrade_to_a_version_that_knows_the_state() {
  trap back_to_normal EXIT
  approved_host
  local before
  before=$(ctl baseline list --json)
  dpkg_in_host --install "$(give_package 900.0-1)"
  dpkg_in_host --force-downgrade --install "$(give_package)"
  version_is "$(own_version)" || fail "not downgraded"
  [[ $(ctl baseline list --json) == "$before" ]] || fail "another baseline"
  ctl ledger verify
  as_user alice rm -f $TARGET
  undone alice missing-file
}

test_a_downgrade_below_the_state_is_refused() {
  trap back_to_normal EXIT
  approved_host
  dpkg_in_host --install "$(give_package 900.0-1)"
  local pid said
  pid=$(pid_of_unit)
  in_host sh -c 'echo 2 >/var/lib/mcpolicyd/format'
  said=$(dpkg_in_host --force-downgrade --install "$(give_package)" 2>&1) && fail "it went through: $said"
  grep -F 'which a later version wrote (format 2, not 1)' <<<"$said"
  version_is 900.0-1 || fail "it isn't the later version any more"
  [[ $(pid_of_unit) == "$pid" ]] || fail "it was restarted"
  as_user alice rm -f $TARGET
  undone alice missing-file
  # Nor does the program itself touch such state, however it came there.
  ! in_host systemctl restart mcpolicyd.service 2>/dev/null || fail "it started"
  in_host journalctl --quiet --output=cat -u mcpolicyd -n 20 | grep -F 'was written by a later version (format 2, not 1)'
}

is_held() { [[ $(in_host stat -c '%U %a' "/home/$1/.kiro/settings") =~ ^root\ 1 ]]; }

test_removal_gives_back_what_is_held() {
  trap 'in_host pkill -u alice || true; back_to_normal' EXIT
  approved_host
  local before pid
  before=$(in_host stat -c '%U %a' /home/alice/.kiro/settings)
  as_user alice timeout 60 python3 -c '
import os, sys
while True:
    try:
        open("new.json", "w").close()
        os.rename("new.json", sys.argv[1])
    except OSError:
        pass  # its folder is held
' $TARGET &
  # More events at once than are worth following, however fast this machine is.
  pid=$(pid_of_unit)
  sleep 0.5
  in_host kill -STOP "$pid"
  sleep 1
  in_host kill -CONT "$pid"
  wait_for is_held alice
  dpkg_in_host --remove mcpolicyd
  [[ $before == alice\ * && $(in_host stat -c '%U %a' /home/alice/.kiro/settings) == "$before" ]] ||
    fail "$(in_host ls -ld /home/alice/.kiro/settings)"
}

# with_proc DIR CMD...: while that root has a /proc, as one has in which an image is made.
with_proc() {
  unshare --mount --propagation private sh -ec 'mount -t proc proc "$1/proc"; shift; exec "$@"' sh "$@"
}

# in_image DIR ARGS...: rpm on the root in that folder, which is Debian's, so its libraries aren't in rpm's books.
in_image() { with_proc "$1" rpm --root "$1" --nodeps "${@:2}" 2> >(grep -v '^rpm: ' >&2); }

test_an_rpm_installs_into_an_image() {
  local image=$HOST_DIR/rpm-image package log=$HOST_DIR/rpm-image/log
  mkdir -p "$HOST_DIR/packages"
  MCPOLICYD_DRAFT=yes "$REPO/packaging/rpm.sh" "$HOST_DIR/packages/own/bin" "$HOST_DIR/packages/rpm"
  package=$(echo "$HOST_DIR"/packages/rpm/mcpolicyd-[0-9]*.rpm)
  cp -a --reflink=auto "$(pristine_root)" "$image"
  # What Fedora has in place of Debian's helpers.
  install -D -m 755 /dev/stdin "$image/usr/lib/systemd/systemd-update-helper" <<'HELPER'
#!/bin/sh
echo "$@" >>/log
HELPER
  in_image "$image" --install "$package"
  grep -x 'install-system-units.* mcpolicyd.service' "$log"
  grep -x 'install-user-units mcpolicyd-notify.service' "$log"
  grep -q '^mcpolicyd:' "$image/etc/passwd"
  grep -q '^mcpolicy-admin:' "$image/etc/group"
  [[ $(chroot "$image" stat -c '%U %a' /var/lib/mcpolicyd /etc/kiro | xargs) == 'mcpolicyd 700 root 755' ]]
  with_proc "$image" chroot "$image" mcpolicyctl check /etc/mcpolicyd/mcp.json
  in_image "$image" --verify mcpolicyd
  # An edited file stays, through an upgrade and a removal.
  echo '// edited' >>"$image/etc/mcpolicyd/policy.json"
  MCPOLICYD_VERSION=900.0-1 MCPOLICYD_DRAFT=yes "$REPO/packaging/rpm.sh" "$HOST_DIR/packages/own/bin" "$HOST_DIR/packages/rpm"
  in_image "$image" --upgrade "$HOST_DIR"/packages/rpm/mcpolicyd-900*.rpm
  grep -x 'mark-restart-system-units mcpolicyd.service' "$log"
  tail -n 1 "$image/etc/mcpolicyd/policy.json" | grep -x '// edited'
  echo 2 >"$image/var/lib/mcpolicyd/format"
  ! in_image "$image" --upgrade --oldpackage "$package" || fail "the downgrade went through"
  with_proc "$image" rpm --root "$image" --query mcpolicyd | grep -F mcpolicyd-900.0-1
  in_image "$image" --erase mcpolicyd
  grep -x 'remove-system-units.* mcpolicyd.service' "$log"
  tail -n 1 "$image/etc/mcpolicyd/policy.json.rpmsave" | grep -x '// edited'
  [[ ! -e $image/usr/sbin/mcpolicyd && -d $image/var/lib/mcpolicyd ]]
  rm -rf --one-file-system "$image"
}
