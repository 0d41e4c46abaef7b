# shellcheck shell=bash
# What a crash leaves, and how soon the next daemon is ready.

# break_the_loop PID: what its thread returns to next is no instruction any more, as after a failed check.
break_the_loop() {
  in_host python3 - "$1" <<'PYTHON'
import os, struct, sys

pid = sys.argv[1]
program = os.readlink(f"/proc/{pid}/exe")
stack = int(open(f"/proc/{pid}/syscall").read().split()[-2], 16)
for line in open(f"/proc/{pid}/maps"):
    span, rights, *_, path = line.split()
    if "x" in rights and path == program:
        start, end = (int(half, 16) for half in span.split("-"))
        break
trap = {"x86_64": b"\x0f\x0b", "aarch64": bytes(4)}[os.uname().machine]
with open(f"/proc/{pid}/mem", "r+b", buffering=0) as memory:
    memory.seek(stack)
    places = {value for value, in struct.iter_unpack("<Q", memory.read(1024)) if start <= value < end}
    for place in places:
        memory.seek(place)
        memory.write(trap)
sys.exit(not places)
PYTHON
}

# crash_line: the one line, as an entry.
crash_line() { journal | in_host jq -ces 'map(select(.MESSAGE | tostring | test(" crashed: "))) | if length == 1 then .[0] else empty end'; }

# said_crash REGEX: as a critical entry.
said_crash() { crash_line | in_host jq -e --arg said "$1" '(.MESSAGE | test($said)) and .PRIORITY == "2"' >/dev/null; }

# tell_figure WHAT: from the crash's line until the next daemon has looked at every target.
tell_figure() {
  local crashed ready
  crashed=$(crash_line | in_host jq -r .__MONOTONIC_TIMESTAMP)
  ready=$(in_host systemctl show --property=ActiveEnterTimestampMonotonic --value mcpolicyd)
  echo "figure: $1 to ready: $(((ready - crashed) / 1000)) ms"
}

test_a_failed_check_leaves_a_readable_line() {
  approved_host
  local pid
  pid=$(main_pid)
  break_the_loop "$pid"
  # Whoever asked the one that crashed is answered by the next.
  as_user alice mcpolicyctl status >/dev/null
  [[ $(main_pid) != "$pid" ]] || fail "it didn't crash"
  wait_for said_crash '^mcpolicyd [0-9.]+ crashed: SIG(ILL|TRAP) [(]a check of the program failed[)] at mcpolicyd[+]0x[0-9a-f]+, thread mcpolicyd$'
  wait_for in_host systemctl --quiet is-active mcpolicyd
  tell_figure "a failed check"
  as_user alice rm -f $TARGET
  undone alice missing-file
}

test_a_signal_leaves_who_sent_it() {
  approved_host
  local pid
  pid=$(main_pid)
  in_host kill -SEGV "$pid"
  wait_for has_other_pid "$pid"
  wait_for said_crash '^mcpolicyd [0-9.]+ crashed: SIGSEGV .*, sent by process [0-9]+ of uid 0, thread mcpolicyd$'
  wait_for in_host systemctl --quiet is-active mcpolicyd
  tell_figure "SIGSEGV"
}
