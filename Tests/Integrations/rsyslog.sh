#!/bin/bash
# The configuration for rsyslog, run: rsyslogd reads a journal made for it in a mount namespace of its
# own, and what it writes is compared with what journalctl prints.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
config=$here/../../config/integrations/rsyslog/50-mcpolicyd.conf
[[ $(id -u) == 0 ]] || { echo "skip rsyslog: needs root, to put a journal in rsyslogd's way"; exit 0; }
[[ -s /etc/machine-id ]] || { echo "skip rsyslog: a journal of this machine needs /etc/machine-id"; exit 0; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{journal,spool,run,out}
printf 'global(workDirectory="%s")\n' "$work/spool" >"$work/rsyslog.conf"
sed "s|/var/log/mcpolicyd/|$work/out/|" "$config" >>"$work/rsyslog.conf"
rsyslogd -N1 -f "$work/rsyslog.conf" 2>"$work/check" || { cat "$work/check"; exit 1; }
! grep -iE 'error|warning' "$work/check" || exit 1

# What others write is in the journal too, some of it with our fields.
journal=$work/journal/$(cat /etc/machine-id)
mkdir "$journal"
"$here/../Reports/generate.py" --journal "$work/made" --hosts 1 --incidents 300
journalctl --directory "$work/made" --output=export --all >"$work/export"
awk 'BEGIN { RS = "" } NR == 2' "$work/export" >"$work/other"
sed 's/^_SYSTEMD_UNIT=.*/_SYSTEMD_UNIT=user@1000.service/' "$work/other" >>"$work/export"
printf '\n' >>"$work/export"
/lib/systemd/systemd-journal-remote --output="$journal/system.journal" - <"$work/export" 2>/dev/null

unshare --mount --propagation private bash -c '
  mkdir -p /var/log/journal
  mount --bind "$1/journal" /var/log/journal
  exec timeout --preserve-status -s TERM 60 rsyslogd -n -f "$1/rsyslog.conf" -i "$1/run/pid"' bash "$work" &
rsyslog=$!
want=$(journalctl --directory "$journal" --output=json --all _SYSTEMD_UNIT=mcpolicyd.service | wc -l)
for _ in {1..300}; do
  [[ $(cat "$work"/out/* 2>/dev/null | wc -l) -ge $want ]] && break
  sleep 0.1
done
kill "$(cat "$work/run/pid")" 2>/dev/null || true
wait $rsyslog || true
journalctl --directory "$journal" --output=json --all >"$work/all.json"
"$here/rsyslog.py" "$work/all.json" "$work/out/records.json"
