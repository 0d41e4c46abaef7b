# shellcheck shell=bash
# What tests are written with: a fresh start, ways to tamper, and what must hold afterwards.

readonly TARGET=.kiro/settings/mcp.json # below each home
readonly CENTRAL=/etc/kiro/mcp.json
readonly APPROVED=/etc/mcpolicyd/mcp.json
readonly POLICY=/etc/mcpolicyd/policy.json
readonly PATIENCE=5 # seconds

CURSOR='' # where in the journal this test began

fail() {
  echo "$*" >&2
  exit 1
}

# skip REASON: this host can't have the test.
readonly SKIPPED=77
skip() {
  echo "$*"
  exit $SKIPPED
}

# wait_for PREDICATE...: until it holds, or the test fails.
wait_for() {
  local end=$((SECONDS + PATIENCE + 1))
  until "$@"; do
    ((SECONDS < end)) || fail "not so after $PATIENCE s: $*"
    sleep 0.05
  done
}

# expect_exit STATUS CMD...: the command ends with exactly this status.
expect_exit() {
  local want=$1 status=0
  shift
  "$@" || status=$?
  ((status == want)) || fail "exit $status, not $want: $*"
}

# give_python_package NAME: from PyPI, in /opt/NAME of the host.
give_python_package() {
  in_host test -d "/opt/$1" && return
  python3 -m pip --version >/dev/null 2>&1 || skip "this machine has no pip"
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile \
    --target "$HOST_DIR/$1" "$1" || skip "pip can't get the package $1"
  tar -C "$HOST_DIR" -c "$1" | in_host tar -C /opt -x --no-same-owner
}

# --- A fresh start -------------------------------------------------------------------------

ctl() { in_host mcpolicyctl "$@"; }

# sweep: it is done when this returns; status 1 only says that there is drift.
sweep() { ctl sweep >/dev/null || (($? == 1)); }

# unprovisioned_host: as just installed, with nothing approved and no files in the homes.
unprovisioned_host() {
  in_host sh -ec '
    systemctl stop mcpolicyd
    rm -rf /run/systemd/system/mcpolicyd.service.d /var/lib/mcpolicyd/*/* /etc/kiro/mcp.json
    rm -f /var/lib/mcpolicyd/ledger-mark /var/lib/mcpolicyd/rolled-out*
    for home in /home/*; do
      case $home in */alice | */bob | */carol) ;; *)
        userdel -r "${home##*/}" 2>/dev/null || rm -rf "$home"
        continue ;;
      esac
      find "$home" -mindepth 1 -maxdepth 1 ! -name ".bash*" ! -name .profile -exec rm -rf {} +
    done
    cp /opt/pristine/* /etc/mcpolicyd/
    systemctl daemon-reload
    systemctl reset-failed mcpolicyd 2>/dev/null || true
    systemctl start mcpolicyd'
  mark_journal
}

# approved_host: the same, then provisioned.
approved_host() {
  unprovisioned_host
  ctl approve "$APPROVED" --yes >/dev/null
  all_are_right
  sleep 0.2 # the journal is written behind the daemon's back, and may be a moment late
  mark_journal
}

all_are_right() {
  local user
  for user in alice bob carol; do wait_for is_right "$user"; done
  wait_for central_is_right
}

mark_journal() {
  CURSOR=$(in_host journalctl --lines=1 --show-cursor --quiet | sed -n 's/^-- cursor: //p')
}

# set_policy MODE ACCESS [PIN]: another policy, not yet loaded.
set_policy() {
  local pin=''
  [[ -z ${3:-} ]] || pin=", \"sha256\": \"$3\""
  in_host tee "$POLICY" >/dev/null <<JSON
{
  "version": 1,
  "mode": "$1",
  "approved": {"file": "$APPROVED"$pin},
  "homes": ["/home/*"],
  "targets": [
    {"name": "central", "path": "$CENTRAL", "client": "kiro"},
    {"name": "kiro", "path": "~/$TARGET", "client": "kiro"}
  ],
  "access": "$2",
  "tolerate": ["formatting", "disabled", "narrower-approvals"],
  "sweep_seconds": 300,
  "whitelist": [
    {"server": "aws-docs", "tier": 1},
    {"server": "git", "tier": 1},
    {"server": "filesystem", "tier": 1},
    {"server": "github", "tier": 2, "groups": ["platform"]},
    {"server": "web-search", "tier": 3}
  ]
}
JSON
}

# --- Ways to tamper ------------------------------------------------------------------------

# edited USER JQ: the user's edited.json is their file as JQ changes it.
edited() {
  as_user "$1" sh -ec 'rm -f edited.json; jq "$1" '$TARGET' >edited.json' sh "$2"
}

# save USER JQ: as an editor saves, by rename over.
save() {
  edited "$1" "$2"
  as_user "$1" mv -f edited.json $TARGET
}

# swap_in USER NEW PLACE: one RENAME_EXCHANGE, so that the daemon never sees PLACE empty.
swap_in() {
  as_user "$1" perl -e '
    my %renameat2 = (x86_64 => 316, aarch64 => 276);
    my ($machine, $new, $place) = @ARGV;
    my ($here, $exchange) = (-100, 2);
    syscall($renameat2{$machine}, $here, $new, $here, $place, $exchange) == 0 or die "$place: $!"' \
    "$(uname -m)" "$2" "$3"
}

# overwrite USER AS...: edited.json goes into the user's file in place, in a single write. It must
# be longer than what stands there, since truncating is an event of its own.
overwrite() {
  local home=/home/$1
  shift
  "$@" dd if="$home/edited.json" of="$home/$TARGET" bs=1M conv=notrunc status=none
}

# --- What must hold ------------------------------------------------------------------------

# is_approved FILE: the content, in canonical form.
is_approved() {
  [[ $(in_host jq -Sc . "$1" 2>/dev/null) == "$(in_host jq -Sc . $APPROVED)" ]]
}

# file_is FILE STAT: type, owner, mode and links without following a symlink.
file_is() { [[ $(in_host stat -c '%F %U %a %h' "$1" 2>/dev/null) == "$2" ]]; }

is_right() {
  local home=/home/$1
  file_is "$home/$TARGET" 'regular file root 444 1' && is_approved "$home/$TARGET" &&
    [[ $(in_host stat -c '%F %U' "$home/.kiro" "$home/.kiro/settings" | uniq) == "directory $1" ]]
}

central_is_right() { file_is $CENTRAL 'regular file root 444 1' && is_approved $CENTRAL; }

# journal: this test's entries of the daemon, each MCPOLICY_ field as the list of its values, in
# no order. jq selects the unit: journalctl would skip an entry if the cursor's isn't the unit's.
journal() {
  in_host journalctl --quiet --all --output=json --after-cursor="$CURSOR" |
    in_host jq -c 'select(._SYSTEMD_UNIT == "mcpolicyd.service") | with_entries(
      if (.key | startswith("MCPOLICY_")) and (.value | type) != "array" then .value |= [.] else . end)'
}

# journal_has JQ [ARGS...]: an entry for which the condition is true.
journal_has() {
  local condition=$1
  shift
  journal | in_host jq -es "$@" "any(.[]; $condition)" >/dev/null
}

# has_incident PATH KIND ACTION
has_incident() {
  journal_has '.MCPOLICY_INCIDENT and .MCPOLICY_PATH == [$path] and .MCPOLICY_ACTION == [$action]
    and (.MCPOLICY_KIND | index($kind))' \
    --arg path "$1" --arg kind "$2" --arg action "$3"
}

# message_id KIND: as the catalog has it.
message_id() { awk -v kind="$1" '$1 == kind { print $2 }' "$REPO/systemd/message-ids.tsv"; }

# undone USER KIND: the user's file is right again, and the journal says why.
undone() {
  wait_for is_right "$1"
  wait_for has_incident "/home/$1/$TARGET" "$2" restored
}

main_pid() { in_host systemctl show --property=MainPID --value mcpolicyd; }
has_other_pid() { [[ $(main_pid) != "$1" && $(main_pid) != 0 ]]; }

# refuses_reload: systemctl reload fails.
refuses_reload() { ! in_host systemctl reload mcpolicyd 2>/dev/null || fail "the reload went through"; }
