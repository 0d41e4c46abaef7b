#!/bin/bash
# The life of the package on a host of its own, for tests/package.sh: life.sh image|whole
#   image  the package was installed before the host was ever booted
#   whole  it is installed, removed and purged while the host runs
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/host.sh"
. "$HOST_TESTS/expect.sh"

dpkg_in_host() { in_host env DEBIAN_FRONTEND=noninteractive dpkg "$@" </dev/null; }

is_unprovisioned() { [[ $(ctl status --json | in_host jq -r .state) == unprovisioned ]]; }

# names: all that is on the host, less what a host does by itself.
names() {
  in_host find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /opt \
    -o -path /var/log -o -path /var/tmp -o -path /var/cache -o -path /var/lib/systemd -o -path /var/lib/dpkg \) \
    -prune -o -print | LC_ALL=C sort
}

# comes_up: running, and nothing touched, until someone approves.
comes_up() {
  in_host systemctl --quiet is-active mcpolicyd.service || fail "$(in_host systemctl status mcpolicyd)"
  in_host systemctl --quiet is-enabled mcpolicyd.service
  [[ ! -e $HOST_DIR/root/usr/lib/systemd/system/mcpolicyd.socket ]] ||
    in_host systemctl --quiet is-active mcpolicyd.socket
  in_host systemctl --global --quiet is-enabled mcpolicyd-notify.service
  in_host getent passwd mcpolicyd
  in_host getent group mcpolicy-audit mcpolicy-admin
  is_unprovisioned || fail "$(ctl status)"
  in_host sh -c '! ls -d /home/*/.kiro /etc/kiro/mcp.json 2>/dev/null' || fail "it touched a target"
  in_host journalctl --list-catalog "$(message_id server-drift)" | grep -q .
  mark_journal
  ctl approve $APPROVED --yes
  all_are_right
  as_user alice rm -f $TARGET
  undone alice missing-file
}

boot_host
if [[ $1 == image ]]; then
  comes_up
  exit
fi

names >"$HOST_DIR/before"
install -D -m 644 "$WHOLE_PACKAGE" "$HOST_DIR/root/opt/mcpolicyd.deb"
dpkg_in_host --install /opt/mcpolicyd.deb
comes_up

# A folder with a user's files in it, which was in the file's place, isn't the package's to remove.
as_user bob sh -ec 'mkdir -p own/inner; echo precious >own/inner/work'
swap_in bob own $TARGET
as_user bob rm -f own
wait_for is_right bob
in_host sh -c 'ls -d /home/.mcpolicyd/kept-*'

# Removed: nobody watches, and everyone has what they had, to read and to make their own.
dpkg_in_host --remove mcpolicyd
! in_host pgrep -x mcpolicyd || fail "it still runs"
all_are_right
ctl --version 2>/dev/null && fail "the program is still there"
for file in $APPROVED $POLICY /var/lib/mcpolicyd/baseline/1.json /var/lib/mcpolicyd/ledger; do in_host test -e "$file"; done
as_user alice jq -e .mcpServers.git $TARGET
as_user alice sh -ec "jq '.mcpServers.mine = {command: \"x\"}' $TARGET >edited.json; mv -f edited.json $TARGET"
file_is "/home/alice/$TARGET" 'regular file alice 644 1' || fail "$(in_host ls -l "/home/alice/$TARGET")"

# Installed again: what was approved is still in force.
dpkg_in_host --install /opt/mcpolicyd.deb
wait_for is_right alice

dpkg_in_host --purge mcpolicyd 2>&1 | tee "$HOST_DIR/purge"
grep -F 'stays: the folders in it were users' "$HOST_DIR/purge"
in_host sh -c 'grep -x precious /home/.mcpolicyd/kept-*/inner/work && rm -r /home/.mcpolicyd'
for user in alice bob carol; do in_host cmp /opt/pristine/mcp.json "/home/$user/$TARGET"; done
in_host cmp /opt/pristine/mcp.json $CENTRAL
names >"$HOST_DIR/after"
LC_ALL=C comm -13 "$HOST_DIR/before" "$HOST_DIR/after" >"$HOST_DIR/difference"
# What people use, and the backups that the tools for users and groups make.
grep -vxE "/home/[a-z]+/\.kiro(/.*)?|/etc/kiro|$CENTRAL|/etc/(passwd|shadow|group|gshadow|subuid|subgid)-|/etc/\.pwd\.lock" \
  "$HOST_DIR/difference" && fail "the purge left that"
in_host sh -c '! find / -xdev -user mcpolicyd -not -path "/proc/*" | grep .' || fail "the purge left files of the daemon's"
in_host sh -c '! find /etc/systemd /var/lib/systemd -name "*mcpolicy*" | grep .' || fail "the purge left that of the units"
