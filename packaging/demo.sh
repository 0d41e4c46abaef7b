#!/usr/bin/env bash
# Shows the daemon at work on three homes in a throwaway root: packaging/demo.sh BIN_DIR
# Works for root and for anybody else, without a network; nothing outside the root is touched.
set -euo pipefail
shopt -s inherit_errexit

if (($# != 1)); then
  echo "usage: demo.sh BIN_DIR" >&2
  exit 2
fi
bin=$1
config=$(cd "$(dirname "$0")/../config" && pwd)
dir=$(mktemp -d "${TMPDIR:-/tmp}/mcpolicyd-demo.XXXXXX")
log=$dir/mcpolicyd.log
scratch=$dir/scratch
daemon=
approved=
undone=0
slowest=0

bold='' green='' red='' faint='' plain=''
if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
  bold=$'\e[1m' green=$'\e[32m' red=$'\e[31m' faint=$'\e[2m' plain=$'\e[0m'
fi

finish() {
  if [[ -n $daemon ]]; then
    kill -CONT "$daemon" 2>/dev/null || true
    kill -KILL "$daemon" 2>/dev/null || true
    wait "$daemon" 2>/dev/null || true
  fi
  rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

heading() { printf '\n%s%s%s\n\n' "$bold" "$1" "$plain"; }

fail() {
  printf '\n%sfailed:%s %s\n' "$red" "$plain" "$1"
  if [[ -s $log ]]; then
    printf 'the last lines of the daemon:\n'
    tail -n 15 "$log"
  fi
  exit 1
} >&2

ctl() { "$bin/mcpolicyctl" "$@" --root "$dir"; }

# As a person would see it. Exit 1 says that there are findings, which isn't a failure here.
show() {
  local code=0
  printf '  %s$ mcpolicyctl %s%s\n' "$faint" "${*//"$dir"/}" "$plain"
  ctl "$@" >"$scratch/shown" 2>&1 || code=$?
  sed 's/^/  /' "$scratch/shown"
  ((code <= 1)) || fail "mcpolicyctl $1 ended with $code"
}

now_usec() { echo "${EPOCHREALTIME/[.,]/}"; }

target_of() {
  case $1 in
    central) echo "$dir/etc/kiro/mcp.json" ;;
    *) echo "$dir/home/$1/.kiro/settings/mcp.json" ;;
  esac
}

# The incidents of one target, a line each: id:count, time, severity, action, µs, kinds.
# There may be no JSON tool here, but awk is on every Debian and Red Hat.
incidents_of() {
  local code=0
  ctl incidents --json >"$scratch/incidents" 2>&1 || code=$?
  ((code <= 1)) || fail "mcpolicyctl incidents: $code: $(head -c 300 "$scratch/incidents")"
  awk -v wanted="${1#"$dir"}" '
    { text = text $0 "\n" }
    function value(name) { return name in field ? field[name] : "-" }
    function row(  path) {
      path = value("path")
      if (substr(path, length(path) - length(wanted) + 1) == wanted)
        print value("id") ":" value("count") "\t" value("discovered_at") "\t" value("severity") \
          "\t" value("action") "\t" value("latency_usec") "\t" kinds
      split("", field)
      kinds = ""
    }
    END {
      token_shape = "^[ \t\r\n]*(\"([^\"\\\\]|\\\\.)*\"|[][{}:,]|[^][{}:,\" \t\r\n]+)"
      while (match(text, token_shape)) {
        token = substr(text, 1, RLENGTH)
        text = substr(text, RLENGTH + 1)
        sub(/^[ \t\r\n]+/, "", token)
        if (token == "{" || token == "[") { depth++; key[depth] = "" }
        else if (token == "}" || token == "]") {
          # {"incidents": [ {..., "findings": [ {...} ] } ] }: an incident is at depth 3.
          if (token == "}" && depth == 3 && key[1] == "incidents") row()
          depth--
        }
        else if (token == ":") { key[depth] = last }
        else if (token == ",") { key[depth] = "" }
        else {
          gsub(/^"|"$/, "", token)
          gsub(/\\\//, "/", token)
          last = token
          if (depth == 3) field[key[3]] = token
          if (depth == 5 && key[3] == "findings" && key[5] == "kind")
            if (index(", " kinds ", ", ", " token ", ") == 0)
              kinds = kinds (kinds == "" ? "" : ", ") token
        }
      }
    }' "$scratch/incidents"
}

# The newest incident of a target that wasn't in the list before. Empty if there is none in time.
new_incident() {
  local target=$1 before=$2 seconds=$3 deadline rows line newest
  deadline=$(($(now_usec) + seconds * 1000000))
  while :; do
    newest=
    rows=$(incidents_of "$target")
    while IFS= read -r line; do
      [[ -z $line || $'\n'$before$'\n' == *$'\n'"${line%%$'\t'*}"$'\t'* ]] && continue
      # Times of one format sort as text does.
      if [[ -z $newest || ! $(cut -f 2 <<<"$line") < $(cut -f 2 <<<"$newest") ]]; then
        newest=$line
      fi
    done <<<"$rows"
    if [[ -n $newest || $(now_usec) -ge $deadline ]]; then
      echo "$newest"
      return
    fi
    sleep 0.02
  done
}

# Whether a target holds the approved copy: these bytes, regular, read-only, no symlink above.
is_right() {
  local target=$1 settings=${1%/*} bytes=
  [[ -f $target && ! -L $target && ! -L $settings && ! -L ${settings%/*} ]] || return 1
  { IFS= read -r -d '' bytes <"$target" || true; } 2>/dev/null
  [[ $bytes == "$approved" && $(stat -c %a "$target" 2>/dev/null) == 444 ]]
}

# Milliseconds until a target is right; fails after 5 s.
wait_right() {
  local target=$1 start
  start=$(now_usec)
  until is_right "$target"; do
    (($(now_usec) - start < 5000000)) || return 1
    sleep 0.001
  done
  echo $((($(now_usec) - start + 999) / 1000))
}

# tamper USER|central DESCRIPTION COMMAND...: does it, and shows what became of it.
tamper() {
  local user=$1 description=$2 target before milliseconds severity action latency kinds incident
  shift 2
  target=$(target_of "$user")
  before=$(incidents_of "$target")
  printf '%3d  %-8s %s\n' $((undone + 1)) "$user" "$description"
  "$@" || fail "the tampering itself: $*"
  milliseconds=$(wait_right "$target") || fail "not undone within 5 s: $(ls -ld "$target" 2>&1)"
  incident=$(new_incident "$target" "$before" 5)
  [[ -n $incident ]] || fail "undone, but no incident for ${target#"$dir"}"
  IFS=$'\t' read -r _ _ severity action latency kinds <<<"$incident"
  printf '     %sback%s within %s ms   %s: %s, %s in %s µs\n' \
    "$green" "$plain" "$milliseconds" "$severity" "$kinds" "$action" "$latency"
  undone=$((undone + 1))
  if ((milliseconds > slowest)); then slowest=$milliseconds; fi
}

# shellcheck source=packaging/demo-tampering.sh
. "$(dirname "$0")/demo-tampering.sh"

# --- the demo ---

for program in mcpolicyd mcpolicyctl; do
  [[ -x $bin/$program ]] || fail "$bin/$program isn't there: build it first"
done

chmod 755 "$dir"
mkdir -p "$scratch" "$dir/home" "$dir/etc/mcpolicyd" "$dir/etc/kiro"
cp "$config/policy.json" "$config/mcp.json" "$dir/etc/mcpolicyd/"
IFS= read -r -d '' approved <"$config/mcp.json" || true
for user in alice bob carol; do make_home "$user"; done

# Alice has used the client before; the others never have.
mkdir -p "$dir/home/alice/.kiro/settings"
echo '{"mcpServers": {}}' >"$(target_of alice)"
[[ $EUID -ne 0 ]] || chown -R --reference="$dir/home/alice" "$dir/home/alice/.kiro"

heading "Nothing is approved yet"
"$bin/mcpolicyd" --root "$dir" </dev/null >"$log" 2>&1 &
daemon=$!
start=$(now_usec)
until ctl status >/dev/null 2>&1 || [[ $? -eq 1 ]]; do
  kill -0 "$daemon" 2>/dev/null || fail "the daemon ended"
  (($(now_usec) - start < 10000000)) || fail "the daemon doesn't answer"
  sleep 0.02
done
show status
[[ $(<"$(target_of alice)") == '{"mcpServers": {}}' && ! -e $(target_of bob) ]] ||
  fail "a home was touched before anything was approved"
printf '\n  Three homes, and none of them was touched.\n'

heading "The security team approves"
show approve "$dir/etc/mcpolicyd/mcp.json" --yes
for user in central alice bob carol; do
  wait_right "$(target_of "$user")" >/dev/null || fail "$user has no approved copy after 5 s"
done
printf '\n  %sCentral, alice, bob and carol hold the approved copy.%s\n' "$green" "$plain"

heading "Tampering"
tamper alice "adds web-search, which nobody may have" replace_edited alice \
  's|"mcpServers": {|&\n    "web-search": {"command": "npx", "args": ["-y", "web-search-mcp"]},|'
tamper bob "adds a server of unknown origin, written in place" overwrite_edited bob \
  's|"mcpServers": {|&\n    "helper": {"command": "/tmp/helper"},|'
tamper carol "lets filesystem see the whole disk" replace_edited carol 's|/srv/projects|/|'
tamper alice "lets git do all without asking" replace_edited alice \
  '0,/"autoApprove": \[\]/s||"autoApprove": ["*"]|'
tamper bob "puts a key of the cloud account into env" replace_edited bob \
  '0,/"command": "uvx",/s||&\n      "env": {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"},|'
tamper carol "removes the file" remove carol
tamper alice "puts a symlink to an own file there" symlink alice
tamper bob "puts a FIFO there, to make readers hang" fifo bob
tamper carol "puts a directory there, the daemon paused" paused directory carol
tamper alice "moves .kiro and links to it, the daemon paused" paused linked_folder alice
tamper bob "makes the file writable for all" open_mode bob
tamper carol "removes .kiro with all in it, the daemon paused" paused remove_folder carol
tamper alice "empties the file" empty alice
tamper bob "renames the settings folder" rename_settings bob
tamper carol "gives git_push back to git" replace_edited carol 's|"git_push", ||'
tamper central "has another uvx, for everyone" replace_edited central '0,/"uvx"/s||"/tmp/uvx"|'

heading "A new user"
before=$(incidents_of "$(target_of dave)")
make_home dave
milliseconds=$(wait_right "$(target_of dave)") || fail "dave has no approved copy after 5 s"
printf '     dave     a home appears, %sprovided%s within %s ms' "$green" "$plain" "$milliseconds"
incident=$(new_incident "$(target_of dave)" "$before" 0)
if [[ -n $incident ]]; then
  IFS=$'\t' read -r _ _ severity action _ kinds <<<"$incident"
  printf '   %s: %s, %s' "$severity" "$kinds" "$action"
fi
echo

heading "Harmless: only white space is different"
before=$(incidents_of "$(target_of alice)")
tr '\n' ' ' <"$config/mcp.json" >"$scratch/flat"
# As read-only as it was: what differs is the formatting and nothing else.
chmod 444 "$scratch/flat"
cp -p "$scratch/flat" "$scratch/new"
mv -fT "$scratch/new" "$(target_of alice)"
ctl sweep >/dev/null || [[ $? -eq 1 ]] || fail "mcpolicyctl sweep"
sleep 0.5
cmp -s "$scratch/flat" "$(target_of alice)" || fail "a mere reformatting was undone"
[[ -z $(new_incident "$(target_of alice)" "$before" 0) ]] || fail "an incident for a reformatting"
printf '     alice    has it on one line: %sleft alone%s, no incident\n' "$green" "$plain"

heading "What it says of itself"
show status
echo
show targets
printf '\n  To see first what would be restored, set "mode": "observe" in policy.json:\n'
printf '  then drift is reported and no home is written to.\n'

kill -TERM "$daemon"
code=0
wait "$daemon" || code=$?
daemon=
((code == 0)) || fail "the daemon ended with $code"
heading "$undone tamperings, all undone, each with its incident; the slowest within $slowest ms"
