# shellcheck shell=bash
# A month of evidence from one host, and the evidence of a fleet on one of them. Each figure of a report is
# compared with one that Tests/Reports/count.py counts in what journalctl prints.

# clock_library PATH: what moves the daemon's clock, as the fault tests build it.
clock_library() {
  local sources=$REPO/Tests/Faults/Preload
  "${CC:-$(command -v cc || command -v clang || command -v gcc)}" -shared -fPIC -O1 -pthread -o "$1" \
    "$sources"/{calls,control,rules}.c -ldl
}

# with_a_movable_clock: the daemon's clock is what set_clock says. The host's own can't be moved: it is
# this machine's too.
with_a_movable_clock() {
  clock_library "$HOST_DIR/root/usr/local/lib/clock.so"
  in_host sh -ec 'mkdir -p /run/clock /run/systemd/system/mcpolicyd.service.d
    printf "[Service]\nEnvironment=LD_PRELOAD=/usr/local/lib/clock.so FAULTS=/run/clock/control\n" \
      >/run/systemd/system/mcpolicyd.service.d/clock.conf
    echo clock=0 >/run/clock/control
    systemctl daemon-reload; systemctl restart mcpolicyd'
}

# Runs on the host: each day some users do something to their files, and it is undone.
readonly MONTH='
import json, os, random, subprocess, time

pick = random.Random(7)
users = [f"vdi{number}" for number in range(12)]
approved = open("/etc/mcpolicyd/mcp.json", "rb").read()

def set_clock(days):
    with open("/run/clock/new", "w") as file:
        file.write(f"clock={-days * 86400}\n")
    os.rename("/run/clock/new", "/run/clock/control")

def target(user):
    return f"/home/{user}/.kiro/settings/mcp.json"

def is_right(path):
    try:
        same = json.load(open(path)) == json.loads(approved)
        return same and not os.path.islink(path) and os.stat(path).st_mode & 0o777 == 0o444
    except (OSError, ValueError):
        return False

def put(path, data):
    with open(path + ".new", "wb") as file:
        file.write(data)
    os.rename(path + ".new", path)

def server(name, command):
    return approved.replace(b"\"mcpServers\": {", b"\"mcpServers\": {\n    \"%s\": {\"command\": \"%s\"}," % (name, command), 1)

tampering = [
    lambda path: os.unlink(path),
    lambda path: os.chmod(path, 0o666),
    lambda path: put(path, server(b"web-search", b"npx")),
    lambda path: put(path, server(b"helper-%d" % pick.randrange(5), b"/tmp/x")),
    lambda path: put(path, approved.replace(b"\"uvx\"", b"\"/tmp/uvx\"", 1)),
    lambda path: put(path, b"{broken"),
    lambda path: (put(path + ".own", b"{}"), os.unlink(path), os.symlink(path + ".own", path)),
    lambda path: put(path, server(b"leaky", b"x\", \"env\": {\"AWS_ACCESS_KEY_ID\": \"AKIAIOSFODNN7EXAMPLE\"}, \"cwd\": \"/")),
]

def control(*words):
    subprocess.run(["mcpolicyctl", *words], check=True, stdout=subprocess.DEVNULL)

done = 0
for days in range(29, -1, -1):
    set_clock(days)
    if days % 7 == 3:
        control("revoke", "git", "--reason", "month")
        control("reinstate", "git")
        control("grant", "github", "--user", f"vdi{12 + days // 7}", "--until", "1h", "--ticket", f"T-{days}", "--reason", "month")
    if days % 7 == 1:
        control("reload")
    for user in pick.sample(users, pick.randrange(2, 9)):
        path = target(user)
        for _ in range(pick.choice([1, 1, 1, 2, 6])):
            try:
                pick.choice(tampering)(path)
                done += 1
            except OSError:
                pass  # it was being put back
            for _ in range(200):
                if is_right(path):
                    break
                time.sleep(0.005)
# So often that records stand for several.
for _ in range(25):
    os.chmod(target("vdi3"), 0o666)
    time.sleep(0.01)
print(done, "tamperings")
'

# counted REPORT LINES...: each figure is as counted in what journalctl printed.
counted() {
  local report=$1
  shift
  "$REPO/Tests/Reports/count.py" "$report" --lines "$@"
}

# records [LEADER]: what the journal of that host holds, or of this one.
records() { HOST_LEADER=${1:-$HOST_LEADER} in_host journalctl --quiet --all --output=json; }

journal_folder() { if in_host test -d /var/log/journal; then echo /var/log/journal; else echo /run/log/journal; fi; }

test_a_month_of_incidents() {
  local work=$HOST_DIR/month
  mkdir -p "$work"
  unprovisioned_host
  in_host sh -ec 'for number in $(seq 0 15); do useradd -m "vdi$number"; done
    jq ".mcpServers.github = {command: \"/usr/bin/gh-mcp\"}" /etc/mcpolicyd/mcp.json >/tmp/new.json
    cp /tmp/new.json /tmp/approved.json'
  with_a_movable_clock
  # Central, then every home, holds what was approved; github is for no one yet.
  ctl approve $APPROVED --yes >/dev/null
  wait_for is_right vdi11
  ctl approve /tmp/approved.json --yes >/dev/null
  in_host python3 -c "$MONTH" | tee "$work/done"
  in_host sh -ec 'echo clock=0 >/run/clock/new; mv /run/clock/new /run/clock/control
    systemctl restart mcpolicyd'
  # What was gathered is told at the end at the latest; nothing may come between the two looks.
  in_host systemctl stop mcpolicyd
  in_host journalctl --sync
  local folder
  folder=$(journal_folder)
  in_host mcpolicyctl report --since 31d --journal "$folder" --json >"$work/report.json"
  for format in html csv md; do
    in_host mcpolicyctl report --since 31d --journal "$folder" --format $format >"$work/report.$format"
  done
  records >"$work/records.json"
  # The ledger's own; the journal's heads are those of tests before this one, too.
  in_host mcpolicyctl report --since 31d --ledger /var/lib/mcpolicyd/ledger --json >"$work/ledger.json"
  "$REPO/Tests/Reports/count.py" "$work/ledger.json" --ledger "$HOST_DIR/root/var/lib/mcpolicyd/ledger"
  in_host jq -e '.records.ledger.verified and .inventory.recorded' <"$work/ledger.json" || fail "$(cat "$work/ledger.json")"
  in_host systemctl start mcpolicyd
  counted "$work/report.json" "$work/records.json"
  "$REPO/Tests/Reports/formats.py" "$work/report"
  in_host jq -e '([.incidents.by_day[] | select(.total > 0)] | length) >= 28
    and ([.incidents.by_kind.rows[].kind] | length) >= 6 and (.incidents.by_user.rows | length) >= 12
    and .incidents.count.total > .incidents.records.total
    and .changes.count["server-revoked"] >= 4 and .changes.count["server-granted"] >= 4
    and .restores.timed_records > 100' <"$work/report.json" ||
    fail "$(in_host jq -c '.incidents.count, .incidents.records, .changes.count' <"$work/report.json")"
}

test_a_report_is_for_those_who_may_read_the_records() {
  approved_host
  expect_exit 4 as_user alice mcpolicyctl report
  expect_exit 4 as_user alice mcpolicyctl report --journal "$(journal_folder)"
  in_host setpriv --reuid alice --regid alice --groups systemd-journal --reset-env \
    mcpolicyctl report --since 1d --journal "$(journal_folder)" --json | in_host jq -e '.hosts | length == 1'
  # An entry of a user's own with the daemon's fields counts nowhere.
  as_user bob sh -c "printf 'MESSAGE=x\\nMCPOLICY_INCIDENT=%s-1\\nMCPOLICY_KIND=server-drift\\nMCPOLICY_SEVERITY=high\\nMCPOLICY_ACTION=restored\\nMCPOLICY_USER=mallory\\n' \"\$(date +%s000000)\" | logger --journald"
  in_host journalctl --sync
  in_host journalctl --quiet --output=cat MCPOLICY_USER=mallory | grep -q x
  in_host mcpolicyctl report --since 1d --journal "$(journal_folder)" --json |
    in_host jq -e 'all(.incidents.by_user.rows[]; .user != "mallory")'
}

# --- A fleet -----------------------------------------------------------------------------------

# boot_member NUMBER: another host, named by member_N; it ends with this test, whatever becomes of it.
boot_member() {
  local folder=$HOST_DIR/member.$1
  mkdir "$folder"
  mkfifo "$folder/end"
  bash -c '
    set -euo pipefail
    . "$1/host.sh"
    boot_host
    echo "$HOST_LEADER" >"$2/leader.new"
    mv "$2/leader.new" "$2/leader"
    read -r _ <"$2/end" || true
    stop_host' bash "$HOST_TESTS" "$folder" >"$folder/log" 2>&1 3>&- &
}

member() { cat "$HOST_DIR/member.$1/leader" 2>/dev/null; }

end_members() {
  local fifo
  for fifo in "$HOST_DIR"/member.*/end; do timeout 5 sh -c 'echo end >"$1"' sh "$fifo" || true; done
  wait
}

# on LEADER CMD...: in_host of another host.
on() {
  local HOST_LEADER=$1
  shift
  in_host "$@"
}

# cable NUMBER LEADER: 10.77.NUMBER.1 of this host, .2 of the other.
cable() {
  local here=$HOST_LEADER there=$2
  ip link add "mcp$1a" netns "$here" type veth peer name "mcp$1b" netns "$there"
  nsenter --target "$here" --net ip addr add "10.77.$1.1/30" dev "mcp$1a"
  nsenter --target "$here" --net ip link set "mcp$1a" up
  nsenter --target "$there" --net ip addr add "10.77.$1.2/30" dev "mcp$1b"
  nsenter --target "$there" --net ip link set "mcp$1b" up
}

# collect: this host takes records, as config/integrations/journal-remote says.
collect() {
  local shipped=$REPO/config/integrations/journal-remote root=$HOST_DIR/root
  install -D -m 644 "$shipped/http.conf" "$root/etc/systemd/system/systemd-journal-remote.service.d/http.conf"
  # The certificates are each site's own.
  sed '/File=/d' "$shipped/10-collector.conf" |
    install -D -m 644 /dev/stdin "$root/etc/systemd/journal-remote.conf.d/10-collector.conf"
  # The unit has no network of its own but the socket that systemd gives it.
  in_host sh -ec 'nsenter -t 1 -n ip link set lo up 2>/dev/null || true
    systemctl daemon-reload; systemctl start systemd-journal-remote.socket'
}

# send LEADER ADDRESS: that host sends all it has.
send() {
  sed "/File=/d; s|^URL=.*|URL=http://$2:19532|" "$REPO/config/integrations/journal-remote/10-sender.conf" |
    on "$1" sh -ec 'mkdir -p /etc/systemd/journal-upload.conf.d
      cat >/etc/systemd/journal-upload.conf.d/10-sender.conf
      systemctl start systemd-journal-upload.service'
}

# tamper_there LEADER SERVER COUNT: alice and bob add that server so often, and it is undone each time.
tamper_there() {
  on "$1" sh -ec 'systemctl start mcpolicyd
    mcpolicyctl approve /etc/mcpolicyd/mcp.json --yes >/dev/null
    for number in $(seq "$2"); do
      for user in alice bob; do
        file=/home/$user/.kiro/settings/mcp.json
        until cmp -s "$file" /etc/mcpolicyd/mcp.json; do sleep 0.02; done
        jq --arg name "$1-$((number % 3))" ".mcpServers[\$name] = {command: \"x\"}" "$file" >/home/$user/edited.json
        mv -f /home/$user/edited.json "$file"
        until cmp -s "$file" /etc/mcpolicyd/mcp.json; do sleep 0.02; done
      done
    done
    systemctl stop mcpolicyd; journalctl --sync' sh "$2" "$3"
}

# arrived COUNT: so many of the daemons' entries reached the collector.
arrived() {
  local here
  here=$(in_host sh -c 'journalctl --quiet --directory /var/log/journal/remote --output=json \
    _SYSTEMD_UNIT=mcpolicyd.service 2>/dev/null | wc -l')
  ((here >= $1))
}

test_a_fleet_reports_to_one() {
  in_host test -x /lib/systemd/systemd-journal-remote || skip "no systemd-journal-remote on the host"
  trap end_members EXIT
  local number work=$HOST_DIR/fleet wanted=0
  mkdir -p "$work"
  boot_member 1
  boot_member 2
  unprovisioned_host
  for number in {1..1200}; do
    [[ -n $(member 1) && -n $(member 2) ]] && break
    sleep 0.1
  done
  [[ -n $(member 1) && -n $(member 2) ]] || fail "$(cat "$HOST_DIR"/member.*/log)"
  cable 1 "$(member 1)"
  cable 2 "$(member 2)"
  nsenter --target "$HOST_LEADER" --net ip link set lo up
  collect

  local leaders=("$HOST_LEADER" "$(member 1)" "$(member 2)")
  for number in 0 1 2; do tamper_there "${leaders[number]}" "rogue$number" $((4 + number * 3)); done
  send "${leaders[0]}" 127.0.0.1
  send "${leaders[1]}" 10.77.1.1
  send "${leaders[2]}" 10.77.2.1
  for number in 0 1 2; do
    records "${leaders[number]}" >"$work/records.$number"
    wanted=$((wanted + $(in_host jq -c 'select(._SYSTEMD_UNIT == "mcpolicyd.service")' <"$work/records.$number" | wc -l)))
  done
  ((wanted > 60)) || fail "only $wanted records on three hosts"
  local end=$((SECONDS + 30))
  until arrived "$wanted"; do
    ((SECONDS < end)) || fail "not all of $wanted records arrived: $(in_host journalctl -u 'systemd-journal-*' -n 20)"
    sleep 0.3
  done
  in_host sh -c 'systemctl stop systemd-journal-remote; ls -l /var/log/journal/remote'
  in_host mcpolicyctl report --since 1d --journal /var/log/journal/remote --json >"$work/report.json"
  in_host systemctl start mcpolicyd
  counted "$work/report.json" "$work"/records.*
  in_host jq -e '(.hosts | length) == 3 and all(.hosts[]; .total >= 8 and .starts >= 1)
    and (.incidents.by_server.rows | map(select(.server | startswith("rogue"))) | length) == 9' <"$work/report.json" || fail "$(cat "$work/report.json")"
}
