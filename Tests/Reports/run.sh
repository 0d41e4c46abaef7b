#!/bin/bash
# The report against figures counted independently, from a ledger and from the journals of a fleet, and its
# page in headless Chromium.
#
#   Tests/Reports/run.sh --mcpolicyctl PROGRAM [--pictures DIR]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/tools.sh"
ctl='' pictures=()
while (($# > 0)); do
  case $1 in
    --mcpolicyctl) ctl=$2 ;;
    --pictures) pictures=(--pictures "$2") ;;
    *) echo "usage: run.sh --mcpolicyctl PROGRAM [--pictures DIR]" >&2; exit 2 ;;
  esac
  shift 2
done
: "${ctl:?--mcpolicyctl PROGRAM}"
work=$(mktemp -d "${TMPDIR:-/tmp}/mcpolicyd-reports.XXXXXX")
trap 'rm -rf "$work"' EXIT
month=(--since 2026-10-01 --until 2026-10-31)

# report NAME OPTIONS...: in every format.
report() {
  local name=$1 format
  shift
  for format in html json csv md; do
    "$ctl" report "${month[@]}" "$@" --output "$work/$name.$format"
  done
}

"$here/generate.py" --ledger "$work/ledger" --hosts 1 --incidents 1500
report host --ledger "$work/ledger"
"$here/count.py" "$work/host.json" --ledger "$work/ledger"
grep -q '"verified": true' "$work/host.json"

names=(host)
if have_package systemd-journal-remote /lib/systemd/systemd-journal-remote; then
  "$here/generate.py" --journal "$work/journal" --hosts 12 --incidents 2600
  # A file and its copy tell the same.
  cp "$work/journal/remote-vdi-003.journal" "$work/journal/copy.journal"
  report fleet --journal "$work/journal"
  "$here/count.py" "$work/fleet.json" --journal "$work/journal"
  # One host's journal says what its ledger says, as far as it has it.
  "$here/generate.py" --journal "$work/one" --hosts 1 --incidents 1500
  report one --journal "$work/one"
  "$here/same.py" "$work/host.json" "$work/one.json"
  names+=(fleet)
else
  echo "skip the journal: systemd-journal-remote can't be had"
fi

if ! have_package chromium chromium; then
  echo "skip the page: Chromium can't be had"
elif ! have_python "${REPORTS_VENV:-$here/../../.build/venv-reports}" playwright \
  'playwright>=1.40,<2' 'axe-playwright-python>=0.1.4,<0.2'; then
  echo "skip the page: playwright can't be had"
else
  for name in "${names[@]}"; do
    "${REPORTS_VENV:-$here/../../.build/venv-reports}/bin/python" -B "$here/page.py" "$work/$name.html" "$work/$name.json" \
      "${pictures[@]}"
  done
fi
for name in "${names[@]}"; do "$here/formats.py" "$work/$name"; done
