# shellcheck shell=bash
# Varlink clients that no one here wrote.

readonly SOCKET=/run/mcpolicyd/control.sock

# --- systemd's own -------------------------------------------------------------------------

need_varlinkctl() { in_host sh -c 'command -v varlinkctl' >/dev/null || skip "this release has no varlinkctl"; }

test_varlinkctl_introspects() {
  need_varlinkctl
  approved_host
  in_host varlinkctl info $SOCKET | grep -F 'Interfaces: io.mcpolicyd'
  in_host varlinkctl introspect $SOCKET io.mcpolicyd >/tmp/interface.$$
  local word
  for word in 'method Status' 'method ListTargets' 'method WatchIncidents' 'type Incident' 'error NotAllowed'; do
    sed 's/\x1b\[[0-9;]*m//g' /tmp/interface.$$ | grep -E "^$word ?\(" || fail "no $word"
  done
  rm /tmp/interface.$$
}

# varlinkctl_validates: systemd's own parser takes the description.
test_varlinkctl_validates() {
  need_varlinkctl
  approved_host
  in_host sh -ec "varlinkctl introspect $SOCKET io.mcpolicyd >/tmp/io.mcpolicyd.varlink
    varlinkctl validate-idl /tmp/io.mcpolicyd.varlink"
}

test_varlinkctl_calls() {
  need_varlinkctl
  approved_host
  in_host varlinkctl call $SOCKET io.mcpolicyd.Status '{}' | in_host jq -e '.state == "ok" and .targets.total == 4'
  in_host varlinkctl call $SOCKET io.mcpolicyd.ListIncidents '{"limit": 1}' | in_host jq -e '.incidents | type == "array"'
}

test_varlinkctl_is_told_what_is_wrong() {
  need_varlinkctl
  approved_host
  local said
  said=$(in_host varlinkctl call $SOCKET io.mcpolicyd.ListIncidents '{"limits": 1}' 2>&1) && fail "it went through"
  grep -F InvalidParameter <<<"$said"
  said=$(as_user bob varlinkctl call $SOCKET io.mcpolicyd.Reload '{}' 2>&1) && fail "bob may reload"
  grep -F NotAllowed <<<"$said"
}

test_varlinkctl_follows() {
  need_varlinkctl
  approved_host
  in_host sh -c "timeout 20 varlinkctl --more call $SOCKET io.mcpolicyd.WatchIncidents '{}' >/tmp/followed" &
  local follower=$!
  # Told is only who follows already.
  followed() {
    as_user alice rm -f $TARGET
    sleep 0.2
    in_host grep -q missing-file /tmp/followed
  }
  wait_for followed
  in_host pkill -x varlinkctl || true
  wait $follower || true
}

# --- Python's ------------------------------------------------------------------------------

need_python_varlink() {
  in_host sh -c 'command -v python3' >/dev/null || skip "the host has no Python"
  give_python_package varlink
}

python_varlink() {
  in_host sh -c 'command -v python3' >/dev/null || skip "the host has no Python"
  in_host test -d /opt/varlink && return
  python3 -m pip --version >/dev/null 2>&1 || skip "this machine has no pip"
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile \
    --target "$HOST_DIR/varlink" varlink || skip "pip can't get the package varlink"
  tar -C "$HOST_DIR" -c varlink | in_host tar -C /opt -x --no-same-owner
}

python_varlink() { as_user "$1" env PYTHONPATH=/opt/varlink PYTHONDONTWRITEBYTECODE=1 python3 -c "
import json, varlink
with varlink.Client.new_with_address('unix:$SOCKET') as client:
    description = client.get_interface('io.mcpolicyd').description
    with client.open('io.mcpolicyd') as daemon:
$(sed 's/^/        /' <<<"$2")"; }

test_python_introspects_and_calls() {
  need_python_varlink
  approved_host
  python_varlink bob "
status = daemon.Status()
assert status['state'] == 'ok', status
targets = daemon.ListTargets()['targets']
assert targets and all(target['user'] == 'bob' for target in targets), targets
assert 'method TryReload' in description"
}

test_python_is_told_what_is_wrong() {
  need_python_varlink
  approved_host
  python_varlink bob "
try:
    daemon.Reload()
    raise SystemExit('bob may reload')
except varlink.VarlinkError as error:
    assert error.error() == 'io.mcpolicyd.NotAllowed', error
    assert error.parameters()['verb'] == 'Reload', error"
}

test_python_follows() {
  need_python_varlink
  approved_host
  in_host rm -f /tmp/python-followed
  python_varlink alice "
for reply in daemon.WatchIncidents(_more=True):
    open('/tmp/python-followed', 'w').write(json.dumps(reply['incident']))
    break" &
  local follower=$!
  python_followed() {
    as_user alice rm -f $TARGET
    sleep 0.2
    in_host test -s /tmp/python-followed
  }
  wait_for python_followed
  wait $follower
  in_host jq -e '.user == "alice" and .action == "restored"' /tmp/python-followed
}
