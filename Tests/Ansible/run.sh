#!/bin/bash
# The role in packaging/ansible against a booted host, by Debian's own Ansible: from a host that has
# nothing to one that enforces, and back.
#
# MCPOLICYD_BIN, MCPOLICYCTL_BIN   the programs that the package is made of
# MCPOLICY_HOST_SUITE, …           as for Tests/HostTests/run.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../HostTests/host.sh"
. "$HOST_TESTS/expect.sh"
: "${MCPOLICYD_BIN:?path of the built mcpolicyd}" "${MCPOLICYCTL_BIN:?path of the built mcpolicyctl}"

need_ansible() {
  dpkg-query --show --showformat='${db:Status-Status}' ansible 2>/dev/null | grep -qx installed && return
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends ansible >/dev/null 2>&1 ||
    { apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends ansible >/dev/null; }
}

# The package brings everything, so the host boots with nothing of ours.
put_files() { echo "$HOST_NAME" >"$HOST_DIR/root/etc/hostname"; }
set_up() { :; }

work=
# make_inventory: the booted host, as one that enforces.
make_inventory() {
  work=$HOST_DIR/ansible
  mkdir -p "$work/files"
  cp -r "$REPO/packaging/ansible/." "$work/"
  cp "$REPO/config/mcp.json" "$work/files/mcp.json"
  # Not compressed, which is half of the time that it takes.
  MCPOLICYD_DRAFT=yes "$REPO/packaging/deb.sh" "$(dirname "$MCPOLICYD_BIN")" "$work/files" >/dev/null
  mv "$work"/files/mcpolicyd_*.deb "$work/files/mcpolicyd.deb"
  cat >"$work/inventory.yml" <<YAML
mcpolicyd:
  vars:
    ansible_connection: community.general.chroot
    ansible_host: "$HOST_DIR/root"
    ansible_chroot_exe: "$here/enter"
    ansible_python_interpreter: /usr/bin/python3
    mcpolicyd_package_file: "$work/files/mcpolicyd.deb"
    mcpolicyd_approved_file: "$work/files/mcp.json"
    mcpolicyd_auditors: [carol]
    mcpolicyd_whitelist:
      - {server: aws-docs, tier: 1}
      - {server: git, tier: 1}
      - {server: filesystem, tier: 1}
      - {server: github, tier: 2, groups: [platform]}
      - {server: web-search, tier: 3}
  hosts:
    vdi-01:
YAML
}

# play PLAYBOOK ARGS...: its output is kept in $work/log. Fails as the play does.
play() {
  (
    cd "$work"
    export HOST_LEADER ANSIBLE_NOCOLOR=1 ANSIBLE_HOME=$work/home ANSIBLE_LOCAL_TEMP=$work/tmp
    export ANSIBLE_RETRY_FILES_ENABLED=0 ANSIBLE_GATHERING=explicit ANSIBLE_PIPELINING=1
    exec ansible-playbook --inventory inventory.yml "$@"
  ) >"$work/log" 2>&1
}

# deploy ARGS...: the role, as site.yml has it.
deploy() { play site.yml "$@" || fail "the play failed"; }
deploy_fails() { ! play site.yml "$@" || fail "the play went through"; }

changed() { sed -n 's/^vdi-01 .* changed=\([0-9]*\) .*/\1/p' "$work/log"; }
unchanged() { [[ $(changed) == 0 ]] || fail "$(changed) changes"; }
status_is() { ctl status --json | in_host jq -e "$1" >/dev/null || fail "not so: $1: $(ctl status)"; }
pin() { python3 -c 'import hashlib,json,sys; print(hashlib.sha256(json.dumps(json.load(open(sys.argv[1])), sort_keys=True).encode()).hexdigest())' "$1"; }
started() { in_host systemctl show --property=ExecMainStartTimestampMonotonic --value mcpolicyd; }
etc_sum() { in_host sh -c 'cat /etc/mcpolicyd/policy.json /etc/mcpolicyd/mcp.json | sha256sum'; }

check_mode_of_a_bare_host_changes_nothing() {
  deploy --check --diff
  ! in_host test -e /usr/bin/mcpolicyctl || fail "check mode installed it"
}

first_run_observes_by_the_pin() {
  as_user alice sh -c "mkdir -p .kiro/settings; echo '{\"mcpServers\": {\"mine\": {\"command\": \"x\"}}}' >$TARGET"
  deploy
  status_is '.state == "ok" and .mode == "observe"'
  status_is ".baseline.canonical_sha256 == \"$(pin "$work/files/mcp.json")\""
  in_host grep -q mine "/home/alice/$TARGET" || fail "observe touched a home"
  ! in_host test -e "/home/bob/$TARGET" || fail "observe wrote to a home"
  in_host systemctl is-enabled mcpolicyd
  in_host id -nG carol | grep -qw mcpolicy-audit
}

second_run_changes_nothing() {
  deploy
  unchanged
}

check_mode_tells_what_would_change() {
  local before
  before=$(etc_sum)
  deploy --check --diff --extra-vars mcpolicyd_mode=enforce
  [[ $(changed) -gt 0 ]] || fail "nothing would change"
  [[ $(etc_sum) == "$before" ]] || fail "check mode wrote"
  status_is '.mode == "observe"'
}

too_many_edits_stop_the_stage() {
  local before
  before=$(etc_sum)
  deploy_fails --extra-vars '{"mcpolicyd_mode": "enforce", "mcpolicyd_restore_limit": 0}'
  grep -q "The pair before is back.*/home/alice/$TARGET" "$work/log" || fail "it doesn't say why"
  [[ $(etc_sum) == "$before" ]] || fail "the pair before isn't back"
  status_is '.mode == "observe" and .state == "ok"'
  in_host grep -q mine "/home/alice/$TARGET"
}

enforce_by_a_reload() {
  local before
  before=$(started)
  deploy --extra-vars '{"mcpolicyd_mode": "enforce", "mcpolicyd_restore_limit": 1}'
  all_are_right
  status_is '.mode == "enforce" and .targets.compliant == 4'
  [[ $(started) == "$before" ]] || fail "it was restarted"
}

a_broken_policy_never_gets_there() {
  local before
  before=$(etc_sum)
  deploy_fails --extra-vars '{"mcpolicyd_mode": "enforce", "mcpolicyd_policy_more": {"sweeps": 1}}'
  grep -q 'policy.json:.*sweeps' "$work/log" || fail "it doesn't say why"
  # Check mode says it too: an approved server that the whitelist gives to nobody.
  deploy_fails --check --extra-vars '{"mcpolicyd_mode": "enforce", "mcpolicyd_whitelist": [{"server": "git", "tier": 1}]}'
  grep -q 'unauthorized-server' "$work/log" || fail "it doesn't say why"
  [[ $(etc_sum) == "$before" ]] || fail "it was written"
  status_is '.failed_reloads == 0 and .mode == "enforce"'
}

a_new_approval_and_its_rollback() {
  local first second
  first=$(pin "$work/files/mcp.json")
  in_host jq 'del(.mcpServers.git)' /etc/mcpolicyd/mcp.json >"$work/files/mcp.json"
  second=$(pin "$work/files/mcp.json")
  deploy --extra-vars mcpolicyd_mode=enforce
  status_is ".baseline.canonical_sha256 == \"$second\""
  all_are_right
  play rollback.yml || fail "the rollback failed"
  status_is ".baseline.canonical_sha256 == \"$first\" and .mode == \"enforce\""
  in_host grep -q mcp-server-git "/home/bob/$TARGET" || fail "bob hasn't git back"
}

what_was_done_by_hand_is_undone() {
  deploy --extra-vars mcpolicyd_mode=enforce
  ctl baseline rollback 1 --yes >/dev/null
  deploy --extra-vars mcpolicyd_mode=enforce
  status_is ".baseline.canonical_sha256 == \"$(pin "$work/files/mcp.json")\""
}

# As docs/Analyst.md says.
a_server_is_switched_off_everywhere() {
  (
    cd "$work"
    export HOST_LEADER ANSIBLE_HOME=$work/home ANSIBLE_LOCAL_TEMP=$work/tmp
    ansible mcpolicyd --inventory inventory.yml --become --module-name ansible.builtin.command \
      --args "mcpolicyctl revoke filesystem --reason VENDOR-2026-04"
  )
  ! in_host grep -q server-filesystem "/home/bob/$TARGET" || fail "bob still has it"
}

steps=(check_mode_of_a_bare_host_changes_nothing first_run_observes_by_the_pin second_run_changes_nothing
  check_mode_tells_what_would_change too_many_edits_stop_the_stage enforce_by_a_reload
  a_broken_policy_never_gets_there a_new_approval_and_its_rollback what_was_done_by_hand_is_undone
  a_server_is_switched_off_everywhere)

"$here/lint.sh"
need_ansible
boot_host
make_inventory
passed=0
# Each step builds on the one before, so the first that fails ends it.
for step in "${steps[@]}"; do
  set +e
  (
    set -e
    trap - EXIT
    "$step"
  ) >"$HOST_DIR/log" 2>&1 </dev/null
  status=$?
  set -e
  if ((status)); then
    echo "FAIL ansible/$step"
    sed 's/^/    /' "$HOST_DIR/log"
    sed 's/^/    play: /' "$work/log"
    echo "$passed passed, 1 failed"
    exit 1
  fi
  echo "ok ansible/$step"
  passed=$((passed + 1))
done
stop_host
echo "$passed passed, 0 failed"
